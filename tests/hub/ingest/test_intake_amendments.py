"""An answer changed on the terminal counts once, as it was changed last, in whatever order its taps come."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.alerts.watch import Watch
from hub.live import Live
from hub.store import alert_windows, amendments, details, ledger, placements, rollup, schema, taps, ticker
from hub.store.taps import FLAG_URGENT
from link.messages import Refusal, StoreState
from tests.hub.ingest.test_intake_properties import place_one
from tests.peers.taps import NOW, Taker, batch, build_estate, rollup_is_right, stored, take_in, tap

SLIP = "7K3QX9TF2MZA"


@pytest.fixture
def estate(database):
    return build_estate(database)


def counted(database):
    """rating → how often it is in the roll-up."""
    with database.reading() as connection:
        rows = rollup.counts(connection, from_hour=0, to_hour=2**31 - 1)
    return {row.rating: row.n for row in rows}


def by_slip(database, slip=SLIP):
    with database.reading() as connection:
        return taps.by_slip(connection, slip)


def shown(database, site_id):
    with database.reading() as connection:
        return [row.rating for row in ticker.newest(connection, site_id, 50)]


CHANGED = (tap(1, 1), tap(2, 4, tapped_at=NOW - 60_000, amends=1))


@pytest.mark.parametrize(
    "commits",
    [
        [[CHANGED]],
        [[CHANGED[:1]], [CHANGED[1:]]],
        [[CHANGED[1:]], [CHANGED[:1]]],
        [[CHANGED[1:], CHANGED[:1]]],
    ],
    ids=["one batch", "one after the other", "the other way round", "the other way round in one commit"],
)
def test_a_changed_answer_counts_once_as_it_was_changed(database, estate, commits):
    """TL-TAP-12, TL-TAP-13"""
    for commit in commits:
        taker = take_in(database, *(batch(some) for some in commit))
        assert not any(receipt.refused for _, receipt in taker.told.receipts)
    assert counted(database) == {4: 1}
    assert rollup_is_right(database)
    assert shown(database, estate.site_id) == [4]
    with database.reading() as connection:
        (total,) = ledger.totals(connection)
        assert [one.rating for one in taps.between(connection, 0, 10)] == [4]
    assert total.received == 2


def test_the_same_amendment_again_changes_nothing_and_another_body_is_a_conflict(database, estate):
    take_in(database, batch(CHANGED))
    again = take_in(database, batch(CHANGED))
    assert again.intake.doings.duplicates == 2
    for wrong in (tap(2, 4, tapped_at=NOW - 60_000), tap(1, 1, slip=SLIP), tap(1, 1, urgent=True)):
        ((_, receipt),) = take_in(database, batch([wrong])).told.receipts
        assert receipt.refused == (Refusal(wrong.seq, "conflict"),)
    assert counted(database) == {4: 1}


def test_a_chain_of_changes_counts_its_last_one_also_while_a_link_is_missing(database, estate):
    first, second, third = (
        tap(1, 1, slip=SLIP),
        tap(2, 2, amends=1, slip=SLIP),
        tap(3, 3, amends=2, slip=SLIP),
    )
    take_in(database, batch([first]))
    take_in(database, batch([third]))
    assert counted(database) == {1: 1, 3: 1}
    assert by_slip(database).rating == 3
    take_in(database, batch([second]))
    assert counted(database) == {3: 1}
    assert by_slip(database).rating == 3
    assert rollup_is_right(database)


def test_an_amendment_of_a_tap_that_never_comes_is_an_answer_by_itself(database, estate):
    taker = take_in(database, batch([tap(9, 2, amends=4)]))
    assert taker.told.receipts[0][1].committed == ((9, 9),)
    assert counted(database) == {2: 1}


@pytest.mark.parametrize("amends", [5, 6, 2**53 - 1])
def test_a_tap_cannot_replace_itself_or_a_later_one(database, estate, amends):
    take_in(database, batch([tap(5, 2, amends=amends)]))
    take_in(database, batch([tap(6, 3)]))
    assert counted(database) == {2: 1, 3: 1}
    assert rollup_is_right(database)


def test_an_amendment_replaces_a_tap_of_its_own_store_only(database, estate):
    take_in(database, batch([tap(1, 1)]))
    take_in(database, batch([tap(1, 1)], store="store-2"), batch([tap(2, 5, amends=1)], store="store-2"))
    take_in(database, batch([tap(2, 5, amends=1)]), terminal="k2")
    assert counted(database) == {1: 1, 5: 2}
    assert rollup_is_right(database)


def test_what_is_taken_back_is_taken_from_where_it_was_counted(database, estate):
    with database.writing() as connection:
        placements.place_terminal(connection, estate.terminals["k1"], estate.lift, NOW - 150_000)
    take_in(database, batch([tap(3, 1)]))  # made at the lobby, before the move
    take_in(database, batch([tap(4, 5, tapped_at=NOW - 60_000, amends=3)]))
    with database.reading() as connection:
        rows = rollup.counts(connection, from_hour=0, to_hour=2**31 - 1)
        assert [(row.touchpoint_id, row.rating, row.n) for row in rows] == [(estate.lift, 5, 1)]
        assert len(rollup.stored(connection)) == 1  # no row that says 0 is left
    assert rollup_is_right(database)


def test_replacing_what_was_never_counted_takes_nothing_back(database, estate):
    take_in(database, batch([tap(1, 1, test=True), tap(2, 1, burst=True), tap(3, 1)]))
    take_in(database, batch([tap(4, 2, amends=1, test=True), tap(5, 2, amends=2, burst=True)]))
    take_in(database, batch([tap(1, 1), tap(2, 2, amends=1)]), terminal="k3")
    assert counted(database) == {1: 1}
    assert rollup_is_right(database)


def test_of_two_amendments_of_one_tap_both_count_and_the_tap_does_not(database, estate):
    take_in(database, batch([tap(3, 3, amends=1)]), batch([tap(2, 2, amends=1)]), batch([tap(1, 1)]))
    assert counted(database) == {2: 1, 3: 1}
    assert rollup_is_right(database)


def test_slip_reasons_and_urgency_are_kept_with_the_tap_that_brought_them(database, estate):
    """TL-TAP-14"""
    bad = tap(1, 1, slip=SLIP)
    reasons = tap(
        2, 1, amends=1, slip=SLIP, reasons=("dirty", "trapped"), urgent=True, tapped_at=NOW - 60_000
    )
    take_in(database, batch([bad, tap(7, 5)]))
    found = by_slip(database)
    assert (found.touchpoint_id, found.rating, found.tapped_at) == (estate.lobby, 1, NOW - 60_000)
    assert (found.received_at, found.reasons, found.comment, found.flags) == (NOW, (), "", 0)
    take_in(database, batch([reasons]))
    found = by_slip(database)
    assert (found.rating, found.reasons, found.flags) == (1, ("dirty", "trapped"), FLAG_URGENT)
    assert counted(database) == {1: 1, 5: 1}
    with database.reading() as connection:
        assert len(connection.execute(select(schema.details)).all()) == 2  # tap 7 brought nothing
    assert by_slip(database, "0000000000000") is None


def test_a_comment_from_the_phone_goes_on_to_the_tap_that_replaces_the_commented_one(database, estate):
    take_in(database, batch([tap(1, 1, slip=SLIP)]))
    with database.writing() as connection:
        details.write(connection, by_slip(database).tap_id, ["smell"], "三楼漏水", NOW + 1)
    take_in(database, batch([tap(3, 1, amends=2, slip=SLIP, reasons=("dirty",))]))
    take_in(database, batch([tap(2, 1, amends=1, slip=SLIP)]))
    found = by_slip(database)
    assert (found.reasons, found.comment) == (("dirty",), "三楼漏水")
    with database.writing() as connection:
        details.write(connection, found.tap_id, ["dirty"], "已经好了", NOW + 2)
    take_in(database, batch([tap(4, 1, amends=3, slip=SLIP, reasons=("dirty", "noise"))]))
    assert by_slip(database).comment == "已经好了"


def test_a_nul_in_a_reason_or_a_slip_spoils_one_tap_only(database, estate):
    odd = [tap(1, 1, reasons=("a\0b",)), tap(2, 1, slip="a\0b"), tap(3, 1)]
    ((_, receipt),) = take_in(database, batch(odd)).told.receipts
    assert receipt.committed == ((3, 3),)
    assert [refusal.seq for refusal in receipt.refused] == [1, 2]


def test_an_intake_that_starts_anew_knows_what_is_waited_for(database, estate):
    running = Taker(database)
    running.intake.start()
    running.offer(batch([tap(9, 5)]))
    running.told.wait_for("rang")
    take_in(database, batch([tap(2, 4, amends=1)]))
    take_in(database, batch([tap(1, 1)]))
    running.finish()
    assert counted(database) == {4: 1, 5: 1}


def test_what_two_intakes_wrote_at_once_is_put_right_by_the_next_claim(database, estate):
    running = Taker(database)
    running.intake.start()
    running.offer(batch([tap(9, 5)]))  # it looked what is waited for, and nothing was
    running.told.wait_for("rang")
    take_in(database, batch([tap(2, 4, amends=1)]))
    running.offer(batch([tap(1, 1)]))
    running.finish()
    assert counted(database) == {1: 1, 4: 1, 5: 1}
    assert rollup_is_right(database)
    store_no = stored(database)[0].store_no
    for _ in range(2):
        with database.writing() as connection:
            ledger.claim(connection, store_no, StoreState("store-1", 9, ((3, 8),), 6), NOW)
    assert counted(database) == {4: 1, 5: 1}
    assert rollup_is_right(database)


def test_a_watcher_is_told_which_lines_a_new_tap_takes_away(database, estate):
    with database.reading() as connection:
        last = max((one.tap_id for one in taps.between(connection, 0, 2**62)), default=0)
    take_in(database, batch([tap(1, 1), tap(5, 5)]))
    with database.reading() as connection:
        old = ticker.since(connection, estate.site_id, last, 50)
    assert [(row.rating, row.replaces) for row in old] == [(1, ()), (5, ())]
    take_in(database, batch([tap(2, 2, amends=1), tap(3, 3, amends=2)]))
    with database.reading() as connection:
        (row,) = ticker.since(connection, estate.site_id, old[-1].tap_id, 50)
    assert (row.rating, row.replaces) == (3, (row.tap_id - 1, old[0].tap_id))


def test_a_changed_answer_leaves_the_alert_window_whether_it_was_counted_there_or_not(database, estate):
    watch = Watch(database, now=lambda: NOW, live=Live())

    def window():
        watch.take_batches()
        with database.reading() as connection:
            return tuple(alert_windows.counted(connection, [estate.lobby], 0)[estate.lobby])

    take_in(database, batch([tap(1, 1), tap(2, 1, tapped_at=NOW - 60_000)]))
    assert window() == (2, 2)
    take_in(database, batch([tap(3, 5, tapped_at=NOW - 60_000, amends=1)]))
    assert window() == (2, 1)
    take_in(database, batch([tap(4, 1, tapped_at=NOW - 60_000, slip=SLIP)]))
    take_in(database, batch([tap(5, 1, tapped_at=NOW - 60_000, slip=SLIP, amends=4, urgent=True)]))
    assert window() == (3, 2)


# --- whatever the order ---------------------------------------------------------------------------------


@st.composite
def changed_answers(draw):
    """Taps, some of which replace earlier ones (or none that exists), and commits of batches of them."""
    made = draw(st.integers(1, 14))
    taps = []
    for seq in range(1, made + 1):
        amends = draw(st.sampled_from([0, 0, *range(1, seq + 2)]))
        mark = draw(st.sampled_from(["", "", "", "test", "burst"]))
        more = {"test": mark == "test", "burst": mark == "burst", "slip": draw(st.sampled_from(["", SLIP]))}
        at = NOW - 1_000 * draw(st.integers(1, 600))
        taps.append(tap(seq, draw(st.integers(1, 5)), tapped_at=at, amends=amends, **more))
    order = draw(st.permutations(taps + draw(st.lists(st.sampled_from(taps), max_size=10))))
    grouped = []
    while order:
        commit = []
        for _ in range(draw(st.integers(1, 3))):
            size = draw(st.integers(1, 6))
            if order:
                commit.append(order[:size])
            order = order[size:]
        grouped.append(commit)
    return taps, grouped, draw(st.lists(st.booleans(), min_size=len(grouped), max_size=len(grouped)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed_answers())
def test_order_repetition_splitting_and_the_watch_do_not_matter(database, delivered):
    taps, commits, watched = delivered
    name, number, touchpoint = place_one(database)
    watch = Watch(database, now=lambda: NOW, live=Live())
    for commit, looks in zip(commits, watched, strict=True):
        taker = Taker(database)
        for some in commit:
            taker.offer(batch(some), name)
        taker.finish()
        assert rollup_is_right(database)
        if looks:
            watch.take_batches()
    watch.take_batches()
    watch.tick()
    replaced = {one.amends for one in taps if one.amends < one.seq}
    live = [one for one in taps if one.seq not in replaced and not (one.test or one.burst)]
    with database.reading() as connection:
        rows = rollup.counts(connection, from_hour=0, to_hour=2**31 - 1, touchpoint_ids=[touchpoint])
        window = alert_windows.counted(connection, [touchpoint], 0).get(touchpoint, (0, 0))
        (total,) = ledger.totals(connection, terminal_no=number)
        store_no = connection.execute(
            select(schema.stores.c.store_no).where(schema.stores.c.terminal_no == number)
        ).scalar_one()
        waited_for = amendments.waiting(connection, [store_no])
    found = Counter()
    for row in rows:
        found[row.rating] += row.n
    assert found == Counter(one.rating for one in live)
    assert tuple(window) == (len(live), sum(one.rating <= 2 for one in live))
    assert total.received == len(taps)
    assert waited_for == {}
