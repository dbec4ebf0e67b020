from __future__ import annotations

from contextlib import closing

import pytest

from hub.store import alert_rules, alert_windows, batches, touchpoints
from hub.store.database import Database
from hub.store.taps import FLAG_BURST, FLAG_TEST
from tests.hub.alerts.estate import START, Estate
from tests.peers.postgres import Postgres

BAD, FAIR, GOOD = 1, 3, 5


@pytest.fixture
def estate(database: Database) -> Estate:
    return Estate(database)


def test_bad_answers_fire_an_alert_and_a_letter_to_every_enabled_sink(estate: Estate) -> None:
    first, second = estate.add_sink(), estate.add_sink()
    estate.tap(estate.lift, BAD, 2, BAD, FAIR, GOOD)
    watch = estate.watch(public_url="http://hub.example:8080")
    assert watch.take_batches() == 1
    [alert] = estate.open_alerts()
    assert (alert.touchpoint_id, alert.n, alert.bad, alert.opened_at) == (estate.lift, 5, 3, START)
    assert alert.touchpoint == {"zh-CN": "3号楼客梯A"}
    told = estate.letters()
    assert sorted(letter.sink_id for letter in told) == [first, second]
    assert len({letter.letter_id for letter in told}) == 2
    content = told[0].content
    assert (content["n"], content["bad"], content["sequence"]) == (5, 3, 1)
    assert content["touchpoint"]["above"] == [{"zh-CN": "总体"}, {"zh-CN": "电梯乘梯"}]
    assert content["page"] == "http://hub.example:8080/manager/alerts"
    assert watch.fired == 1


def test_each_touchpoint_of_a_subtree_is_judged_by_itself(estate: Estate) -> None:
    estate.tap(estate.lift, BAD, BAD, BAD)
    estate.tap(estate.gate, BAD, BAD, BAD)
    watch = estate.watch()
    watch.take_batches()
    assert estate.open_alerts() == []
    estate.tap(estate.gate, BAD)
    watch.take_batches()
    assert [alert.touchpoint_id for alert in estate.open_alerts()] == [estate.gate]


def test_one_alert_and_one_letter_however_often_it_is_confirmed(estate: Estate) -> None:
    estate.add_sink()
    watch = estate.watch()
    for _ in range(10):
        estate.tap(estate.lift, BAD, BAD)
        watch.take_batches()
        watch.tick()
        estate.pass_s(1)
    [alert] = estate.open_alerts()
    assert (alert.n, alert.bad, alert.changed_at) == (20, 20, START + 1_000)
    assert len(estate.letters()) == 1


def test_it_is_resolved_when_answers_are_good_again_and_fires_anew_only_after_the_cooldown(
    estate: Estate,
) -> None:
    estate.add_sink()
    watch = estate.watch()
    estate.tap(estate.lift, BAD, BAD, BAD, BAD)
    watch.take_batches()
    estate.pass_s(60)
    estate.tap(estate.lift, *[GOOD] * 10)
    watch.take_batches()
    [alert] = estate.alerts()
    assert (alert.state, alert.n, alert.bad, alert.resolved_at) == ("resolved", 14, 4, START + 60_000)
    assert [letter.kind for letter in estate.letters()] == ["alert.firing", "alert.resolved"]

    for pause_s, open_alerts in ((1_700, 0), (99, 0), (1, 1)):
        estate.pass_s(pause_s)
        estate.tap(estate.lift, *[BAD] * 4)
        watch.take_batches()
        assert len(estate.open_alerts()) == open_alerts


def test_time_alone_resolves_an_alert_when_its_window_has_emptied(estate: Estate) -> None:
    watch = estate.watch()
    estate.tap(estate.lift, *[BAD] * 4)
    watch.take_batches()
    for pause_s, state in ((890, "firing"), (15, "resolved")):
        estate.pass_s(pause_s)
        watch.tick()
        assert estate.alerts()[0].state == state
    assert (estate.alerts()[0].n, estate.alerts()[0].bad) == (0, 0)


def test_a_window_that_is_still_bad_when_the_cooldown_ends_fires_without_another_tap(estate: Estate) -> None:
    estate.set_rule(window_s=7_200, cooldown_s=600)
    watch = estate.watch()
    estate.tap(estate.lift, *[BAD] * 4)
    watch.take_batches()
    estate.tap(estate.lift, *[GOOD] * 10)
    watch.take_batches()
    estate.tap(estate.lift, *[BAD] * 20)
    watch.take_batches()
    assert estate.open_alerts() == []
    estate.pass_s(601)
    watch.tick()
    assert len(estate.open_alerts()) == 1


def test_late_taps_fire_nothing(estate: Estate) -> None:
    """TL-CLK-03"""
    watch = estate.watch()
    estate.tap(estate.lift, *[BAD] * 50, at=START - 901_000)
    watch.take_batches()
    watch.tick()
    assert estate.alerts() == []
    estate.tap(estate.lift, *[BAD] * 4, at=START - 600_000)
    watch.take_batches()
    assert len(estate.open_alerts()) == 1, "late but within the window counts"


def test_test_taps_and_bursts_fire_nothing(estate: Estate) -> None:
    watch = estate.watch()
    estate.tap(estate.lift, *[BAD] * 9, flags=FLAG_TEST)
    estate.tap(estate.lift, *[BAD] * 9, flags=FLAG_BURST)
    estate.tap(estate.lift, *[BAD] * 9, flags=FLAG_TEST | FLAG_BURST)
    watch.take_batches()
    assert estate.alerts() == []


def test_a_disabled_rule_fires_nothing_and_lets_go_of_its_alert(estate: Estate) -> None:
    estate.add_sink()
    watch = estate.watch()
    estate.tap(estate.lift, *[BAD] * 4)
    watch.take_batches()
    estate.set_rule(enabled=False)
    estate.tap(estate.lift, *[BAD] * 4)
    estate.tap(estate.gate, *[BAD] * 4)
    watch.take_batches()
    assert len(estate.open_alerts()) == 1
    watch.tick()
    assert estate.open_alerts() == []
    firing, resolved = estate.letters()
    assert (firing.kind, resolved.kind) == ("alert.firing", "alert.resolved")
    assert resolved.content["because"] == "withdrawn", "not called a recovery"


def test_a_retired_touchpoint_fires_nothing_and_lets_go_of_its_alert(estate: Estate) -> None:
    watch = estate.watch()
    estate.tap(estate.lift, *[BAD] * 4)
    watch.take_batches()
    with estate.database.writing() as connection:
        touchpoints.retire(connection, estate.lift, estate.now)
    estate.tap(estate.lift, *[BAD] * 4)
    watch.take_batches()
    watch.tick()
    assert [alert.state for alert in estate.alerts()] == ["resolved"]


def test_two_rules_over_one_touchpoint_are_two_alerts(estate: Estate) -> None:
    with estate.database.writing() as connection:
        setting = alert_rules.BadShare(share=0.9, min_answers=2)
        alert_rules.create(connection, touchpoint_id=estate.lift, name="严重", setting=setting, now=START)
    estate.tap(estate.lift, BAD, BAD)
    watch = estate.watch()
    watch.take_batches()
    assert [alert.rule for alert in estate.open_alerts()] == ["严重"]
    estate.tap(estate.lift, BAD, BAD)
    watch.take_batches()
    assert len(estate.open_alerts()) == 2


def test_each_batch_counts_once_and_old_counts_are_forgotten(estate: Estate) -> None:
    watch, other = estate.watch(), estate.watch()
    for _ in range(3):
        estate.tap(estate.lift, BAD, GOOD)
    assert watch.take_batches() + other.take_batches() + watch.take_batches() == 3
    with estate.database.reading() as connection:
        counted = alert_windows.counted(connection, [estate.lift], 0)
        assert counted == {estate.lift: (6, 3)}
        assert batches.waiting(connection) == 0
    estate.pass_s(3_600)
    watch.tick()
    with estate.database.reading() as connection:
        assert alert_windows.counted(connection, [estate.lift], 0) == {}


def test_a_batch_that_another_watch_has_taken_over_is_not_counted_twice(estate: Estate) -> None:
    estate.tap(estate.lift, *[BAD] * 3)
    slow, quick = estate.watch(), estate.watch()
    with estate.database.writing() as connection:
        held = batches.claim(connection, slow._owner, estate.now, lease_for_ms=1_000)
    estate.pass_s(2)
    assert quick.take_batches() == 1
    slow._judge_batches(held)
    with estate.database.reading() as connection:
        assert alert_windows.counted(connection, [estate.lift], 0) == {estate.lift: (3, 3)}
    assert estate.alerts() == []


@pytest.mark.postgres
def test_batches_of_several_intakes_whose_ids_mingle_are_counted_once_each(postgres: Postgres) -> None:
    with closing(Database(postgres.new_database(migrated=True))) as database:
        estate = Estate(database)
        with database.writing() as one, database.writing() as other:
            first = estate.write(one, [(estate.lift, BAD, START, 0)] * 2)
            between = estate.write(other, [(estate.lift, BAD, START, 0), (estate.gate, GOOD, START, 0)])
            last = estate.write(one, [(estate.lift, GOOD, START, 0)] * 2)
            batches.add(one, first.first_tap_id, last.last_tap_id, START)
            batches.add(other, between.first_tap_id, between.last_tap_id, START)
        assert first.first_tap_id < between.first_tap_id < last.last_tap_id
        assert estate.watch().take_batches() == 2
        with database.reading() as connection:
            counted = alert_windows.counted(connection, [estate.lift, estate.gate], 0)
        assert counted == {estate.lift: (5, 3), estate.gate: (1, 0)}


def test_hundreds_of_touchpoints_are_judged_in_one_tick(estate: Estate) -> None:
    with estate.database.writing() as connection:
        more = [estate._touchpoint(connection, f"电梯{number}", estate.lifts) for number in range(230)]
    estate.commit([(touchpoint, BAD, START, 0) for touchpoint in more for _ in range(4)])
    watch = estate.watch()
    watch.take_batches()
    assert len(estate.open_alerts()) == 230
    estate.pass_s(1_000)
    watch.tick()
    assert estate.open_alerts() == []


def test_the_default_rule_of_a_site_is_made_once(estate: Estate) -> None:
    with estate.database.writing() as connection:
        assert alert_rules.default_for_site(connection, estate.site, START) == estate.rule
        assert [rule.rule_id for rule in alert_rules.every(connection, estate.site)] == [estate.rule]
        with pytest.raises(LookupError):
            alert_rules.default_for_site(connection, 99, START)
