"""The stream of taps, read as a browser reads it."""

from contextlib import contextmanager

import pytest

from hub.web.manager import live
from tests.peers.manager_hub import HOUR, visit


@pytest.fixture
def hub(manager_hub):
    manager_hub.plant()
    manager_hub.terminal("kiosk-lobby", "3 号楼大堂", "大堂触摸屏")
    manager_hub.person("Bob", "manager")
    return manager_hub


@contextmanager
def listening(someone, path="/manager/live", **headers):
    """The events of the stream, one dict at a time; heartbeats have no name."""
    answer = someone.get(someone.hub.url + path, headers=headers, stream=True, timeout=20)
    try:
        yield answer, events(answer)
    finally:
        answer.close()


def events(answer):
    event = {}
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line == "" and event:
            if "retry" not in event:
                yield event
            event = {}
        elif line:
            name, _, value = line.partition(": ")
            event[name] = event.get(name, "") + value


def test_a_tap_is_told_once_it_is_committed(hub):
    with visit(hub, "Bob", language="zh-CN") as bob, listening(bob) as (answer, told):
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
        hub.tap("kiosk-lobby", 1)
        event = next(told)
    assert event["event"] == "tap"
    assert event["id"] == "1"
    for part in ("非常不满意", "3 号楼大堂", "大堂触摸屏", "触摸屏", "20:00:00", "<svg", "is-bad"):
        assert part in event["data"]


def test_an_answer_that_was_changed_takes_its_old_line_away(hub):
    hub.tap("kiosk-lobby", 1)
    with visit(hub, "Bob") as bob, listening(bob, "/manager/live?after=1") as (_, told):
        hub.tap("kiosk-lobby", 4, amends=1)
        assert 'data-replaces="1"' in next(told)["data"]
        shown = bob.see("/manager/taps").text
    assert shown.count("data-tap=") == 1
    assert 'data-tap="2"' in shown


def test_a_browser_that_was_away_resumes_after_the_last_tap_it_saw(hub):
    hub.tap("kiosk-lobby", 1, 2, 3)
    with visit(hub, "Bob") as bob:
        with listening(bob, **{"Last-Event-ID": "1"}) as (_, told):
            assert [next(told)["id"], next(told)["id"]] == ["2", "3"]
        with listening(bob, "/manager/live?after=2") as (_, told):
            assert next(told)["id"] == "3"
        with listening(bob, "/manager/live?after=0&last=2") as (_, told):
            assert next(told)["id"] == "2"


def test_a_stamp_that_is_no_number_is_not_believed(hub):
    hub.tap("kiosk-lobby", 5)
    with visit(hub, "Bob") as bob, listening(bob, **{"Last-Event-ID": "1; DROP"}) as (_, told):
        assert next(told)["id"] == "1"


def test_a_tap_sent_later_says_so_and_one_of_another_site_is_not_told(hub):
    first = hub.site_id
    with visit(hub, "Bob") as bob, listening(bob) as (_, told):
        hub.plant()
        hub.terminal("kiosk-other", "车库入口")
        hub.tap("kiosk-other", 3)
        hub.tap("kiosk-lobby", 4, at=hub.clock - HOUR)
        event = next(told)
    assert first != hub.site_id
    assert event["id"] == "2"
    assert "sent later" in event["data"]


def test_the_stream_ends_with_the_sign_in(hub):
    with visit(hub, "Bob") as bob, listening(bob) as (_, told):
        bob.submit("/sign-out", bob.csrf("/manager/letters"))
        hub.tap("kiosk-lobby", 1)
        assert list(told) == []


def test_nobody_listens_without_signing_in(hub):
    with visit(hub) as someone:
        assert someone.see("/manager/live").status_code == 303
        asked = someone.see("/manager/live", headers={"Accept": "text/event-stream"})
        assert (asked.status_code, asked.text) == (204, "")


def test_the_heartbeat_comes_within_the_patience_of_proxies():
    assert live.HEARTBEAT_AFTER <= 30


def test_the_stream_ends_by_itself_when_the_hub_is_about_to_stop(hub):
    with visit(hub, "Bob") as bob, listening(bob) as (_, told):
        hub.live.close()
        assert list(told) == []
