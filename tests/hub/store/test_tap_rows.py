"""Batches, quarantine, the reading of taps, and the order of locks, on both stores."""

from __future__ import annotations

import pytest

from hub.store import batches, quarantine, taps
from hub.store.tap_writing import TapRow, write
from tests.peers.taps import NOW, batch, build_estate, take_in, tap


@pytest.fixture(autouse=True)
def estate(database):
    return build_estate(database)


def row(seq, rating=5, **changed):
    made = dict(zip(TapRow._fields, (1, seq, 1, 1, rating, NOW, 0, NOW, 0, 0, 20261118, "b"), strict=True))
    return TapRow(**(made | changed))


def test_rows_are_new_repeated_or_conflicting(database):
    with database.writing() as connection:
        first = write(connection, [row(1), row(2), row(2), row(3), row(3, 4)])
        second = write(connection, [row(4), row(1), row(2, 1), row(5)])
        third = write(connection, [row(1), row(2)])
    assert (first.new, first.repeated, first.conflicting) == (3, (2,), (4,))
    assert (second.new, second.repeated, second.conflicting) == (2, (1,), (2,))
    assert second.first_tap_id > first.last_tap_id
    assert second.last_tap_id >= second.first_tap_id + 1
    assert (third.new, third.first_tap_id, third.repeated) == (0, 0, (0, 1))


def test_what_the_hub_decides_about_a_tap_makes_no_conflict(database):
    with database.writing() as connection:
        write(connection, [row(1)])
        moved = row(1, touchpoint_id=2, tapped_at=NOW + 1, placed=3, received_at=NOW + 9)
        assert write(connection, [moved]).repeated == (0,)


@pytest.mark.parametrize(
    "changed", [{"rating": 1}, {"question_no": 9}, {"proof": 1}, {"flags": 1}, {"day": 0}, {"body": "c"}]
)
def test_what_the_terminal_said_makes_one(database, changed):
    with database.writing() as connection:
        write(connection, [row(1)])
        assert write(connection, [row(1, **changed)]).conflicting == (0,)


def test_a_batch_is_claimed_by_one_and_again_when_its_lease_ends(database):
    take_in(database, batch([tap(1), tap(2, test=True)]))
    take_in(database, batch([tap(3)]), now=NOW + 10)
    with database.writing() as connection:
        mine = batches.claim(connection, "a", NOW, lease_for_ms=100, limit=1)
        others = batches.claim(connection, "b", NOW, lease_for_ms=100)
        assert batches.claim(connection, "c", NOW + 99, lease_for_ms=100) == []
        assert [
            one.tap_id for one in taps.between(connection, mine[0].first_tap_id, mine[0].last_tap_id)
        ] == [1]
    with database.writing() as connection:
        assert batches.settle(connection, "b", [mine[0].batch_id, others[0].batch_id], NOW + 50) == 1
        again = batches.claim(connection, "c", NOW + 100, lease_for_ms=100)
        assert again == mine
        assert batches.settle(connection, "a", [mine[0].batch_id], NOW) == 0
        assert batches.waiting(connection) == 1
        assert batches.prune(connection, NOW + 51) == 1


def set_aside(connection, payload=b"x", terminal="k1", reason=quarantine.UNREADABLE):
    return quarantine.keep(
        connection,
        terminal_id=terminal,
        topic="t" * 300,
        reason=reason,
        detail="nul \0",
        payload=payload,
        received_at=NOW,
    )


def test_the_same_bytes_are_kept_once(database):
    with database.writing() as connection:
        assert set_aside(connection)
        assert not set_aside(connection)
        assert set_aside(connection, terminal="k2")
        assert set_aside(connection, reason=quarantine.UNKNOWN)
        assert quarantine.count_by_reason(connection) == {"unreadable": 2, "unknown": 1}
        assert [found.reason for found in quarantine.newest(connection, terminal_id="k1")] == [
            "unknown",
            "unreadable",
        ]
        assert len(quarantine.newest(connection, 1)) == 1


def test_a_terminal_cannot_fill_the_disk_with_rubbish(database):
    with database.writing() as connection:
        for number in range(quarantine.MOST_OF_A_TERMINAL + 5):
            set_aside(connection, b"%d" % number)
        set_aside(connection, terminal="k2")
        assert quarantine.count_by_reason(connection) == {"unreadable": quarantine.MOST_OF_A_TERMINAL + 1}
        assert quarantine.newest(connection, 1, "k1")[0].payload == b"1004"
