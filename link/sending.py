"""Which taps go on the line next; pure.

In: what the outbox holds, what receipts say, the time as monotonic seconds. Out: batches to send now, rows to
refuse, the moment to look again. Urgent taps go before everything; live taps go at once in batches of their
own; the backlog goes oldest first through a token bucket, so that a week of it starves nobody; what gets no
receipt is sent again, ever slower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from link.messages import MAX_TAPS, Range, Tap

RESEND_FIRST_S = 2.0
RESEND_MOST_S = 60.0
JITTER = 0.2
BACKLOG_WINDOW = 8
"""Most batches of the backlog without a receipt at a time."""
LIVE_WINDOW = 4
"""Most batches of live taps without a receipt; what comes meanwhile goes into the next one together."""
BURST = 8
"""Batches of the backlog that may go at once."""


class Lane(IntEnum):
    """Which taps go together; of what is to be sent at one moment the lower goes first."""

    URGENT = 0
    BACKLOG = 1
    LIVE = 2


@dataclass
class Flight:
    """A batch on its way: sent at least once or about to be, no receipt yet."""

    store: str
    taps: dict[int, Tap]
    lane: Lane
    due_at: float
    attempt: int = 0
    fingerprints: list[str] = field(default_factory=list)


class Sending:
    """The batches of one connection. It asks for taps by `wants_…`, gets them by `add`."""

    def __init__(self, uniform: Callable[[float, float], float], drain_per_s: float = 20.0) -> None:
        """`uniform(a, b)` draws jitter; `drain_per_s` is how many batches of the backlog go a second."""
        self._uniform, self._drain_per_s = uniform, drain_per_s
        self.flights: list[Flight] = []
        self._stores: list[str] = []
        self._cursor = 0
        self._upto = 0
        self._live_after = 0
        self._tokens, self._filled_at = float(BURST), 0.0
        self._begin_at = 0.0
        self._urgent: set[tuple[str, int]] = set()

    def restart(self, stores: Iterable[str], last_seq: int, begin_at: float) -> None:
        """Begin anew, oldest first: `stores` with the current one last, `last_seq` the newest of that one."""
        self.flights.clear()
        self._urgent.clear()
        self._stores = list(stores)
        self._cursor, self._upto, self._live_after = 0, last_seq, last_seq
        self._begin_at = begin_at

    def wants_live(self) -> int | None:
        """The seq after which new taps of the current store are wanted now; None: not now."""
        return self._live_after if self._count(Lane.LIVE) < LIVE_WINDOW else None

    def wants_backlog(self, now: float) -> tuple[str, int] | None:
        """The store, and the seq after which its older taps are wanted now; None: not now, or no more."""
        if not self._stores or now < self._begin_at or self._count(Lane.BACKLOG) >= BACKLOG_WINDOW:
            return None
        self._tokens = min(BURST, self._tokens + (now - self._filled_at) * self._drain_per_s)
        self._filled_at = now
        return (self._stores[0], self._cursor) if self._tokens >= 1 else None

    def add_urgent(self, store: str, taps: list[Tap], now: float) -> None:
        """Take urgent taps, those again that were taken before: each goes once, and in no other batch."""
        new = [tap for tap in taps if (store, tap.seq) not in self._urgent]
        self._fly(store, new, now, Lane.URGENT)
        self._urgent |= {(store, tap.seq) for tap in new}

    def add_live(self, store: str, taps: list[Tap], now: float) -> None:
        """Take what was asked for by `wants_live`."""
        if taps:
            self._live_after = taps[-1].seq
            self._fly(store, self._others(store, taps), now, Lane.LIVE)

    def add_backlog(self, store: str, taps: list[Tap], now: float) -> None:
        """Take what was asked for by `wants_backlog`; none means that the store has no more."""
        last = len(self._stores) == 1
        older = [tap for tap in taps if not last or tap.seq <= self._upto]
        if not older:
            self._stores.pop(0)
            self._cursor = 0
            return
        self._cursor = older[-1].seq
        self._tokens -= 1
        self._fly(store, self._others(store, older), now, Lane.BACKLOG)

    def ready(self, now: float) -> list[Flight]:
        """What is to be sent now, oldest first."""
        return sorted((f for f in self.flights if f.due_at <= now), key=lambda f: (f.lane, f.due_at))

    def sent(self, flight: Flight, fingerprint: str, now: float) -> None:
        """The batch has been handed to the broker."""
        wait = min(RESEND_MOST_S, RESEND_FIRST_S * 2 ** min(flight.attempt, 10))
        flight.due_at = now + wait * self._uniform(1 - JITTER, 1 + JITTER)
        flight.attempt += 1
        flight.fingerprints = [*flight.fingerprints[-7:], fingerprint]

    def split(self, flight: Flight, now: float) -> None:
        """Halve a batch that is too large or that the hub cannot read; both halves go now."""
        taps = list(flight.taps.values())
        self.flights.remove(flight)
        for half in (taps[: len(taps) // 2], taps[len(taps) // 2 :]):
            self._fly(flight.store, half, now, flight.lane)

    def done(self, store: str, ranges: Iterable[Range]) -> None:
        """These taps need not be sent any more."""
        for first, last in ranges:
            for flight in self.flights:
                if flight.store == store:
                    flight.taps = {s: tap for s, tap in flight.taps.items() if not first <= s <= last}
        self.flights = [flight for flight in self.flights if flight.taps]

    def unreadable(self, fingerprints: Iterable[str], now: float) -> list[tuple[str, int]]:
        """Halve the batches that the hub could not read; return (store, seq) of each tap that was alone."""
        alone = []
        for flight in [f for f in self.flights if set(f.fingerprints) & set(fingerprints)]:
            if len(flight.taps) > 1:
                self.split(flight, now)
            else:
                self.flights.remove(flight)
                alone += [(flight.store, seq) for seq in flight.taps]
        return alone

    def next_at(self, now: float) -> float:
        """When there may be something to do without any news."""
        times = [flight.due_at for flight in self.flights]
        if self._stores and self._count(Lane.BACKLOG) < BACKLOG_WINDOW:
            missing = max(0.0, 1 - self._tokens) / self._drain_per_s
            times.append(max(self._begin_at, self._filled_at + missing, now))
        return min(times, default=float("inf"))

    def _count(self, lane: Lane) -> int:
        return sum(flight.lane == lane for flight in self.flights)

    def _others(self, store: str, taps: list[Tap]) -> list[Tap]:
        return [tap for tap in taps if (store, tap.seq) not in self._urgent] if self._urgent else taps

    def _fly(self, store: str, taps: list[Tap], now: float, lane: Lane) -> None:
        for start in range(0, len(taps), MAX_TAPS):
            part = taps[start : start + MAX_TAPS]
            self.flights.append(Flight(store, {tap.seq: tap for tap in part}, lane, now))
