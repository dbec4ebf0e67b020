"""Alerts, and letters with their replay."""

import re

import pytest

from hub.alerts import notice
from hub.alerts.rules import Counts
from hub.store import alert_rules, alerts, attempts, letters, sinks
from tests.peers.manager_hub import SITE, visit

PEOPLE = (("Alice", "operator"), ("Bob", "manager"), ("Dora", "auditor"))


@pytest.fixture
def hub(manager_hub):
    manager_hub.plant()
    for name, role in PEOPLE:
        manager_hub.person(name, role)
    with manager_hub.database.writing() as connection:
        alert_rules.default_for_site(connection, manager_hub.site_id, manager_hub.clock)
    return manager_hub


def fire(hub, touchpoint, resolved=False):
    with hub.database.writing() as connection:
        rule = alert_rules.every(connection)[0]
        opened = hub.clock - 600_000
        alert_id = alerts.fire(connection, (rule.rule_id, hub.at(touchpoint)), Counts(7, 5), opened)
        if resolved:
            alerts.resolve(connection, alert_id, Counts(8, 1), hub.clock)
    return alert_id


def dead_letter(hub, letter_id="msg_1"):
    with hub.database.writing() as connection:
        sink = sinks.create(
            connection,
            kind="webhook",
            name="Work orders",
            url="https://pms.example/hook?key=very-secret",
            secret="whsec_" + "A" * 32,
            now=hub.clock,
        )
        content = notice.trial(hub.site_id, SITE, hub.clock)
        letters.write(
            connection, letter_id=letter_id, sink_id=sink, kind="test", content=content, now=hub.clock
        )
        tried = attempts.begin(connection, letter_id, hub.clock)
        attempts.end(connection, tried, "refused", "HTTP 410 Gone")
        letters.settle(connection, letter_id, letters.DEAD, hub.clock, "HTTP 410 Gone")


def state_of(hub, letter_id="msg_1"):
    with hub.database.reading() as connection:
        return letters.by_id(connection, letter_id).state


def test_open_alerts_stand_on_the_overview_and_on_their_page(hub):
    fire(hub, "3 号楼大堂")
    with visit(hub, "Bob") as bob:
        for path in ("/manager?lang=en", "/manager/alerts?lang=en"):
            text = bob.see(path).text
            assert "Building 3 lobby" in text
            assert "5 bad of 7" in text
        assert "71%" in text
        assert "10 min ago" in text
        assert "Fires at 50% bad or more of at least 4 answers within 15 min" in text


def test_a_resolved_alert_is_kept_with_its_time(hub):
    fire(hub, "3 号楼大堂", resolved=True)
    with visit(hub, "Bob") as bob:
        text = bob.see("/manager/alerts?lang=zh-CN").text
    assert "目前没有预警。" in text
    assert "8 份中 1 份差评" in text
    assert "2026-11-23 20:00" in text


def test_a_dead_letter_is_sent_again_by_whoever_may_act(hub):
    dead_letter(hub)
    with visit(hub, "Bob") as bob:
        text = bob.see("/manager/letters?lang=en").text
        assert "HTTP 410 Gone" in text
        assert "Work orders" in text
        word = bob.csrf("/manager/letters")
        heard = hub.live.version
        assert bob.submit("/manager/letters/msg_1/replay", word).status_code == 303
    assert state_of(hub) == letters.WAITING
    assert hub.live.version == heard + 1


def test_all_dead_letters_are_sent_again_at_once(hub):
    dead_letter(hub)
    dead_letter(hub, "msg_2")
    with visit(hub, "Alice") as alice:
        assert alice.submit("/manager/letters/replay", alice.csrf("/manager/letters")).status_code == 303
    assert (state_of(hub), state_of(hub, "msg_2")) == (letters.WAITING, letters.WAITING)


def test_a_replay_without_the_forms_word_is_refused(hub):
    dead_letter(hub)
    with visit(hub, "Alice") as alice, visit(hub, "Bob") as bob:
        for word in (None, "", "forged", bob.csrf("/manager/letters")):
            assert alice.submit("/manager/letters/msg_1/replay", word).status_code == 403
    with visit(hub) as someone:
        assert someone.submit("/manager/letters/msg_1/replay", "").status_code == 303
    assert state_of(hub) == letters.DEAD


def test_an_auditor_sees_letters_and_cannot_send_them(hub):
    dead_letter(hub)
    with visit(hub, "Dora") as dora:
        text = dora.see("/manager/letters?lang=en").text
        assert "Given up" in text
        assert "Send again" not in text
        assert dora.submit("/manager/letters/msg_1/replay", dora.csrf("/manager/letters")).status_code == 403
    assert state_of(hub) == letters.DEAD


def test_a_letter_tells_each_attempt_and_no_page_tells_a_secret(hub):
    dead_letter(hub)
    with visit(hub, "Alice") as alice:
        one = alice.see("/manager/letters/msg_1?lang=en").text
        every = alice.see("/manager/letters?lang=en").text
        dead = alice.see("/manager/letters?state=dead&lang=en").text
        waiting = alice.see("/manager/letters?state=waiting&lang=en").text
    assert "refused" in one
    assert not re.search(r"very-secret|whsec_", one + every)
    assert "msg_1" in dead
    assert "msg_1" not in waiting
