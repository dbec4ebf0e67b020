"""What the window asks of whatever is behind it. In: effects of the flow. Out: events, later."""

from __future__ import annotations

from typing import Protocol

from kiosk.events import CheckPin, Keep
from kiosk.stages import Counts


class Performer(Protocol):
    """What the window asks of the terminal; the answers come through the inbox."""

    counts: Counts
    """Touches that became no tap, for the heartbeat."""

    def keep(self, keep: Keep) -> None:
        """Put an answer on disk."""

    def open_store(self) -> None:
        """Try to open the store again."""

    def check_pin(self, check: CheckPin) -> None:
        """Compare a PIN with its hash."""

    def examine(self) -> None:
        """Look at the machine."""

    def forget_identity(self, sure: bool) -> bool:
        """Set the identity aside for the next start; False when that is not done."""
