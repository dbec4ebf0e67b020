"""Years of visits in a minute: nothing grows."""

from __future__ import annotations

from pathlib import Path

from tests.kiosk.easels import EaselProcess

VISITS = 20_000
WARM_UP = 2_000
MOST_GROWTH = 5_000_000
"""Bytes of memory."""


def test_twenty_thousand_visits_leave_nothing_behind(tmp_path: Path):
    easel = EaselProcess("1280x800", tmp_path)
    easel("soak", visits=WARM_UP, seed=1)
    before = easel("counts")
    easel("soak", visits=VISITS, seed=2)
    after = easel("counts")
    easel.close()
    assert after["rss"] - before["rss"] < MOST_GROWTH
    assert after["widgets"] == before["widgets"]
    assert after["instructions"] == before["instructions"]
    assert after["kept"] <= 200
