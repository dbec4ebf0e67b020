"""Answers on a real outbox: slips, amendments, numbers and seqs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.events import Keep, KeepFailed, Kept
from kiosk.inbox import Inbox
from kiosk.keeper import Keeper
from link import slip_code
from link.clock import Reading
from link.messages import Tap
from link.outbox import Outbox

BAD = Keep(1, "lobby@7", "clean", "faces-5", 1, "row-5", bad=True)
FIRST = Reading("boot", 1_000, 1_790_000_000_000, True, 20260921)
LATER = replace(FIRST, uptime=9_000, wall=1_790_000_008_000)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox.open(tmp_path / "outbox.db", machine="m", terminal="k-1")) as opened:
        yield opened


def give(outbox: Outbox, *given: tuple[Keep, Reading]) -> list[object]:
    inbox = Inbox()
    keeper = Keeper(outbox, "k-1", inbox.put)
    keeper.start()
    for keep, reading in given:
        keeper.keep(keep, reading)
    keeper.stop()
    return list(inbox.taken())


def taps(outbox: Outbox) -> list[Tap]:
    return outbox.due()


def test_a_bad_answer_gets_a_slip_and_a_good_one_none(outbox):
    good = replace(BAD, number=2, rating=5, bad=False)
    first, second = give(outbox, (BAD, FIRST), (good, FIRST))
    assert isinstance(first, Kept)
    assert slip_code.normalise(first.slip) == first.slip
    assert second == Kept(2, "")
    assert [tap.slip for tap in taps(outbox)] == [first.slip, ""]


def test_an_amendment_names_the_seq_and_keeps_slip_and_time(outbox):
    why = replace(BAD, number=2, amends=1, reasons=("dirty",), urgent=True)
    first, second = give(outbox, (BAD, FIRST), (why, LATER))
    assert isinstance(first, Kept)
    assert second == Kept(2, first.slip)
    original, amended = taps(outbox)
    assert (amended.amends, amended.reasons, amended.urgent) == (original.seq, ("dirty",), True)
    assert (amended.slip, amended.tapped_at, amended.uptime) == (original.slip, FIRST.wall, FIRST.uptime)


def test_an_answer_that_becomes_bad_gets_its_slip_then(outbox):
    good = replace(BAD, rating=5, bad=False)
    worse = replace(BAD, number=2, amends=1)
    better = replace(good, number=3, amends=2)
    _, second, third = give(outbox, (good, FIRST), (worse, LATER), (better, LATER))
    assert isinstance(second, Kept)
    assert third == Kept(3, second.slip)
    assert [tap.amends for tap in taps(outbox)] == [0, 1, 2]


def test_numbers_are_kept_in_any_order_and_each_once(outbox):
    test = replace(BAD, number=2, test=True, bad=False)
    outcome = give(outbox, (test, FIRST), (BAD, FIRST), (test, LATER))
    assert [kept.number for kept in outcome] == [2, 1, 2]
    assert [tap.test for tap in taps(outbox)] == [True, False]


def test_a_burst_is_marked_on_the_tap(outbox):
    give(outbox, (replace(BAD, burst=True), FIRST))
    assert taps(outbox)[0].burst


def test_an_amendment_of_a_store_that_is_gone_is_not_a_second_answer(tmp_path: Path):
    path = tmp_path / "outbox.db"
    outbox, inbox = Outbox.open(path, machine="m", terminal="k-1"), Inbox()
    keeper = Keeper(outbox, "k-1", inbox.put)
    keeper.start()
    keeper.keep(BAD, FIRST)
    keeper.stop()
    (first,) = list(inbox.taken())
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma wal_checkpoint(truncate)")
    outbox.close()
    moved = Outbox.open(path, machine="another board", terminal="k-1")
    keeper._outbox = moved
    keeper._thread = type(keeper._thread)(target=keeper._run)
    keeper.start()
    keeper.keep(replace(BAD, number=2, amends=1, reasons=("dirty",)), LATER)
    keeper.keep(replace(BAD, number=3, amends=1, reasons=("trapped",), urgent=True), LATER)
    keeper.stop()
    assert [kept.slip for kept in inbox.taken()] == [first.slip] * 2
    assert [(tap.urgent, tap.amends) for tap in moved.due()] == [(True, 0)]
    moved.close()


def test_the_store_answers_probes_and_even_refusals(outbox):
    answered: list[int] = []
    inbox = Inbox()
    keeper = Keeper(outbox, "k-1", inbox.put, lambda: answered.append(1))
    keeper.start()
    keeper.probe()
    keeper.keep(BAD, FIRST)
    keeper.stop()
    outbox.close()
    again = Keeper(outbox, "k-1", inbox.put, lambda: answered.append(1))
    again.start()
    again.probe()
    again.keep(replace(BAD, number=9), FIRST)
    again.stop()
    assert len(answered) == 4
    assert list(inbox.taken())[-1] == KeepFailed(9, "broken")
