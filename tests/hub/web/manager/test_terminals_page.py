"""Terminals and their ledger, as a manager reads them."""

import re

import pytest

from link.messages import DayCount, State, StoreState
from tests.peers.manager_hub import HOUR, visit


@pytest.fixture
def hub(manager_hub):
    manager_hub.plant()
    manager_hub.terminal("kiosk-lobby", "3 号楼大堂", "大堂触摸屏")
    manager_hub.terminal("kiosk-lift", "3 号楼 1 单元客梯 A")
    manager_hub.person("Dora", "auditor")
    return manager_hub


def line(hub, terminal_id, path="/manager/terminals?lang=en"):
    with visit(hub, "Dora") as dora:
        text = dora.see(path).text
    row = next(row for row in re.findall(r"<tr>.*?</tr>", text, re.S) if terminal_id in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))


def test_a_terminal_that_was_never_heard_says_so(hub):
    assert "never connected" in line(hub, "kiosk-lift")
    assert "Building 3 unit 1 lift A" in line(hub, "kiosk-lift")


def test_a_terminal_says_state_clock_disk_and_software(hub):
    hub.birth("kiosk-lobby")
    hub.clock += 180_000
    said = line(hub, "kiosk-lobby")
    for part in ("大堂触摸屏", "online", "last heard: 3 min ago", "trusted", "23 GB", "0.1.0"):
        assert part in said


def test_a_will_sets_it_offline_and_what_is_pending_stays_known(hub):
    hub.tap("kiosk-lobby", 5)
    hub.birth("kiosk-lobby", StoreState("outbox-1", 4, ((2, 4),), 3, 0, hub.clock - 2 * HOUR))
    hub.hear("kiosk-lobby", State(v=1, kind="will", session="s1"))
    said = line(hub, "kiosk-lobby")
    assert "offline" in said
    assert re.search(r"3 oldest: 2 h ago 0 ", said)


def test_missing_taps_are_named_by_their_ranges(hub):
    hub.tap("kiosk-lobby", 5, 5)
    hub.birth("kiosk-lobby", StoreState("outbox-1", 9, days=(DayCount(20261123, 9),)))
    with visit(hub, "Dora") as dora:
        text = dora.see("/manager/terminals/kiosk-lobby?lang=en").text
        fleet = dora.see("/manager/terminals?lang=en").text
    assert "7 were made, but are neither stored nor on the terminal" in text
    assert "3–9" in text
    assert "Made, but neither stored nor on the terminal" in fleet
    row = re.search(r">2026-11-23</th>.*?</tr>", text, re.S).group()
    assert re.findall(r">(\d+)</td>", row) == ["9", "2", "0", "7", "0", "0"]


def test_a_whole_ledger_says_that_nothing_is_missing(hub):
    hub.tap("kiosk-lobby", 5, 4, 3)
    hub.birth("kiosk-lobby", StoreState("outbox-1", 3, days=(DayCount(20261123, 3),)))
    with visit(hub, "Dora") as dora:
        text = dora.see("/manager/terminals/kiosk-lobby?lang=zh-CN").text
    assert "终端做出 3 份，已入库 3 份，没有缺失。" in text


def test_troubles_are_told_in_words_and_stand_first(hub):
    hub.birth("kiosk-lobby")
    hub.birth("kiosk-lift", troubles=("clock_untrusted", "no_receipts", "something_new"))
    with visit(hub, "Dora") as dora:
        text = dora.see("/manager/terminals?lang=en").text
    assert "No receipts arrive: check the terminal's credential and network".replace("'", "&#39;") in text
    assert "something_new" in text
    assert text.index("kiosk-lift") < text.index("kiosk-lobby")
    assert "not trusted" in line(hub, "kiosk-lift")
