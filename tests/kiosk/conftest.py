"""Fixtures: a kiosk that runs in its own process, without a display, on a real outbox."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.memory import Memory
from link.identity import Identity
from tests.kiosk.asks import config

ROOT = Path(__file__).resolve().parents[2]


class KioskProcess:
    """Moves a puppet: a method of `tests.kiosk.puppet.Puppet` each call."""

    def __init__(self, folder: Path, size: str) -> None:
        self.folder = folder
        self.width, self.height = (int(part) for part in size.split("x"))
        self._errors = (folder / "stderr").open("w+b")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kiosk.puppet", str(folder), size, str(time.time())],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if k != "DISPLAY"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def __call__(self, do: str, **words: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            pytest.fail(f"the kiosk has ended:\n{(self.folder / 'stderr').read_text()}")
        return json.loads(answer)

    def middle(self, cell: int) -> tuple[float, float]:
        """The middle of an answer."""
        x, y, width, height = self("cells")[cell]
        return x + width / 2, y + height / 2

    def tap(self, cell: int, finger: str = "a") -> None:
        """A finger down and up on one face."""
        x, y = self.middle(cell)
        self("down", x=x, y=y, finger=finger)
        self("up", x=x, y=y, finger=finger)

    def touch(self, target: str) -> None:
        """A finger down and up on anything that can be touched."""
        left, low, width, height = self("targets")[target]
        x, y = left + width / 2, low + height / 2
        self("down", x=x, y=y, finger=target)
        self("up", x=x, y=y, finger=target)

    def until(self, stage: str) -> dict[str, Any]:
        """Wait for a stage of the flow; return the whole state."""
        return self._wait(lambda found: found == stage, f"is not {stage}")

    def after(self, stage: str) -> dict[str, Any]:
        """Wait until the flow has left this stage; return the whole state."""
        return self._wait(lambda found: found != stage, f"stays {stage}")

    def _wait(self, so: Callable[[str], bool], complaint: str) -> dict[str, Any]:
        deadline = time.monotonic() + 10
        while not so(self("stage")):
            if time.monotonic() > deadline:
                pytest.fail(f"the kiosk {complaint}: {self('state')}")
        state: dict[str, Any] = self("state")
        return state

    def rows(self) -> list[dict[str, Any]]:
        """The taps on disk, oldest first."""
        with closing(sqlite3.connect(self.folder / "data" / "outbox.db")) as database:
            return [json.loads(body) for (body,) in database.execute("select body from taps order by seq")]

    def close(self) -> None:
        """End it in good order."""
        if self._process.poll() is None:
            self("quit")
        code = self._process.wait(20)
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            assert stream is not None
            stream.close()
        assert code == 0, (self.folder / "stderr").read_text()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def furnish(folder: Path, *, paired: bool = True, remembers: bool = True, **settings: Any) -> Path:
    """Write what a kiosk finds at its start: an identity, and a config remembered from before."""
    (folder / "data").mkdir(parents=True)
    if paired:
        Identity("k-test", "secret", "127.0.0.1", closed_port()).save(folder / "identity.json")
    if remembers:
        Memory(folder / "data", "k-test").remember(config(settings=settings))
    return folder


Start = Callable[..., KioskProcess]


@pytest.fixture(scope="module")
def start_kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts kiosks of a given size; all are ended after the module's tests."""
    started: list[KioskProcess] = []

    def start(size: str = "1280x800", **how: bool) -> KioskProcess:
        started.append(KioskProcess(furnish(tmp_path_factory.mktemp("kiosk") / "k", **how), size))
        return started[-1]

    yield start
    for process in started:
        process.close()


@pytest.fixture(scope="module")
def shared(start_kiosk: Start) -> KioskProcess:
    """One kiosk for all tests of a module; `kiosk` brings it back to its question."""
    return start_kiosk()


@pytest.fixture
def kiosk(shared: KioskProcess) -> KioskProcess:
    """The shared kiosk, asking, its last visitor long gone."""
    shared("push", ms=20_000)
    shared.until("Asking")
    shared("push", ms=1_000)
    return shared
