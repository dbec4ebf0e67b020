"""When and with which MQTT a session tries again; pure.

In: how the last attempt ended. Out: the protocol to speak next and the seconds to wait before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Protocol = Literal["5", "3.1.1"]
STEADY_AFTER = 10.0
"""Seconds after which a connection counts as held, so that the next loss is retried quickly again."""
HANG_UPS = 3
"""Times in a row that a broker known to speak a protocol may hang up before the other one is tried."""


class Comeback:
    """Full jitter from `first_s` to `most_s`; the other protocol when the present one is not answered."""

    def __init__(
        self, protocol: Protocol, first_s: float, most_s: float, uniform: Callable[[float, float], float]
    ) -> None:
        """`uniform(a, b)` draws the jitter."""
        self.protocol: Protocol = protocol
        self.spread_s = 0.0
        """Seconds over which the hub asked all terminals to spread their return; used once."""
        self._first_s, self._most_s, self._uniform = first_s, most_s, uniform
        self._proven = False
        self._hang_ups = 0
        self._attempt = 0

    def accepted(self) -> None:
        """The broker has accepted the present protocol."""
        self._proven, self._hang_ups = True, 0

    def unsupported(self) -> None:
        """The broker said that it does not speak the present protocol."""
        self._change()

    def hung_up(self) -> None:
        """The broker ended the connection before it answered: perhaps it does not speak this protocol."""
        self._hang_ups += 1
        if not self._proven or self._hang_ups >= HANG_UPS:
            self._change()

    def pause(self, held_for: float, changed: bool) -> float:
        """Seconds to wait after a connection that was up for `held_for` seconds (0: never up).

        A first attempt whose protocol has just been `changed` is repeated at once.
        """
        self._attempt = 1 if held_for >= STEADY_AFTER else self._attempt + 1
        spread, self.spread_s = self.spread_s, 0.0
        if changed and self._attempt == 1:
            return 0.0
        most = min(self._most_s, self._first_s * 2 ** min(self._attempt - 1, 30))
        return self._uniform(0, max(spread, most))

    def _change(self) -> None:
        self.protocol = "3.1.1" if self.protocol == "5" else "5"
        self._proven, self._hang_ups = False, 0
