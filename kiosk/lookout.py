"""The thread that looks at what tells nobody when it changes: clock, address, an identity file, the machine.

In: the terminal, the clock. Out: events for the screen, through the inbox.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Protocol

import structlog

from kiosk.events import ClockChanged, Health, HealthFound, Link, LinkChanged, WallClock
from kiosk.health import examine
from kiosk.inbox import Inbox
from link.machine import MachineClock
from link.uplink import UplinkStatus

log = structlog.get_logger("kiosk.lookout")
LOOK_EVERY = 3.0
"""Seconds between looks."""
CLOCK_JUMPS = 500
"""Milliseconds by which the clock must have been set before that is told."""


class Watched(Protocol):
    """What is used of the terminal."""

    def link(self) -> Link:
        """How the line stands."""

    def look(self) -> None:
        """See to identity and store."""


class Lookout:
    """Looks every three seconds, and whenever the staff corner asks for figures."""

    def __init__(self, watched: Watched, clock: MachineClock, inbox: Inbox) -> None:
        self._watched, self._clock, self._inbox = watched, clock, inbox
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kiosk-lookout", daemon=True)
        self._told = WallClock()

    def start(self) -> None:
        """Tell the time, then begin to look."""
        self._tell_clock()
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def examine(self, data: Path, software: str, status: UplinkStatus | None, revision: int) -> None:
        """Look at the machine in a thread of its own: a disk that hangs must not stop the picture."""

        def look() -> None:
            reading = self._clock.read()
            machine = examine(data, software, reading)
            oldest = status.oldest_pending_at if status else 0
            self._inbox.put(LinkChanged(self._watched.link()))
            self._inbox.put(
                HealthFound(
                    Health(
                        machine.software,
                        revision,
                        max(0, reading.wall - oldest) if oldest else 0,
                        machine.disk_free,
                        machine.temperature,
                        (*(status.troubles if status else ()), *machine.power),
                    )
                )
            )

        threading.Thread(target=look, name="kiosk-examine", daemon=True).start()

    def _run(self) -> None:
        seen = self._watched.link()
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self._watched.look()
                self._tell_clock()
                if (link := self._watched.link()) != seen:
                    seen = link
                    self._inbox.put(LinkChanged(link))
            except Exception:  # one look that fails must not be the last
                log.exception("a look failed")

    def _tell_clock(self) -> None:
        reading = self._clock.read()
        zone = self._clock.offset(reading.wall)
        clock = WallClock(reading.wall - time.monotonic_ns() // 1_000_000, zone, reading.trusted)
        moved = abs(clock.offset - self._told.offset) > CLOCK_JUMPS
        if moved or (clock.zone, clock.trusted) != (self._told.zone, self._told.trusted):
            self._told = clock
            self._inbox.put(ClockChanged(clock))
