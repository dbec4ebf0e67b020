"""Door keys: what kiosks need to show the rotating QR by themselves, also when the hub is out of reach.

In: terminals that came online, kiosk settings, labels. Out: one command `door_key` a terminal, on its birth,
when its label changed, and once a day. A key opens nothing but one label's proof of presence, and it is never
retained or logged.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import structlog

from hub.ingest.looking import Looking
from hub.store import kiosk_settings, labels, placements, presence
from hub.store.database import Connection, Database
from link import door_code, messages
from link.messages import Command

EVERY_MS = 24 * 3_600_000
VALID_MS = 30 * EVERY_MS
"""How long a kiosk that hears nothing more of the hub goes on proving presence."""
CARRIED_OUT_WITHIN_MS = 3_600_000
_log = structlog.get_logger("hub.door_keys")


@dataclass(frozen=True, slots=True)
class _Sent:
    label: str
    at: int


class DoorKeys:
    """Sends keys to terminals that are there; `born` and `poke` from any thread."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], int],
        secret: bytes,
        send: Callable[[str, Command], bool],
    ) -> None:
        """`send` hands a command to one terminal; False when the broker is away."""
        self._database, self._now, self._secret, self._send = database, now, secret, send
        self._sent: dict[str, _Sent] = {}
        self._turn = Lock()
        self._looking = Looking("door-keys", self._look)

    def start(self) -> None:
        """Begin to look."""
        self._looking.start()

    def stop(self) -> None:
        """End; keys that were sent stay valid."""
        self._looking.stop()

    def born(self, terminal: str) -> None:
        """The terminal has just connected: it may have forgotten its key."""
        with self._turn:
            self._sent.pop(terminal, None)
        self._looking.poke()

    def poke(self) -> None:
        """Settings, labels or placements may have changed."""
        self._looking.poke()

    def _look(self) -> bool:
        """Send what is due; False when the broker did not take all of it."""
        with self._database.reading() as connection:
            wanted = _wanted(connection)
        now = self._now()
        with self._turn:
            due = {one: label for one, label in wanted.items() if self._is_due(one, label, now)}
        taken = [self._hand_out(terminal, label, now) for terminal, label in due.items()]
        return all(taken)

    def _is_due(self, terminal: str, label: str, now: int) -> bool:
        sent = self._sent.get(terminal)
        return sent is None or sent.label != label or now - sent.at >= EVERY_MS

    def _hand_out(self, terminal: str, label: str, now: int) -> bool:
        command = Command(
            messages.VERSION,
            f"door-{secrets.token_hex(8)}",
            "door_key",
            now + CARRIED_OUT_WITHIN_MS,
            key=door_code.key_for(self._secret, label).hex(),
            label=label,
            valid_until=now + VALID_MS,
        )
        with self._turn:  # before it goes out: a birth that comes meanwhile makes it due again
            self._sent[terminal] = _Sent(label, now)
        if not self._send(terminal, command):
            with self._turn:
                self._sent.pop(terminal, None)
            return False
        _log.info("door_key.sent", terminal=terminal, label=label, command=command.id)
        return True


def _wanted(connection: Connection) -> dict[str, str]:
    """Terminal → label, of those online whose screens show the rotating QR."""
    where = placements.current(connection)
    at: dict[int, str] = {}
    found = {}
    for row in presence.every(connection):
        touchpoint = where.get(row.terminal_no)
        if not row.online or touchpoint is None:
            continue
        if touchpoint not in at:
            at[touchpoint] = _label(connection, touchpoint)
        if at[touchpoint]:
            found[row.terminal_id] = at[touchpoint]
    return found


def _label(connection: Connection, touchpoint_id: int) -> str:
    """The label whose presence is proved at a touchpoint; empty when no rotating QR is shown."""
    if kiosk_settings.effective_for(connection, touchpoint_id).settings.qr == "none":
        return ""
    return next(iter(labels.of_touchpoint(connection, touchpoint_id)), "")
