"""The ledger names what is missing, and what comes late takes it off, on both stores."""

from __future__ import annotations

import pytest

from hub.store import ledger, presence
from link.messages import DayCount, State, StoreState
from tests.peers.taps import DAY, NOW, batch, build_estate, take_in, tap


@pytest.fixture(autouse=True)
def estate(database):
    return build_estate(database)


def say(database, last_seq, pending=(), *, days=(), store="store-1", pending_count=None, number=1):
    held = sum(last - first + 1 for first, last in pending)
    claim = StoreState(
        store,
        last_seq,
        tuple(pending),
        held if pending_count is None else pending_count,
        days=tuple(DayCount(*day) for day in days),
    )
    with database.writing() as connection:
        presence.state_heard(connection, number, State(1, "heartbeat", "s", store=claim), NOW)


def total(database, number=1):
    with database.reading() as connection:
        return next(row for row in ledger.totals(connection) if row.terminal_no == number)


def days(database, **asked):
    with database.reading() as connection:
        rows = ledger.view(connection, **asked)
    return {row.day: (row.made, row.received, row.pending, row.missing) for row in rows}


def test_what_was_made_and_is_neither_here_nor_there_is_missing(database):
    take_in(database, batch([tap(1), tap(2), tap(5)]))
    say(database, 9, [(8, 9)])
    row = total(database)
    assert (row.made, row.received, row.pending, row.missing) == (9, 3, 2, 4)
    assert row.missing_ranges == (("store-1", 3, 4), ("store-1", 6, 7))


def test_a_late_tap_is_missing_no_more_before_and_after_the_next_state(database):
    take_in(database, batch([tap(1), tap(4)]))
    say(database, 4)
    assert total(database).missing_ranges == (("store-1", 2, 3),)
    take_in(database, batch([tap(3)]))
    assert total(database).missing_ranges == (("store-1", 2, 2),)
    say(database, 4)
    take_in(database, batch([tap(2)]))
    assert total(database).missing == 0
    say(database, 6)
    assert total(database).missing_ranges == (("store-1", 5, 6),)


def test_pending_taps_are_not_missing_and_go_when_they_come(database):
    say(database, 10, [(1, 10)])
    assert (total(database).pending, total(database).missing) == (10, 0)
    take_in(database, batch([tap(seq) for seq in range(1, 8)]))
    assert (total(database).pending, total(database).missing) == (3, 0)
    say(database, 10)
    assert (total(database).pending, total(database).missing) == (0, 3)


def test_what_lies_above_a_cut_list_of_pending_ranges_is_held_to_be_pending(database):
    take_in(database, batch([tap(2)]))
    say(database, 100, [(5, 5), (9, 9)], pending_count=80)
    row = total(database)
    assert row.missing_ranges == (("store-1", 1, 1), ("store-1", 3, 4), ("store-1", 6, 8))
    assert row.pending == 93


def test_a_refused_tap_is_not_missing(database):
    bad = batch([tap(1), tap(2), tap(3)]).replace(b'"seq":2,"tapped_at":', b'"seq":2,"tapped_at":-')
    take_in(database, bad)
    say(database, 3)
    row = total(database)
    assert (row.made, row.received, row.refused, row.missing) == (3, 2, 1, 0)


def test_an_older_state_does_not_take_a_claim_back(database):
    say(database, 9, [(1, 9)])
    say(database, 4, [(1, 4)])
    assert total(database).made == 9


def test_each_day_has_its_own_line(database):
    yesterday = [tap(seq, day=DAY - 1) for seq in (1, 2, 4)]
    today = [tap(seq, day=DAY) for seq in (6, 7)]
    take_in(database, batch(yesterday + today))
    say(database, 9, [(9, 9)], days=[(DAY - 1, 5), (DAY, 4)])
    assert days(database) == {DAY: (4, 2, 1, 1), DAY - 1: (5, 3, 0, 2)}
    assert list(days(database)) == [DAY, DAY - 1]
    assert days(database, since_day=DAY) == {DAY: (4, 2, 1, 1)}


def test_a_day_has_at_least_what_was_received(database):
    take_in(database, batch([tap(1), tap(2)]))
    say(database, 2, days=[(DAY, 1)])
    assert days(database) == {DAY: (2, 2, 0, 0)}


def test_all_stores_of_a_terminal_are_one_line(database):
    take_in(database, batch([tap(1)], store="old"), batch([tap(1), tap(2)], store="new"))
    say(database, 3, store="old")
    row = total(database)
    assert (row.made, row.received, row.missing) == (5, 3, 2)
    assert row.missing_ranges == (("old", 2, 3),)
    assert days(database, terminal_no=1) == {DAY: (3, 3, 0, 2)}


def test_one_terminal_is_asked_for_alone(database):
    take_in(database, batch([tap(1)]))
    take_in(database, batch([tap(1), tap(2)]), terminal="k2")
    with database.reading() as connection:
        (row,) = ledger.totals(connection, terminal_no=2)
        lines = ledger.view(connection)
    assert (row.terminal_id, row.received) == ("k2", 2)
    assert [(line.terminal_id, line.received) for line in lines] == [("k1", 1), ("k2", 2)]


def test_many_holes_are_found_in_one_look(database):
    taps = [tap(seq) for seq in range(1, 601, 2)]
    take_in(database, *(batch(taps[first : first + 100]) for first in range(0, 300, 100)))
    say(database, 600)
    assert total(database).missing == 300
    take_in(database, batch([tap(seq) for seq in range(2, 202, 2)]))
    say(database, 600)
    assert total(database).missing == 200


def test_an_impossible_claim_is_only_a_big_number(database):
    say(database, 2**53 - 1)
    assert total(database).missing == 2**53 - 1
