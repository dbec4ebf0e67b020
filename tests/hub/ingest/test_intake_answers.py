"""Answers of the survey page go through the same writer; a form makes one tap however often it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from hub.ingest.intake import NotTaken, Taken, WebAnswer
from hub.store import forms, ledger, terminals
from tests.peers.taps import NOW, Taker, batch, build_estate, rollup_is_right, stored, tap


@pytest.fixture
def estate(database):
    return build_estate(database)


@pytest.fixture
def taker(database, estate):
    running = Taker(database)
    running.intake.start()
    yield running
    running.intake.stop()


@pytest.fixture
def answer(estate):
    return WebAnswer(estate.lobby, "lobby@1", "clean", "faces-5", 2, "static", "form-1", NOW - 5)


def test_an_answer_is_on_disk_when_its_tap_is_named(database, estate, taker, answer):
    taken = taker.intake.answer(answer)
    assert not taken.repeated
    (row,) = stored(database)
    assert (row.tap_id, row.terminal_id, row.touchpoint_id) == (taken.tap_id, terminals.WEB, estate.lobby)
    assert (row.rating, row.proof, row.flags, row.tapped_at, row.received_at) == (2, 2, 0, NOW - 5, NOW)
    assert row.day == 20261118
    assert rollup_is_right(database)
    with database.reading() as connection:
        used = forms.find(connection, "form-1")
    assert used is not None
    assert used.tap_id == taken.tap_id


def test_a_form_sent_again_is_the_same_tap(database, taker, answer):
    first = taker.intake.answer(answer)
    again = taker.intake.answer(replace(answer, rating=5))
    assert again == Taken(first.tap_id, repeated=True)
    assert [row.rating for row in stored(database)] == [2]


def test_one_form_sent_twenty_times_at_once_is_one_tap(database, taker, answer):
    with ThreadPoolExecutor(20) as many:
        found = list(many.map(taker.intake.answer, [answer] * 20))
    assert len({taken.tap_id for taken in found}) == 1
    assert [taken.repeated for taken in found].count(False) == 1
    assert len(stored(database)) == 1


def test_twenty_forms_at_once_between_the_taps_of_terminals(database, taker, answer):
    for seq in range(1, 21):
        taker.offer(batch([tap(seq)]))
    answers = [replace(answer, form_id=f"form-{n}", rating=1 + n % 5) for n in range(20)]
    with ThreadPoolExecutor(20) as many:
        found = list(many.map(taker.intake.answer, answers))
    taker.finish()
    rows = {row.tap_id: row for row in stored(database)}
    assert len(rows) == 40
    assert [rows[taken.tap_id].rating for taken in found] == [1 + n % 5 for n in range(20)]
    assert taker.intake.doings.received == 40
    assert rollup_is_right(database)


def test_the_page_has_its_line_in_the_ledger_and_misses_nothing(database, taker, answer):
    for n in range(3):
        taker.intake.answer(replace(answer, form_id=f"form-{n}"))
    with database.reading() as connection:
        (total,) = ledger.totals(connection)
        (row,) = ledger.view(connection)
    assert (total.terminal_id, total.made, total.received, total.missing) == (terminals.WEB, 3, 3, 0)
    assert (row.made, row.received, row.pending, row.missing) == (3, 3, 0, 0)


def test_an_impossible_rating_is_told_to_the_page_and_hurts_nobody_else(database, estate, answer):
    taker = Taker(database)
    taker.offer(batch([tap(1)]))
    with ThreadPoolExecutor(2) as two:
        bad = two.submit(taker.intake.answer, replace(answer, rating=9, form_id="bad"))
        good = two.submit(taker.intake.answer, answer)
        while taker.intake.depth < 3:
            pass
        taker.intake.start()
        with pytest.raises(ValueError, match="9 is no rating of faces-5"):
            bad.result(20)
        assert not good.result(20).repeated
    taker.finish()
    assert len(stored(database)) == 2
    assert taker.told.count("done") == 1


def test_an_answer_that_waits_too_long_says_so(database, estate, answer):
    taker = Taker(database)
    with pytest.raises(NotTaken, match="too slow"):
        taker.intake.answer(answer, timeout_s=0.05)
    taker.finish()
    assert len(stored(database)) == 1


def test_after_the_end_an_answer_is_not_taken(database, estate, answer):
    taker = Taker(database).finish()
    with pytest.raises(NotTaken, match="stopping"):
        taker.intake.answer(answer)
