from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from link.messages import MAX_TAPS, Tap
from link.sending import BACKLOG_WINDOW, BURST, LIVE_WINDOW, Flight, Lane, Sending
from tests.vectors.values import TAP

CURRENT = "store-b"


def taps(*seqs: int) -> list[Tap]:
    return [structs.replace(TAP, seq=seq) for seq in seqs]


def middle(least: float, most: float) -> float:
    return (least + most) / 2


class Line:
    """Sending beside a store in memory and a hub that commits what it gets, if it is there."""

    def __init__(self, stores: dict[str, set[int]], drain_per_s: float = 20.0) -> None:
        self.held = stores
        self.now = 0.0
        self.sent: list[tuple[float, str, list[int]]] = []
        self.hub_is_there = True
        self.urgent: dict[str, set[int]] = {}
        self.sending = Sending(middle, drain_per_s)
        self.connect()

    def connect(self, begin_at: float = 0.0) -> None:
        names = [name for name in sorted(self.held) if self.held[name] and name != CURRENT]
        self.sending.restart([*names, CURRENT], max(self.held[CURRENT], default=0), begin_at)

    def due(self, store: str, after: int) -> list[Tap]:
        return taps(*sorted(seq for seq in self.held[store] if seq > after)[:MAX_TAPS])

    def step(self) -> None:
        for store, seqs in self.urgent.items():
            self.sending.add_urgent(store, taps(*sorted(seqs & self.held[store])), self.now)
        while (after := self.sending.wants_live()) is not None:
            found = self.due(CURRENT, after)
            self.sending.add_live(CURRENT, found, self.now)
            if not found:
                break
        while (want := self.sending.wants_backlog(self.now)) is not None:
            self.sending.add_backlog(want[0], self.due(*want), self.now)
        for flight in self.sending.ready(self.now):
            self.sending.sent(flight, f"print-{len(self.sent)}", self.now)
            self.sent.append((self.now, flight.store, list(flight.taps)))
            if self.hub_is_there:
                self.commit(flight)

    def commit(self, flight: Flight) -> None:
        ranges = [(seq, seq) for seq in flight.taps]
        self.held[flight.store] -= set(flight.taps)
        self.sending.done(flight.store, ranges)

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now <= until:
            before = len(self.sent)
            self.step()
            news = len(self.sent) > before and self.hub_is_there  # a receipt wakes the uplink
            wait = self.now if news else min(self.sending.next_at(self.now), until + 0.001)
            self.now = max(self.now + 0.001, wait)


# TL-TAP-05
def test_a_backlog_goes_oldest_first_in_batches_of_a_hundred() -> None:
    line = Line({CURRENT: set(range(1, 251))})
    line.run(1)
    assert [seqs for _, _, seqs in line.sent] == [
        list(range(1, 101)),
        list(range(101, 201)),
        list(range(201, 251)),
    ]
    assert line.sending.next_at(line.now) == float("inf")


def test_an_old_store_goes_before_the_current_one() -> None:
    line = Line({"store-a": {3, 4}, CURRENT: {1, 2}})
    line.run(1)
    assert [(store, seqs) for _, store, seqs in line.sent] == [("store-a", [3, 4]), (CURRENT, [1, 2])]


# TL-TAP-07
def test_a_live_tap_does_not_wait_for_a_week_of_backlog() -> None:
    line = Line({CURRENT: set(range(1, 20_001))}, drain_per_s=10)
    line.run(1.0)
    line.held[CURRENT].add(20_001)
    at = line.now
    line.step()
    assert (at, CURRENT, [20_001]) in line.sent
    assert max(seqs[0] for _, _, seqs in line.sent if len(seqs) > 1) < 2_500  # the backlog was paced


def test_an_urgent_tap_goes_first_and_alone_whatever_waits() -> None:
    """TL-TAP-15"""
    line = Line({"store-a": {1, 2, 3}, CURRENT: set(range(1, 5_001))})
    line.urgent = {"store-a": {2}, CURRENT: {4_000}}
    line.connect(begin_at=60)  # the backlog is to wait
    line.run(1)
    assert [(store, seqs) for _, store, seqs in line.sent] == [("store-a", [2]), (CURRENT, [4_000])]
    line.hub_is_there = False
    line.run(70)
    assert len(line.sending.flights) == BACKLOG_WINDOW  # nothing more of it may fly
    line.held[CURRENT].add(5_001)
    line.urgent = {CURRENT: {5_001}}
    line.step()
    assert line.sent[-1] == (line.now, CURRENT, [5_001])


def test_an_urgent_tap_is_in_no_other_batch_and_is_sent_again_until_its_receipt() -> None:
    line = Line({CURRENT: set(range(1, 11))})
    line.urgent = {CURRENT: {4}}
    line.hub_is_there = False
    line.held[CURRENT].add(11)
    line.run(1)
    line.held[CURRENT].add(12)
    line.urgent[CURRENT].add(12)
    line.run(30)
    assert all(seqs in ([4], [12], [1, 2, 3, *range(5, 11)], [11]) for _, _, seqs in line.sent)
    assert sum(seqs == [4] for _, _, seqs in line.sent) == sum(seqs[0] == 1 for _, _, seqs in line.sent) >= 4
    line.hub_is_there = True
    line.run(60)
    assert not line.held[CURRENT]
    assert line.sending.flights == []


def test_urgent_taps_that_the_hub_cannot_read_are_halved_and_still_go_first() -> None:
    line = Line({CURRENT: {1, 2, 3, 4}})
    line.urgent = {CURRENT: {1, 2, 3, 4}}
    line.hub_is_there = False
    line.step()
    line.sending.unreadable(["print-0"], line.now)
    assert [(flight.lane, list(flight.taps)) for flight in line.sending.ready(line.now)] == [
        (Lane.URGENT, [1, 2]),
        (Lane.URGENT, [3, 4]),
    ]


def test_the_backlog_is_paced_by_the_bucket() -> None:
    line = Line({CURRENT: set(range(1, 100 * 60 + 1))}, drain_per_s=10)
    line.run(2.0)
    assert BURST + 18 <= len(line.sent) <= BURST + 22
    line.run(10.0)
    assert not line.held[CURRENT]


# TL-TAP-06
def test_no_more_than_the_window_flies_without_a_receipt_and_it_is_sent_ever_slower() -> None:
    line = Line({CURRENT: set(range(1, 5001))})
    line.hub_is_there = False
    line.run(200)
    first = [at for at, _, seqs in line.sent if seqs[0] == 1]
    assert [round(b - a) for a, b in itertools.pairwise(first)] == [2, 4, 8, 16, 32, 60, 60]
    assert len(line.sending.flights) == BACKLOG_WINDOW


def test_live_taps_without_receipts_are_gathered_and_not_sent_one_by_one() -> None:
    line = Line({CURRENT: set()})
    line.hub_is_there = False
    for seq in range(1, 51):
        line.held[CURRENT].add(seq)
        line.step()
    assert [seqs for _, _, seqs in line.sent] == [[seq] for seq in range(1, LIVE_WINDOW + 1)]
    line.hub_is_there = True
    line.run(3)
    assert not line.held[CURRENT]
    assert list(range(LIVE_WINDOW + 1, 51)) in [seqs for _, _, seqs in line.sent]


def test_a_reconnect_sends_everything_again_oldest_first_when_the_hub_wants_it() -> None:
    line = Line({CURRENT: {1, 2, 3}})
    line.hub_is_there = False
    line.run(1)
    line.held[CURRENT].add(4)
    line.hub_is_there = True
    line.connect(begin_at=line.now + 5)
    line.run(4)
    assert len(line.sent) == 1
    line.run(2)
    assert line.sent[-1][2] == [1, 2, 3, 4]


def test_a_receipt_for_a_part_leaves_the_rest_in_flight() -> None:
    line = Line({CURRENT: set(range(1, 11))})
    line.hub_is_there = False
    line.step()
    line.sending.done(CURRENT, [(2, 4), (9, 99)])
    line.sending.done("another", [(1, 10)])
    assert [list(flight.taps) for flight in line.sending.flights] == [[1, 5, 6, 7, 8]]


@given(st.sets(st.integers(1, 100), min_size=1), st.sets(st.integers(1, 100), max_size=5))
def test_halving_finds_every_poisoned_tap_and_sends_every_other(held: set[int], poison: set[int]) -> None:
    line = Line({CURRENT: set(held)})
    refused: list[int] = []
    for _ in range(100):
        for want in iter(lambda: line.sending.wants_backlog(line.now), None):
            line.sending.add_backlog(want[0], line.due(*want), line.now)
        for flight in line.sending.ready(line.now):
            line.sending.sent(flight, f"print-{id(flight)}", line.now)
            if poison & set(flight.taps):
                alone = line.sending.unreadable([f"print-{id(flight)}"], line.now)
                refused += [seq for _, seq in alone]
            else:
                line.commit(flight)
    assert sorted(refused) == sorted(poison & held)
    assert line.held[CURRENT] == poison & held
    assert line.sending.flights == []


def test_an_unknown_fingerprint_changes_nothing() -> None:
    line = Line({CURRENT: {1}})
    line.hub_is_there = False
    line.step()
    assert line.sending.unreadable(["nobody-knows"], 0.0) == []
    assert len(line.sending.flights) == 1
