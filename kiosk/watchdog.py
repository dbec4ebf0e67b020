"""Tells systemd that the kiosk lives, and only then: drawing, reading its inbox, and able to write its store.

In: a note whenever the frame loop has turned, the inbox was emptied, the store has answered. Out: datagrams
to the service manager (sd_notify). Started by hand there is no manager, and all this does nothing.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

log = structlog.get_logger("kiosk.watchdog")
FRAME_WITHIN = 10_000
"""Milliseconds in which the frame loop must have turned; asleep it turns once a second."""
INBOX_WITHIN = 10_000
STORE_WITHIN = 60_000
"""A worn card may take many seconds for a write; longer than this it hangs."""
PINGS = 4
"""Pings in one watchdog time: three may come late."""


class Notify:
    """The datagram socket of the service manager; silent when there is none."""

    def __init__(self, address: str) -> None:
        # systemd writes the zero byte of an abstract socket as @
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) if address else None
        if self._socket is not None:
            self._socket.setblocking(False)  # a manager that does not read must not stop the picture

    def send(self, *lines: str) -> bool:
        """Tell the manager; False when nobody took it."""
        if self._socket is None:
            return False
        try:
            self._socket.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            log.warning("the service manager cannot be told", error=str(error))
            return False
        return True

    def close(self) -> None:
        """Give the socket back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


@dataclass(slots=True)
class Pulse:
    """When each part last moved, in ms of a clock that never jumps."""

    frame_at: int
    inbox_at: int
    store_at: int


def hanging(pulse: Pulse, now: int) -> str:
    """The part that hangs, in one word; empty when all move."""
    limits = (
        ("frames", pulse.frame_at, FRAME_WITHIN),
        ("inbox", pulse.inbox_at, INBOX_WITHIN),
        ("store", pulse.store_at, STORE_WITHIN),
    )
    return next((part for part, at, within in limits if now - at > within), "")


def ping_every(given: Mapping[str, str], pid: int) -> int:
    """Milliseconds between pings, from WATCHDOG_USEC; 0 when none are wanted of this process."""
    meant = given.get("WATCHDOG_PID", str(pid))
    wanted = given.get("WATCHDOG_USEC", "0")
    return int(wanted) // 1000 // PINGS if meant == str(pid) and wanted.isdecimal() else 0


class Watchdog:
    """The kiosk's life line. `turned` and `emptied` belong to the frame loop, the rest to any thread."""

    def __init__(self, notify: Notify, *, every: int, now: Callable[[], int]) -> None:
        """`every`: ms between pings, 0 for none."""
        self._notify, self._every, self._now = notify, every, now
        self._pulse = Pulse(now(), now(), now())
        self._due = 0
        self._said = ""
        self._hung = ""

    @classmethod
    def of_this_process(cls, now: Callable[[], int]) -> Watchdog:
        """As the service manager wants it; the variables are taken away from child processes."""
        notify = Notify(os.environ.pop("NOTIFY_SOCKET", ""))
        return cls(notify, every=ping_every(os.environ, os.getpid()), now=now)

    def ready(self) -> None:
        """The first picture is on the screen."""
        self._notify.send("READY=1")

    def turned(self) -> None:
        """The frame loop has come round; pings when one is due and nothing hangs."""
        now = self._now()
        hung = hanging(self._pulse, now)  # before the note: after a long halt of this loop, tell it once
        self._pulse.frame_at = now
        if hung != self._hung:
            self._hung = hung
            log.error("hangs", part=hung) if hung else log.info("moves again")
        if self._every and now >= self._due and not hanging(self._pulse, now):
            self._due = now + self._every
            self._notify.send("WATCHDOG=1")

    def emptied(self) -> None:
        """The inbox has been read to its end."""
        self._pulse.inbox_at = self._now()

    def store_answered(self) -> None:
        """The store took a write, or refused it with a reason that the screen tells: no restart helps."""
        self._pulse.store_at = self._now()

    def status(self, words: str) -> None:
        """One line for `systemctl status`; the same line is sent once."""
        if words != self._said:
            self._said = words
            self._notify.send(f"STATUS={words}")

    def stopping(self) -> None:
        """The kiosk ends on purpose."""
        self._notify.send("STOPPING=1")
        self._notify.close()
