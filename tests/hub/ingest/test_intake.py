"""Messages off the line become taps exactly once, and everybody is told after the commit."""

from __future__ import annotations

from threading import Thread

import pytest

from hub.ingest.intake import Intake
from hub.store import ledger, placements, quarantine, questionnaires, rollup, touchpoints
from link import messages, questionnaire
from link.messages import Refusal
from tests.peers.taps import (
    DAY,
    NOW,
    Taker,
    batch,
    build_estate,
    rollup_is_right,
    stored,
    take_in,
    tap,
)


@pytest.fixture
def estate(database):
    return build_estate(database)


def reasons(database):
    with database.reading() as connection:
        return quarantine.count_by_reason(connection)


def test_the_broker_is_told_after_the_commit_and_the_terminal_after_the_broker(database, estate):
    """TL-RCPT-01"""
    taker = Taker(database)
    seen = []
    taker.offer(batch([tap(1), tap(2, 1)]))
    taker.intake._send_receipt = lambda _terminal, receipt: seen.append((receipt, len(stored(database))))
    taker.finish()
    assert [word[0] for word in taker.told.words] == ["done", "rang"]
    receipt, committed = seen[0]
    assert committed == 2
    assert receipt == messages.Receipt(1, "store-1", ((1, 2),))


def test_a_row_says_what_the_tap_said(database, estate):
    take_in(database, batch([tap(7, 0, scale="nps-11", proof="rotating", test=True, layout="elder")]))
    (row,) = stored(database)
    assert (row.seq, row.rating, row.tapped_at, row.placed) == (7, 0, NOW - 420_000, 0)
    assert (row.touchpoint_id, row.received_at, row.proof, row.flags, row.day) == (
        estate.lobby,
        NOW,
        1,
        1,
        DAY,
    )
    assert row.body == f"boot-a|999580000|{NOW - 420_000}|1|elder"


def test_the_same_batch_three_times_is_stored_once_and_receipted_three_times(database, estate):
    """TL-TAP-04, TL-RCPT-02"""
    payload = batch([tap(1), tap(2), tap(3)])
    one_commit = take_in(database, payload, payload)
    another = take_in(database, payload)
    assert [row.seq for row in stored(database)] == [1, 2, 3]
    assert one_commit.told.receipts == another.told.receipts
    assert another.told.receipts == [("k1", messages.Receipt(1, "store-1", ((1, 3),)))]
    assert (another.intake.doings.received, another.intake.doings.duplicates) == (0, 3)
    with database.reading() as connection:
        (row,) = ledger.view(connection)
    assert (row.day, row.received, row.duplicates, row.refused) == (DAY, 3, 6, 0)
    assert rollup_is_right(database)


def test_a_commit_sends_one_receipt_to_each_store(database, estate):
    taker = Taker(database)
    for first in (1, 21, 61):
        taker.offer(batch([tap(seq) for seq in range(first, first + 20)]))
    taker.offer(batch([tap(1)], store="store-2"))
    taker.offer(batch([tap(1)], store="store-1"), terminal="k2")
    taker.finish()
    assert {(terminal, r.store): r.committed for terminal, r in taker.told.receipts} == {
        ("k1", "store-1"): ((1, 40), (61, 80)),
        ("k1", "store-2"): ((1, 1),),
        ("k2", "store-1"): ((1, 1),),
    }
    assert taker.told.count("done") == 5


def test_two_terminals_with_one_cloned_store_keep_all_their_taps(database, estate):
    take_in(database, batch([tap(1, 5)]), terminal="k1")
    taker = take_in(database, batch([tap(1, 2)]), terminal="k2")
    assert [(row.terminal_id, row.rating) for row in stored(database)] == [("k1", 5), ("k2", 2)]
    assert taker.intake.alarms() == ()


def test_the_same_identity_with_another_body_is_refused_and_alarmed(database, estate):
    """TL-TAP-03"""
    take_in(database, batch([tap(1, 5), tap(2, 5)]))
    for _ in range(2):
        taker = take_in(database, batch([tap(1, 1), tap(2, 5), tap(3, 5)]))
        (receipt,) = [receipt for _, receipt in taker.told.receipts]
        assert receipt.committed == ((2, 3),)
        assert receipt.refused == (Refusal(1, "conflict"),)
        assert [alarm.reason for alarm in taker.intake.alarms()] == ["conflict"]
    assert [row.rating for row in stored(database)] == [5, 5, 5]
    assert reasons(database) == {"conflict": 1}
    with database.reading() as connection:
        (row,) = ledger.view(connection)
        (kept,) = quarantine.newest(connection)
    assert (row.received, row.duplicates, row.refused) == (3, 3, 1)
    assert messages._tap.decode(kept.payload).rating == 1
    assert rollup_is_right(database)


def test_of_two_taps_with_one_identity_in_one_batch_the_first_is_taken(database, estate):
    taker = take_in(database, batch([tap(1, 4), tap(1, 2), tap(1, 4)]))
    assert [row.rating for row in stored(database)] == [4]
    ((_, receipt),) = taker.told.receipts
    assert (receipt.committed, receipt.refused) == (((1, 1),), (Refusal(1, "conflict"),))


def test_another_major_version_is_kept_alarmed_and_never_receipted(database, estate):
    """TL-MSG-03"""
    taker = take_in(database, batch([tap(1)]).replace(b'"v":1', b'"v":2'))
    assert taker.told.words == [("done", "k1"), ("rang",)]
    assert reasons(database) == {"version": 1}
    assert [alarm.reason for alarm in taker.intake.alarms()] == ["version"]
    assert taker.intake.doings.wrong_version == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [(b"\xff\x00 no JSON", "unreadable"), (b"{}", "unreadable"), (b" " * 65_537, "too_large")],
)
def test_what_cannot_be_read_is_kept_and_named_by_its_fingerprint(database, estate, payload, reason):
    """TL-RCPT-05"""
    taker = take_in(database, payload)
    assert taker.told.words[0] == ("done", "k1")
    ((_, receipt),) = taker.told.receipts
    assert receipt.unreadable == (messages.fingerprint(payload),)
    with database.reading() as connection:
        (row,) = quarantine.newest(connection)
    assert (row.terminal_id, row.reason, row.payload) == ("k1", reason, payload)


def test_one_bad_tap_does_not_hold_up_its_batch(database, estate):
    good = batch([tap(1), tap(2), tap(3)])
    taker = take_in(database, good.replace(b'"seq":2,"tapped_at":', b'"seq":2,"tapped_at":-'))
    ((_, receipt),) = taker.told.receipts
    assert (receipt.committed, receipt.refused) == (((1, 1), (3, 3)), (Refusal(2, "bad_tap"),))
    assert [row.seq for row in stored(database)] == [1, 3]
    assert reasons(database) == {"bad_tap": 1}
    with database.reading() as connection:
        (total,) = ledger.totals(connection)
    assert (total.received, total.refused) == (2, 1)


def test_a_rating_that_its_scale_does_not_have_is_refused(database, estate):
    with database.writing() as connection:
        asked = questionnaire.Questionnaire(
            "lobby", 1, {}, (questionnaire.Question("clean", {}, questionnaire.FACES_4),)
        )
        questionnaires.publish(connection, asked, 1)
    taker = take_in(database, batch([tap(1, 5, scale="faces-4"), tap(2, 4, scale="faces-4"), tap(3, 0)]))
    ((_, receipt),) = taker.told.receipts
    assert receipt.committed == ((2, 2),)
    assert receipt.refused == (Refusal(1, "bad_tap"), Refusal(3, "bad_tap"))


def test_a_scale_that_nobody_knows_keeps_its_raw_ratings(database, estate):
    take_in(database, batch([tap(1, 0, scale="stars-of-2031"), tap(2, 10, scale="stars-of-2031")]))
    assert [row.rating for row in stored(database)] == [0, 10]


def test_a_nul_in_a_name_spoils_one_tap_only(database, estate):
    taker = take_in(database, batch([tap(1), tap(2, layout="a\0b"), tap(3)]))
    ((_, receipt),) = taker.told.receipts
    assert (receipt.committed, receipt.refused) == (((1, 1), (3, 3)), (Refusal(2, "bad_tap"),))
    assert take_in(database, batch([tap(9)], store="a\0b")).told.receipts[0][1].unreadable


def test_a_window_full_of_poison_does_not_hold_up_what_is_behind_it(database, estate):
    taker = Taker(database)
    for number in range(1000):
        taker.offer(b"poison %d" % number)
    taker.offer(batch([tap(1)]))
    taker.finish()
    assert [row.seq for row in stored(database)] == [1]
    assert taker.told.count("done") == 1001


def test_a_terminal_that_the_hub_does_not_know_gets_no_receipt(database, estate):
    taker = take_in(database, batch([tap(1)]), terminal="stranger")
    assert taker.told.words == [("done", "stranger"), ("rang",)]
    assert reasons(database) == {"unknown": 1}
    assert taker.intake.doings.unknown == 1
    assert stored(database) == []


def test_a_terminal_that_brings_ever_new_stores_is_stopped(database, estate):
    taker = take_in(database, *(batch([tap(1)], store=f"store-{n}") for n in range(25)))
    assert len(stored(database)) == 20
    assert len(taker.told.receipts) == 20
    assert reasons(database) == {"stores": 5}
    assert {alarm.reason for alarm in taker.intake.alarms()} == {"stores"}


def test_a_clock_at_1970_is_placed_by_uptime(database, estate):
    """TL-CLK-02"""
    taps = [tap(n, tapped_at=n, trusted=False, day=0, uptime=999_000_000 + n) for n in (1, 2)]
    take_in(database, batch(taps, trusted=False, sent_at=5))
    assert [(row.tapped_at, row.placed, row.day) for row in stored(database)] == [
        (NOW - 999_999, 1, 0),
        (NOW - 999_998, 1, 0),
    ]


def test_a_tap_of_an_earlier_boot_is_placed_by_what_that_boot_tells_later(database, estate):
    early = tap(1, boot="old", uptime=1_000, tapped_at=0, trusted=False, day=0)
    late = tap(2, boot="old", uptime=61_000, tapped_at=NOW - 3_600_000)
    take_in(database, batch([early]), batch([late]))
    assert [(row.tapped_at, row.placed) for row in stored(database)] == [
        (NOW - 3_660_000, 2),
        (NOW - 3_600_000, 0),
    ]


def test_a_tap_belongs_to_where_its_terminal_stood_when_it_was_made(database, estate):
    with database.writing() as connection:
        placements.place_terminal(connection, estate.terminals["k1"], estate.lift, NOW - 150_000)
    take_in(database, batch([tap(1), tap(2), tap(3)]))
    assert [row.touchpoint_id for row in stored(database)] == [estate.lift, estate.lift, estate.lobby]
    assert rollup_is_right(database)


def test_a_running_intake_sees_that_a_terminal_was_moved(database, estate):
    taker = Taker(database)
    taker.intake.start()
    taker.offer(batch([tap(1)]))
    taker.told.wait_for("rang")
    with database.writing() as connection:
        placements.place_terminal(connection, estate.terminals["k1"], estate.lift, 2)
    taker.offer(batch([tap(2)]))
    taker.finish()
    assert [row.touchpoint_id for row in stored(database)] == [estate.lobby, estate.lift]


def test_test_taps_bursts_and_taps_made_nowhere_are_kept_and_not_counted(database, estate):
    """TL-TAP-11"""
    take_in(database, batch([tap(1, test=True), tap(2, burst=True), tap(3, 4)]))
    take_in(database, batch([tap(1)]), terminal="k3")
    assert [(row.flags, row.touchpoint_id) for row in stored(database)] == [
        (1, estate.lobby),
        (2, estate.lobby),
        (0, estate.lobby),
        (0, None),
    ]
    with database.reading() as connection:
        found = rollup.counts(connection, site_id=estate.site_id, from_hour=0, to_hour=2**31 - 1)
    assert [(row.touchpoint_id, row.rating, row.n) for row in found] == [(estate.lobby, 4, 1)]
    assert rollup_is_right(database)


def test_the_roll_up_is_cut_by_site_touchpoint_and_hour(database, estate):
    hour = (NOW - 60_000) // rollup.HOUR
    take_in(database, batch([tap(1, 5), tap(2, 1, tapped_at=NOW - 3 * rollup.HOUR)]))
    with database.reading() as connection:
        found = [
            len(rollup.counts(connection, from_hour=hour, to_hour=hour + 1)),
            len(rollup.counts(connection, from_hour=0, to_hour=hour + 1, touchpoint_ids=[estate.lift])),
            len(rollup.counts(connection, from_hour=0, to_hour=hour + 1, touchpoint_ids=[estate.lobby])),
            len(rollup.counts(connection, from_hour=0, to_hour=hour + 1, site_id=estate.site_id + 1)),
        ]
    assert found == [1, 0, 2, 0]


def test_an_offer_waits_while_the_line_is_full(database, estate):
    taker = Taker(database, capacity=1)
    taker.offer(batch([tap(1)]))
    second = Thread(target=taker.offer, args=(batch([tap(2)]),))
    second.start()
    second.join(0.2)
    assert second.is_alive()
    assert taker.intake.depth == 1
    taker.intake.start()
    second.join(20)
    taker.finish()
    assert [row.seq for row in stored(database)] == [1, 2]


def test_what_is_offered_after_the_end_is_left_unacknowledged(database, estate):
    taker = take_in(database, batch([tap(1)]))
    taker.offer(batch([tap(2)]))
    assert taker.told.count("done") == 1


def test_a_broken_callback_does_not_stop_the_intake(database, estate):
    def broken(*_words):
        raise RuntimeError("the session is gone")

    taker = Taker(database)
    taker.intake = Intake(database, now=lambda: NOW, send_receipt=broken, on_commit=broken)
    taker.intake.start()
    taker.offer(batch([tap(1)]))
    taker.told.wait_for("done")
    taker.offer(batch([tap(2)]))
    taker.finish()
    assert len(stored(database)) == 2


def test_a_retired_touchpoint_keeps_its_late_taps(database, estate):
    with database.writing() as connection:
        touchpoints.retire(connection, estate.lobby, NOW)
    take_in(database, batch([tap(1)]))
    assert stored(database)[0].touchpoint_id == estate.lobby
