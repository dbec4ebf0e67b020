from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from link.answer import Answer
from link.clock import Reading
from link.messages import BadMessage, DayCount
from link.outbox import KEPT_FOR, Outbox, OutboxBroken
from link.outbox_file import IS_URGENT

NOW = 1_795_428_000_000
READING = Reading("boot-1", 1_000_000, NOW, trusted=True, day=20261123)
ANSWER = Answer("lobby@1", "satisfied", "faces-5", 5)
URGENT = Answer("lobby@1", "satisfied", "faces-5", 1, reasons=("trapped",), urgent=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with_seal = Outbox.open(path, machine="board-1", terminal="lobby-1")
    yield with_seal
    with_seal.close()


def bodies_on_disk(path: Path) -> list[tuple[int, str]]:
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return reader.execute("SELECT seq, body FROM taps ORDER BY seq").fetchall()
    finally:
        reader.close()


# TL-TAP-01
def test_a_tap_is_on_disk_before_keep_returns(outbox: Outbox, path: Path) -> None:
    """TL-TAP-01"""
    tap = outbox.keep(ANSWER, READING)
    assert [seq for seq, _ in bodies_on_disk(path)] == [tap.seq] == [1]


def test_commits_are_fsynced_into_a_write_ahead_log(outbox: Outbox) -> None:
    database = outbox._opened()
    assert database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert database.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_tap_says_what_was_answered_and_when(outbox: Outbox) -> None:
    """TL-MSG-05"""
    tap = outbox.keep(Answer("q@2", "nps", "nps-11", 0, "keys", "rotating", test=True, burst=True), READING)
    assert (tap.rating, tap.scale, tap.tapped_at, tap.uptime) == (0, "nps-11", NOW, 1_000_000)
    assert (tap.boot, tap.day, tap.proof, tap.test, tap.burst) == ("boot-1", 20261123, "rotating", True, True)
    assert outbox.due() == [tap]


def test_an_amendment_stays_where_its_answer_was_in_time_and_both_are_sent(outbox: Outbox) -> None:
    """TL-TAP-12"""
    first = outbox.keep(Answer("q@2", "overall", "faces-5", 1, slip="7K3QX9TF2MZA"), READING)
    change = Answer("q@2", "overall", "faces-5", 1, amends=1, reasons=("dirty",), slip="7K3QX9TF2MZA")
    second = outbox.keep(change, READING)
    assert (second.seq, second.amends, second.reasons, second.slip) == (2, 1, ("dirty",), first.slip)
    assert (second.tapped_at, second.uptime, second.boot, second.trusted, second.day) == (
        first.tapped_at,
        first.uptime,
        first.boot,
        first.trusted,
        first.day,
    )
    assert outbox.due() == [first, second]


def test_urgent_taps_of_every_store_are_known_until_they_are_settled(path: Path) -> None:
    old = Outbox.open(path, machine="board-1")
    old.keep(ANSWER, READING)
    first = old.keep(URGENT, READING)
    old.close()
    outbox = Outbox.open(path, machine="board-2")
    second = outbox.keep(URGENT, READING)
    outbox.keep(ANSWER, READING)
    assert outbox.urgent() == {old.store: [first], outbox.store: [second]}
    outbox.settle([(1, 2)], store=old.store)
    outbox.refuse(1, "bad")
    assert outbox.urgent() == {}
    outbox.reopen([(2, 2)], store=old.store)
    assert outbox.urgent() == {old.store: [first]}
    outbox.close()


def test_looking_for_urgent_taps_reads_no_other_also_in_a_store_of_an_earlier_program(
    outbox: Outbox, path: Path
) -> None:
    outbox.close()
    earlier = sqlite3.connect(path)
    earlier.execute("DROP INDEX urgent")
    earlier.close()
    again = Outbox.open(path, machine="board-1", terminal="lobby-1")
    tap = again.keep(URGENT, READING)
    plan = again._opened().execute(f"EXPLAIN QUERY PLAN SELECT body FROM taps WHERE {IS_URGENT}").fetchall()
    assert "USING INDEX urgent" in plan[0][3]
    assert again.urgent() == {again.store: [tap]}
    again.close()


def test_a_tap_at_1970_has_no_day_and_is_kept_all_the_same(outbox: Outbox) -> None:
    """TL-CLK-01"""
    tap = outbox.keep(ANSWER, Reading("boot-1", 5_000, 5_000, trusted=False, day=19700101))
    assert (tap.trusted, tap.day, tap.tapped_at) == (False, 0, 5_000)
    assert outbox.figures(READING).days == (DayCount(0, 1),)


def test_an_answer_that_the_contract_cannot_carry_is_not_kept(outbox: Outbox) -> None:
    for bad in (Answer("lobby@1", "q", "faces-5", 11), Answer("x" * 65, "q", "faces-5", 1)):
        with pytest.raises(BadMessage):
            outbox.keep(bad, READING)
    assert outbox.due() == []
    assert outbox.keep(ANSWER, READING).seq == 1


def test_due_gives_the_oldest_unsettled_first(outbox: Outbox) -> None:
    for _ in range(7):
        outbox.keep(ANSWER, READING)
    assert outbox.settle([(1, 2), (5, 5)]) == 3
    assert [tap.seq for tap in outbox.due()] == [3, 4, 6, 7]
    assert [tap.seq for tap in outbox.due(limit=2)] == [3, 4]
    assert [tap.seq for tap in outbox.due(after=4)] == [6, 7]
    assert outbox.pending() == 4


def test_the_same_receipt_twice_settles_once(outbox: Outbox) -> None:
    for _ in range(3):
        outbox.keep(ANSWER, READING)
    assert outbox.settle([(1, 3)]) == 3
    assert outbox.settle([(1, 3)]) == 0
    assert outbox.due() == []


def test_a_receipt_for_another_store_settles_nothing(outbox: Outbox) -> None:
    outbox.keep(ANSWER, READING)
    assert outbox.settle([(1, 9)], store="somebody-elses") == 0
    assert len(outbox.due()) == 1


def test_a_refused_tap_is_set_aside_with_its_reason_and_counted(outbox: Outbox, path: Path) -> None:
    """TL-RCPT-04"""
    for _ in range(2):
        outbox.keep(ANSWER, READING)
    outbox.refuse(1, "rating above the scale")
    assert [tap.seq for tap in outbox.due()] == [2]
    assert outbox.figures(READING).refused_count == 1
    assert len(bodies_on_disk(path)) == 2


def test_settled_taps_are_due_again_when_the_hub_asks(outbox: Outbox) -> None:
    """TL-CMD-03"""
    for _ in range(4):
        outbox.keep(ANSWER, READING)
    outbox.settle([(1, 4)])
    assert outbox.reopen([(2, 3)]) == 2
    assert [tap.seq for tap in outbox.due()] == [2, 3]
    assert outbox.reopen([(1, 4)], store="unknown") == 0
    assert not outbox.holds("unknown")


def test_figures_are_the_claim_of_the_ledger(outbox: Outbox) -> None:
    for n in range(6):
        outbox.keep(ANSWER, Reading("boot-1", n, NOW + n, trusted=True, day=20261123 + n // 3))
    outbox.settle([(1, 1), (4, 4)])
    outbox.refuse(6, "bad")
    figures = outbox.figures(READING)
    assert (figures.store, figures.last_seq) == (outbox.store, 6)
    assert (figures.pending, figures.pending_count, figures.refused_count) == (((2, 3), (5, 5)), 3, 1)
    assert figures.days == (DayCount(20261124, 3), DayCount(20261123, 3))


def test_at_most_50_ranges_and_8_days_are_claimed(outbox: Outbox) -> None:
    for n in range(120):
        outbox.keep(ANSWER, Reading("b", n, NOW, trusted=True, day=20260101 + n // 10))
    outbox.settle([(seq, seq) for seq in range(2, 121, 2)])
    figures = outbox.figures(READING)
    assert (len(figures.pending), figures.pending_count, len(figures.days)) == (50, 60, 8)
    assert figures.pending[0] == (1, 1)


def test_the_age_of_the_oldest_tap_is_told_by_uptime_within_a_boot(outbox: Outbox) -> None:
    outbox.keep(ANSWER, Reading("boot-1", 940_000, 7_000, trusted=False, day=0))
    assert outbox.figures(READING).oldest_pending_at == NOW - 60_000
    assert outbox.oldest_pending_at(READING) == NOW - 60_000


# TL-TAP-09
def test_settled_rows_go_after_30_days_and_unsettled_ones_never(outbox: Outbox, path: Path) -> None:
    """TL-TAP-09"""
    for _ in range(4):
        outbox.keep(ANSWER, READING)
    outbox.settle([(1, 1)], at=NOW)
    outbox.settle([(2, 2)])  # at an unknown time: dated by the next compaction
    outbox.refuse(3, "bad")
    assert outbox.compact(NOW + KEPT_FOR) == 0
    assert outbox.compact(NOW + KEPT_FOR + 1) == 1
    assert outbox.compact(NOW + 2 * KEPT_FOR + 2) == 2
    assert [seq for seq, _ in bodies_on_disk(path)] == [4]


# TL-TAP-02
def test_a_seq_is_never_given_out_twice_though_its_row_is_gone(outbox: Outbox, path: Path) -> None:
    """TL-TAP-02"""
    for _ in range(3):
        outbox.keep(ANSWER, READING)
    outbox.settle([(1, 3)], at=1)
    assert outbox.compact(NOW) == 3
    outbox.close()
    again = Outbox.open(path, machine="board-1", terminal="lobby-1")
    assert again.keep(ANSWER, READING).seq == 4
    figures = again.figures(READING)
    assert (figures.last_seq, figures.days) == (4, (DayCount(20261123, 4),))
    again.close()


# TL-TAP-03
def test_a_kept_row_can_be_neither_changed_nor_deleted(outbox: Outbox, path: Path) -> None:
    outbox.keep(ANSWER, READING)
    writer = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="never changes"):
        writer.execute("UPDATE taps SET body = '{}'")
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        writer.execute("DELETE FROM taps")
    writer.close()


def test_the_store_is_the_same_after_a_restart(outbox: Outbox, path: Path) -> None:
    store = outbox.store
    outbox.keep(ANSWER, READING)
    outbox.close()
    again = Outbox.open(path, machine="board-1", terminal="lobby-1")
    assert (again.store, [tap.seq for tap in again.due()], again.troubles) == (store, [1], ())
    again.close()


# TL-TAP-10
def test_a_copied_card_gets_a_store_of_its_own_and_sends_the_old_rows_under_the_old_one(
    outbox: Outbox, path: Path
) -> None:
    """TL-TAP-10"""
    tap = outbox.keep(ANSWER, READING)
    outbox.close()
    clone = Outbox.open(path, machine="board-2", terminal="lobby-1")
    assert clone.store != outbox.store
    assert clone.troubles == ("store_replaced",)
    assert clone.keep(ANSWER, READING).seq == 1
    assert clone.stores() == [outbox.store, clone.store]
    assert clone.due(store=outbox.store) == [tap]
    assert clone.old_stores() == [outbox.store]
    assert clone.settle([(1, 1)], store=outbox.store) == 1
    assert clone.stores() == [clone.store]
    clone.close()


def test_rows_of_another_terminal_are_set_aside_so_that_no_vote_counts_twice(
    outbox: Outbox, path: Path
) -> None:
    outbox.keep(ANSWER, READING)
    outbox.close()
    other = Outbox.open(path, machine="board-2", terminal="lobby-2")
    assert other.stores() == [other.store]
    assert other.due(store=outbox.store) == []
    assert other.figures(READING, outbox.store).refused_count == 1
    other.close()


def test_a_card_that_comes_back_to_its_board_does_not_go_on_with_the_old_store(path: Path) -> None:
    stores = []
    for machine in ("board-1", "board-2", "board-1"):
        outbox = Outbox.open(path, machine=machine)
        outbox.keep(ANSWER, READING)
        stores.append(outbox.store)
        outbox.close()
    assert len(set(stores)) == 3


def test_many_threads_keep_and_settle_without_losing_a_seq(outbox: Outbox) -> None:
    def tap_and_settle() -> None:
        for _ in range(50):
            seq = outbox.keep(ANSWER, READING).seq
            if seq % 3 == 0:
                outbox.settle([(seq, seq)])

    threads = [threading.Thread(target=tap_and_settle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures = outbox.figures(READING)
    assert (figures.last_seq, figures.days[0].made) == (200, 200)
    assert [tap.seq for tap in outbox.due(limit=500)] == [seq for seq in range(1, 201) if seq % 3]


def test_a_second_process_may_write_beside(outbox: Outbox, path: Path) -> None:
    second = Outbox.open(path, machine="board-1", terminal="lobby-1")
    assert [outbox.keep(ANSWER, READING).seq, second.keep(ANSWER, READING).seq] == [1, 2]
    assert outbox.keep(ANSWER, READING).seq == 3
    second.close()


def test_a_closed_outbox_says_so(outbox: Outbox) -> None:
    outbox.close()
    with pytest.raises(OutboxBroken, match="closed"):
        outbox.keep(ANSWER, READING)


def test_a_store_of_a_later_form_is_left_alone_and_told(outbox: Outbox, path: Path) -> None:
    outbox.close()
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA user_version = 99")
    writer.close()
    with pytest.raises(OutboxBroken, match="upgrade"):
        Outbox.open(path, machine="board-1")
    assert list(path.parent.glob("*.broken-*")) == []
