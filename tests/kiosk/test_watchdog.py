"""The service manager hears that the kiosk lives, exactly as long as it does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.watchdog import Notify, Pulse, Watchdog, hanging, ping_every
from tests.kiosk.conftest import ROOT

LIVELY = Pulse(1_000_000, 1_000_000, 1_000_000)


class Manager:
    """What systemd is to a service: a datagram socket, and the variables that name it."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0"))
        self.socket.settimeout(10)
        self.variables = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"}

    def next(self) -> str:
        return self.socket.recv(4096).decode()

    def heard_within(self, seconds: float) -> list[str]:
        until, heard = time.monotonic() + seconds, []
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                heard.append(self.next())
            except TimeoutError:
                break
        self.socket.settimeout(10)
        return heard


Beat = Callable[[Manager], subprocess.Popen[str]]


@pytest.fixture
def beat() -> Iterator[Beat]:
    """Starts a frame loop under a manager."""
    started: list[subprocess.Popen[str]] = []

    def start(manager: Manager) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.kiosk.beating"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | manager.variables, stdin=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.kill()
        process.wait(10)


def tell(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_the_manager_hears_ready_then_pings_then_the_end(beat: Beat, tmp_path: Path, kind: str):
    address = str(tmp_path / "notify") if kind == "path" else f"@taploop-{os.getpid()}"
    manager = Manager(address)
    with closing(manager.socket):
        process = beat(manager)
        assert manager.next() == "READY=1"
        assert set(manager.heard_within(1)) == {"WATCHDOG=1"}
        tell(process, "end")
        assert manager.heard_within(0.5)[-1] == "STOPPING=1"
        assert process.wait(10) == 0


@pytest.mark.parametrize("part", ["frames", "inbox", "store"])
def test_whatever_hangs_the_pings_stop(beat: Beat, tmp_path: Path, part: str):
    manager = Manager(str(tmp_path / "notify"))
    with closing(manager.socket):
        process = beat(manager)
        assert manager.next() == "READY=1"
        assert manager.next() == "WATCHDOG=1"
        tell(process, part)
        manager.heard_within(0.6)
        assert manager.heard_within(0.6) == []
        assert process.poll() is None


def test_started_by_hand_nobody_is_told_and_nothing_fails():
    dog = Watchdog(Notify(""), every=0, now=lambda: 0)
    dog.ready()
    dog.turned()
    dog.status("well")
    dog.stopping()


def test_a_manager_that_went_away_does_not_stop_the_kiosk(tmp_path: Path):
    notify = Notify(str(tmp_path / "gone"))
    assert not notify.send("WATCHDOG=1")
    notify.close()
    assert not notify.send("WATCHDOG=1")


def test_the_same_status_is_told_once(tmp_path: Path):
    manager = Manager(str(tmp_path / "notify"))
    with closing(manager.socket):
        dog = Watchdog(Notify(str(tmp_path / "notify")), every=0, now=lambda: 0)
        for words in ("asking", "asking", "asleep"):
            dog.status(words)
        assert manager.heard_within(0.2) == ["STATUS=asking", "STATUS=asleep"]
        dog.stopping()


@pytest.mark.parametrize(
    ("after", "part"),
    [(10_000, ""), (10_001, "frames"), (-5, "")],
)
def test_a_part_hangs_when_it_has_not_moved_for_too_long(after: int, part: str):
    assert hanging(LIVELY, 1_000_000 + after) == part


def test_a_slow_card_is_given_a_minute():
    waiting = Pulse(1_060_000, 1_060_000, 1_000_000)
    assert hanging(waiting, 1_060_000) == ""
    assert hanging(waiting, 1_060_001) == "store"


@pytest.mark.parametrize(
    ("variables", "every"),
    [
        ({}, 0),
        ({"WATCHDOG_USEC": "30000000"}, 7_500),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 7_500),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, 0),
        ({"WATCHDOG_USEC": "soon"}, 0),
    ],
)
def test_pings_come_four_times_as_often_as_the_manager_asks(variables: dict[str, str], every: int):
    assert ping_every(variables, 7) == every
