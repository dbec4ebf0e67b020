"""`make run` as a newcomer does it: start, look, stop, start again; and when the port is taken."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from hub.store import ledger
from hub.store.database import Database
from tests.peers.display import Display

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def command(data: Path, port: int, *more: str) -> list[str]:
    words = ["--data", str(data), "--port", str(port), "--mqtt-port", str(free_port())]
    return [sys.executable, "-m", "demo", "run", *words, *more]


@contextmanager
def running(
    data: Path, port: int, *more: str, env: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        command(data, port, *more),
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        yield process, said
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        assert process.returncode == 0, said + rest
        assert "Traceback" not in said + rest


def received(data: Path) -> dict[str, int]:
    """Taps by terminal that came over the line, not out of the made-up past."""
    database = Database(f"sqlite:///{data / 'hub' / 'hub.db'}")
    with database.reading() as connection:
        rows = ledger.view(connection)
    database.close()
    found: dict[str, int] = {}
    for row in rows:
        found[row.terminal_id] = found.get(row.terminal_id, 0) + row.received
    return found


def test_a_newcomer_finds_every_address_answering_and_the_data_stays(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port, "--no-window") as (_, said):
        link = re.search(r"http://127\S+/sign-in/\S+", said)
        survey = re.search(r"http://\S+/t/(\w{8})", said)
        assert link is not None
        assert survey is not None
        assert "█" in said  # the QR for a phone
        assert str(tmp_path) in said
        assert requests.get(link.group(0), timeout=10).status_code == 200
        page = requests.get(f"http://127.0.0.1:{port}/t/{survey.group(1)}", timeout=10)
        assert (page.status_code, "本页不要求付款" in page.text) == (200, True)
        before = received(tmp_path)
        deadline = time.monotonic() + 40
        while sum(received(tmp_path).values()) < sum(before.values()) + 5:
            assert time.monotonic() < deadline, "the simulated terminals do not tap"
            time.sleep(0.5)
    after_first = received(tmp_path)
    with running(tmp_path, port, "--no-window") as (_, said):
        assert "First start" not in said
        again = received(tmp_path)
    assert all(again[terminal] >= taps for terminal, taps in after_first.items())


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as door:
        port = door.getsockname()[1]
        ended = subprocess.run(
            command(tmp_path, port, "--no-window"),
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 1
    assert str(port) in ended.stderr
    assert "make run PORT=" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_with_a_display_a_kiosk_window_opens_and_its_tap_arrives(tmp_path: Path, display: Display) -> None:
    with running(tmp_path, free_port(), env=display.environment()) as (_, said):
        assert "a window is open" in said
        before = received(tmp_path)["kiosk-b3-lobby"]
        deadline = time.monotonic() + 60
        while received(tmp_path)["kiosk-b3-lobby"] == before:
            assert time.monotonic() < deadline, "no tap of the kiosk's window reached the hub"
            display.touch(1165, 500)  # the happiest face
            time.sleep(1.5)
