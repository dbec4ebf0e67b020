from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from link.answer import Answer
from link.clock import Reading
from link.outbox import Outbox
from link.uplink_reports import CLAIM_AFTER_S, Reports, Vitals, disk_free_at, will

READING = Reading("boot-1", 1_000, 1_795_428_000_000, trusted=True, day=20261123)
ANSWER = Answer("lobby@1", "satisfied", "faces-5", 5)
CALM = ((), 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    outbox = Outbox.open(path, machine="board-1")
    outbox.keep(ANSWER, READING)
    yield outbox
    outbox.close()


def reports_of(outbox: Outbox, jitter: list[tuple[float, float]] | None = None) -> Reports:
    def uniform(least: float, most: float) -> float:
        if jitter is not None:
            jitter.append((least, most))
        return most

    return Reports(outbox, Vitals("test 1", lambda: 7, lambda: 41.5, lambda: 3, dict), uniform)


# TL-STATE-02
def test_a_heartbeat_is_due_after_the_time_that_the_hub_asked_for_spread_by_a_fifth(outbox: Outbox) -> None:
    jitter: list[tuple[float, float]] = []
    reports = reports_of(outbox, jitter)
    reports.said(*CALM, now=100.0, heartbeat_after_s=300.0)
    assert jitter == [(0.8, 1.2)]
    assert reports.next_at(in_flight=False) == 460.0
    assert not reports.wanted(*CALM, in_flight=False, now=459.9)
    assert reports.wanted(*CALM, in_flight=True, now=460.0)


def test_a_change_is_told_at_once(outbox: Outbox) -> None:
    reports = reports_of(outbox)
    reports.said(*CALM, now=0.0, heartbeat_after_s=300.0)
    assert reports.wanted(("disk_full",), 0, in_flight=False, now=0.1)
    assert reports.wanted((), 5, in_flight=False, now=0.1)


def test_new_figures_are_claimed_soon_but_only_when_nothing_is_on_its_way(outbox: Outbox) -> None:
    reports = reports_of(outbox)
    reports.said(*CALM, now=0.0, heartbeat_after_s=300.0)
    reports.figures_changed()
    assert (reports.next_at(in_flight=False), reports.next_at(in_flight=True)) == (CLAIM_AFTER_S, 360.0)
    assert not reports.wanted(*CALM, in_flight=False, now=CLAIM_AFTER_S - 0.1)
    assert not reports.wanted(*CALM, in_flight=True, now=CLAIM_AFTER_S)
    assert reports.wanted(*CALM, in_flight=False, now=CLAIM_AFTER_S)


def test_a_state_says_how_the_machine_and_its_store_are(outbox: Outbox) -> None:
    (state,) = reports_of(outbox).states("birth", "s-1", READING, ("no_receipts",), 4)
    assert (state.kind, state.session, state.config_revision, state.troubles) == (
        "birth",
        "s-1",
        4,
        ("no_receipts",),
    )
    assert (state.software, state.disk_free, state.temperature, state.duplicate_touches) == (
        "test 1",
        7,
        41.5,
        3,
    )
    assert state.store is not None
    assert (state.store.last_seq, state.store.pending) == (1, ((1, 1),))


def test_the_current_store_is_told_last_because_the_last_word_is_retained(outbox: Outbox, path: Path) -> None:
    old = outbox.store
    outbox.close()
    moved = Outbox.open(path, machine="board-2")
    said = {
        kind: [
            (s.kind, s.store.store) for s in reports_of(moved).states(kind, "s", READING, (), 0) if s.store
        ]
        for kind in ("birth", "heartbeat", "will")
    }
    assert said == {
        "birth": [("birth", moved.store), ("heartbeat", old), ("heartbeat", moved.store)],
        "heartbeat": [("heartbeat", old), ("heartbeat", moved.store)],
        "will": [("heartbeat", old), ("will", moved.store)],
    }
    moved.close()


def test_a_will_claims_nothing() -> None:
    state = will("s-1", READING, "test 1")
    assert (state.kind, state.session, state.store) == ("will", "s-1", None)


def test_a_disk_that_cannot_be_asked_has_nothing_free(tmp_path: Path) -> None:
    assert disk_free_at(tmp_path)() > 0
    assert disk_free_at(tmp_path / "gone")() == 0
