"""The whole hub in one process, with a terminal that uses the real link: start, tap, restart, stop."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
import requests

from hub import terminal_passwords
from hub.app import Hub
from hub.listening import PortTaken
from hub.settings import Settings
from hub.store import labels, ledger, placements, presence, questionnaires, sites, terminals, touchpoints
from link import label_code
from link.answer import Answer
from link.identity import Identity
from link.machine import MachineClock
from link.messages import Config
from link.outbox import Outbox
from link.questionnaire import FACES_5, Question, Questionnaire
from link.uplink import Uplink

PASSWORD = "a-secret-of-256-bits"
CODE = label_code.mint(Random(7))


def settings(folder: Path, **more: object) -> Settings:
    fixed = {
        "data_dir": folder,
        "http_host": "127.0.0.1",
        "http_port": 0,
        "mqtt_host": "127.0.0.1",
        "mqtt_port": 0,
    }
    return Settings(**{**fixed, "log_level": "error", "heartbeat_after": 5, **more})


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(settings(tmp_path / "data"))
    one.start()
    yield one
    one.stop()


def furnish(hub: Hub) -> int:
    """One site with one touchpoint, one label and one terminal; return the touchpoint_id."""
    now = hub.parts.now()
    asked = Questionnaire("lobby", 1, {"zh-CN": "大堂"}, (Question("q", {"zh-CN": "满意吗？"}, FACES_5),))
    with hub.parts.database.writing() as connection:
        questionnaires.publish(connection, asked, now)
        site = sites.create(connection, name={"zh-CN": "演示"}, now=now, hotline="400")
        leaf = touchpoints.create(
            connection, site_id=site, kind="touchpoint", name={"zh-CN": "大堂"}, questionnaire_id="lobby"
        )
        labels.create(connection, CODE, leaf, now)
        hashed = terminal_passwords.hashed(PASSWORD, "salt")
        number = terminals.create(connection, terminal_id="k1", kind="kiosk", now=now, password_hash=hashed)
        placements.place_terminal(connection, number, leaf, now - 1000)
    hub.configs_changed()
    return leaf


class Kiosk:
    """A terminal without a screen."""

    def __init__(self, folder: Path, port: int) -> None:
        folder.mkdir(exist_ok=True)
        self.outbox = Outbox.open(folder / "outbox.db", machine="m1")
        self.configs: list[Config] = []
        self.uplink = Uplink(
            Identity("k1", PASSWORD, "127.0.0.1", port),
            self.outbox,
            MachineClock(trust=True),
            software="test",
            on_config=self.configs.append,
            on_change=lambda: None,
            retry_first_s=0.1,
            retry_most_s=0.5,
        )

    def tap(self, rating: int) -> None:
        self.outbox.keep(Answer("lobby@1", "q", "faces-5", rating), MachineClock(trust=True).read())
        self.uplink.wake()

    def close(self) -> None:
        self.uplink.stop()
        self.outbox.close()


@pytest.fixture
def kiosk(hub: Hub, tmp_path: Path) -> Iterator[Kiosk]:
    furnish(hub)
    one = Kiosk(tmp_path / "kiosk", hub.mqtt_port)
    one.uplink.start()
    yield one
    one.close()


def until(what: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def totals(hub: Hub) -> ledger.TerminalTotal | None:
    with hub.parts.database.reading() as connection:
        found = ledger.totals(connection)
    return found[0] if found else None


def test_a_tap_of_a_terminal_is_committed_and_settled(hub: Hub, kiosk: Kiosk) -> None:
    for rating in (5, 1, 4):
        kiosk.tap(rating)
    until(lambda: kiosk.outbox.pending() == 0)
    found = totals(hub)
    assert found is not None
    assert (found.received, found.missing) == (3, 0)


def test_a_terminal_is_told_what_to_ask_and_only_again_when_that_changes(hub: Hub, kiosk: Kiosk) -> None:
    """TL-CONF-03"""
    until(lambda: kiosk.configs)
    first = kiosk.configs[0]
    assert first.touchpoint["name"] == "大堂"
    assert first.survey_url == f"{hub.public_url}/t/{CODE}"
    assert (first.revision, first.hotline, first.heartbeat_after) == (1, "400", 5)
    hub.configs_changed()
    with hub.parts.database.writing() as connection:
        changed = Questionnaire("lobby", 1, {"zh-CN": "新"}, (Question("q", {"zh-CN": "好吗？"}, FACES_5),))
        questionnaires.publish(connection, changed, hub.parts.now())
    hub.configs_changed()
    until(lambda: kiosk.configs[-1].revision == 2)
    assert b"lobby" in bytes(kiosk.configs[-1].questionnaire)


def test_a_terminal_is_online_while_it_is_there_and_offline_after(hub: Hub, kiosk: Kiosk) -> None:
    def online() -> bool:
        with hub.parts.database.reading() as connection:
            return any(row.online for row in presence.every(connection))

    until(online)
    kiosk.uplink.stop()
    until(lambda: not online())


def test_taps_made_while_the_hub_was_away_are_there_after_its_restart(tmp_path: Path) -> None:
    hub = Hub(settings(tmp_path / "data"))
    hub.start()
    furnish(hub)
    kiosk = Kiosk(tmp_path / "kiosk", hub.mqtt_port)
    kiosk.uplink.start()
    kiosk.tap(5)
    until(lambda: kiosk.outbox.pending() == 0)
    hub.stop()
    for _ in range(5):
        kiosk.tap(2)
    again = Hub(settings(tmp_path / "data", mqtt_port=hub.mqtt_port))
    again.start()
    try:
        until(lambda: kiosk.outbox.pending() == 0)
        found = totals(again)
        assert found is not None
        assert (found.received, found.missing) == (6, 0)
    finally:
        kiosk.close()
        again.stop()


def test_the_pages_answer_with_safe_headers_and_nothing_from_elsewhere(hub: Hub) -> None:
    base = f"http://127.0.0.1:{hub.http_port}"
    for path, status in (("/", 200), ("/healthz", 200), ("/manager", 303), ("/nowhere", 404), ("/docs", 404)):
        answer = requests.get(base + path, timeout=5, allow_redirects=False)
        assert (path, answer.status_code) == (path, status)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "'self'" in answer.headers["Content-Security-Policy"]
        assert "server" not in answer.headers


def test_machines_are_told_whether_the_hub_is_ready_and_its_figures(hub: Hub, kiosk: Kiosk) -> None:
    base = f"http://127.0.0.1:{hub.http_port}"
    until(lambda: requests.get(f"{base}/readyz", timeout=5).status_code == 200)
    kiosk.tap(5)
    until(lambda: kiosk.outbox.pending() == 0)
    figures = requests.get(f"{base}/metrics", timeout=5).text
    for line in (
        "taploop_taps_committed_total 1.0",
        "taploop_terminals_online 1.0",
        "taploop_broker_sessions 2.0",
    ):
        assert line in figures
    assert re.search(r"^process_resident_memory_bytes \d", figures, re.MULTILINE)


def test_figures_are_for_the_networks_named_only(tmp_path: Path) -> None:
    hub = Hub(settings(tmp_path, metrics_from=("10.9.0.0/16",)))
    hub.start()
    try:
        assert requests.get(f"http://127.0.0.1:{hub.http_port}/metrics", timeout=5).status_code == 403
    finally:
        hub.stop()


def test_a_stopped_hub_leaves_no_thread_no_port_and_can_start_again(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    hub = Hub(settings(tmp_path))
    hub.start()
    with requests.get(f"http://127.0.0.1:{hub.http_port}/healthz", timeout=5):
        pass
    began = time.monotonic()
    hub.stop()
    assert time.monotonic() - began < 5
    assert {thread.name for thread in set(threading.enumerate()) - before if not thread.daemon} == set()
    for port in (hub.http_port, hub.mqtt_port):
        socket.create_server(("127.0.0.1", port)).close()
    hub = Hub(settings(tmp_path))
    hub.start()
    hub.stop()


def test_a_taken_broker_port_stops_the_start_and_frees_the_other(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        hub = Hub(settings(tmp_path / "d", http_port=port, mqtt_port=other.getsockname()[1]))
        with pytest.raises(PortTaken, match="set mqtt_port"):
            hub.start()
        socket.create_server(("127.0.0.1", port)).close()
        assert not (tmp_path / "d").exists()


def test_one_store_is_served_by_processes_of_different_roles(tmp_path: Path) -> None:
    taking_in = Hub(settings(tmp_path, roles=("ingest", "watch", "courier")))
    showing = Hub(settings(tmp_path, roles=("web",)))
    taking_in.start()
    showing.start()
    kiosk = None
    try:
        furnish(taking_in)
        kiosk = Kiosk(tmp_path / "kiosk", taking_in.mqtt_port)
        kiosk.uplink.start()
        kiosk.tap(5)
        until(lambda: kiosk.outbox.pending() == 0)
        base = f"http://127.0.0.1:{showing.http_port}"
        assert requests.get(f"{base}/t/{CODE}", timeout=5).status_code == 200
        figures = requests.get(f"{base}/metrics", timeout=5).text
        assert "\ntaploop_terminals_online 1.0\n" in figures
        assert "taploop_broker_connected" not in figures
        assert (taking_in.troubles(), showing.troubles()) == ({}, {})
    finally:
        if kiosk is not None:
            kiosk.close()
        showing.stop()
        taking_in.stop()
