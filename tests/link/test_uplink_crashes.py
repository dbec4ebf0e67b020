"""The terminal's process ends at a named point of the line; its next life makes good what is open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from link.crash_points import EXIT_CODE
from link.outbox import Outbox
from tests.peers.mosquitto import StartMosquitto
from tests.peers.small_hub import SmallHub, wait_for

LIVE = """
import sys, time
from link.answer import Answer
from link.identity import Identity
from link.machine import MachineClock
from link.outbox import Outbox
from link.uplink import Uplink
clock = MachineClock(trust=True)
outbox = Outbox.open(sys.argv[1], machine="board-1", terminal="lobby-1")
for rating in range(1, int(sys.argv[3]) + 1):
    outbox.keep(Answer("lobby@1", "q", "faces-5", rating), clock.read())
uplink = Uplink(Identity("lobby-1", "secret", "127.0.0.1", int(sys.argv[2])), outbox, clock, software="crash",
                on_config=lambda config: None, on_change=lambda: None)
uplink.start()
until = time.monotonic() + 20
while uplink.status().pending and time.monotonic() < until:
    time.sleep(0.01)
uplink.stop()
outbox.close()
"""


def live(path: Path, port: int, taps: int, crash_at: str = "") -> int:
    done = subprocess.run(
        [sys.executable, "-c", LIVE, str(path), str(port), str(taps)],
        env=os.environ | {"TAPLOOP_CRASH_AT": crash_at},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize("point", ["uplink.after_publish", "uplink.after_receipt"])
def test_a_crash_on_the_line_leaves_the_taps_unsettled_and_the_next_life_sends_them(
    mosquitto: StartMosquitto, tmp_path: Path, point: str
) -> None:
    broker = mosquitto()
    hub = SmallHub(broker.port)
    path = tmp_path / "outbox.db"
    assert live(path, broker.port, 5, point) == EXIT_CODE
    outbox = Outbox.open(path, machine="board-1", terminal="lobby-1")
    assert [tap.seq for tap in outbox.due()] == [1, 2, 3, 4, 5]
    store = outbox.store
    outbox.close()
    if point == "uplink.after_receipt":
        wait_for(lambda: hub.has("lobby-1") == 5)
    assert live(path, broker.port, 1) == 0
    assert sorted(hub.taps) == [("lobby-1", store, seq) for seq in range(1, 7)]
    if point == "uplink.after_receipt":
        assert [hub.copies["lobby-1", store, seq] for seq in range(1, 7)] == [2, 2, 2, 2, 2, 1]
    outbox = Outbox.open(path, machine="board-1", terminal="lobby-1")
    assert (outbox.due(), outbox.store) == ([], store)
    outbox.close()
    hub.stop()
