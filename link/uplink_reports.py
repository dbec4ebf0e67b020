"""What a terminal says of itself: birth, heartbeat, will, and when the next one is due.

In: the outbox's figures, the machine's readings, the troubles. Out: State messages.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from msgspec import structs

from link.clock import Reading
from link.messages import VERSION, State
from link.outbox import Outbox

CLAIM_AFTER_S = 15.0
"""Seconds after the last state until new figures are told, once nothing is pending any more."""
SPREAD = 0.2


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the machine around the uplink says of itself."""

    software: str
    disk_free: Callable[[], int]
    temperature: Callable[[], float | None]
    duplicate_touches: Callable[[], int]
    counts: Callable[[], Mapping[str, int]]


def disk_free_at(path: Path) -> Callable[[], int]:
    """A reader of the bytes free where `path` lies; 0 when even that cannot be told."""

    def free() -> int:
        try:
            return shutil.disk_usage(path).free
        except OSError:
            return 0

    return free


def will(session: str, reading: Reading, software: str) -> State:
    """What the broker says for the terminal when it falls silent in `session`."""
    return State(
        VERSION, "will", session, reading.boot, reading.uptime, reading.wall, reading.trusted, software
    )


class Reports:
    """Builds states, and knows when the next one is due (monotonic seconds)."""

    def __init__(self, outbox: Outbox, vitals: Vitals, uniform: Callable[[float, float], float]) -> None:
        self._outbox, self._vitals, self._uniform = outbox, vitals, uniform
        self._said_at = 0.0
        self._next_at = float("inf")
        self._said: tuple[tuple[str, ...], int] = ((), 0)
        self._claim_due = False

    def states(
        self,
        kind: Literal["birth", "heartbeat", "will"],
        session: str,
        reading: Reading,
        troubles: tuple[str, ...],
        revision: int,
    ) -> list[State]:
        """One state, and one for each older store that still has rows; the current store is told last."""
        about = State(
            v=VERSION,
            kind=kind,
            session=session,
            boot=reading.boot,
            uptime=reading.uptime,
            at=reading.wall,
            trusted=reading.trusted,
            software=self._vitals.software,
            store=self._outbox.figures(reading),
            config_revision=revision,
            disk_free=self._vitals.disk_free(),
            temperature=self._vitals.temperature(),
            duplicate_touches=self._vitals.duplicate_touches(),
            counts=dict(self._vitals.counts()),
            troubles=troubles[:16],
        )
        others = [
            structs.replace(about, kind="heartbeat", store=self._outbox.figures(reading, name))
            for name in self._outbox.old_stores()
        ]
        if kind == "birth" and others:  # the hub must know the session first
            return [about, *others, structs.replace(about, kind="heartbeat")]
        return [*others, about]

    def said(self, troubles: tuple[str, ...], revision: int, now: float, heartbeat_after_s: float) -> None:
        """A state has been sent: the next is due `heartbeat_after_s` ± 20 % later."""
        self._said, self._said_at, self._claim_due = (troubles, revision), now, False
        self._next_at = now + heartbeat_after_s * self._uniform(1 - SPREAD, 1 + SPREAD)

    def figures_changed(self) -> None:
        """Taps were kept or settled since the last state."""
        self._claim_due = True

    def wanted(self, troubles: tuple[str, ...], revision: int, in_flight: bool, now: float) -> bool:
        """Whether a heartbeat is due: by time, by a change, or by new figures with nothing on its way."""
        return now >= self.next_at(in_flight) or self._said != (troubles, revision)

    def next_at(self, in_flight: bool) -> float:
        """When the next heartbeat is due if nothing changes."""
        if self._claim_due and not in_flight:
            return min(self._next_at, self._said_at + CLAIM_AFTER_S)
        return self._next_at
