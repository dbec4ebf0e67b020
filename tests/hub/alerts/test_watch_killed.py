from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from hub.store import alert_windows
from hub.store.database import Database
from link.crash_points import EXIT_CODE
from tests.hub.alerts.estate import Estate

ROOT = Path(__file__).parents[3]
LEASE_S = 21
DAY = [[1, 1, 5], [2, 1], [1, 5, 5], [5] * 9, [1] * 4, [], [2] * 3]
"""Ratings of the batches that a watch finds, a minute apart."""
FIRES, RESOLVES = 1, 3


@pytest.fixture
def estates(new_url: Callable[[], str]) -> Iterator[list[Estate]]:
    with ExitStack() as ends:
        stores = [ends.enter_context(closing(Database(new_url()))) for _ in range(2)]
        yield [Estate(store) for store in stores]


def one_pass(estate: Estate, crash_at: str = "") -> int:
    environment = os.environ | {"TAPLOOP_CRASH_AT": crash_at, "PYTHONPATH": str(ROOT)}
    url = estate.database.url.render_as_string(hide_password=False)
    words = [sys.executable, "-m", "tests.hub.alerts.watching", url, str(estate.now)]
    return subprocess.run(words, env=environment, cwd=ROOT, check=False, capture_output=True).returncode


def what_is_known(estate: Estate) -> tuple[object, ...]:
    alerts = [(row.touchpoint_id, row.state, row.n, row.bad, row.opened_at) for row in estate.alerts()]
    letters = [(row.kind, row.content["n"], row.content["bad"]) for row in estate.letters()]
    with estate.database.reading() as connection:
        return alerts, letters, alert_windows.counted(connection, [estate.lift], 0)


@pytest.mark.parametrize("crash_at", ["watch.before_commit", "watch.after_commit"])
def test_a_watch_that_dies_in_the_middle_leaves_the_same_alerts_as_one_that_does_not(
    estates: list[Estate], crash_at: str
) -> None:
    killed, spared = estates
    for estate in estates:
        estate.add_sink()
    for number, ratings in enumerate(DAY):
        for estate in estates:
            estate.pass_s(60)
            if ratings:
                estate.tap(estate.lift, *ratings)
        if number in (FIRES, RESOLVES):
            assert one_pass(killed, crash_at) == EXIT_CODE
            if crash_at == "watch.after_commit":
                spared.watch().take_batches()  # what was committed was judged at this moment
        for estate in estates:
            estate.pass_s(LEASE_S)
        killed.watch().tick()
        killed.watch().take_batches()
        spared.watch().take_batches()
    assert what_is_known(killed) == what_is_known(spared)
    assert len(spared.alerts()) == 1
    assert [letter.kind for letter in spared.letters()] == ["alert.firing", "alert.resolved"]


def test_a_pass_without_a_crash_ends_well(estates: list[Estate]) -> None:
    estates[0].tap(estates[0].lift, 1, 1, 1, 1)
    assert one_pass(estates[0]) == 0
    assert len(estates[0].open_alerts()) == 1
