"""`taploop-hub serve` as a process: it says where it is, logs for machines, and stops when asked."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
SETTINGS = """
data_dir = "data"
http_host = "127.0.0.1"
http_port = 0
mqtt_host = "127.0.0.1"
mqtt_port = 0
log_format = "json"
"""


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "hub.toml").write_text(SETTINGS)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAPLOOP_")}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "hub", "serve", "--settings", str(tmp_path / "hub.toml")],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_there_and_stops_when_asked(
    serving: subprocess.Popen[str], sign: signal.Signals
) -> None:
    assert serving.stdout is not None
    told = [serving.stdout.readline() for _ in range(4)]
    here = re.search(r"on this machine: (http://\S+)\)", told[0])
    assert here is not None, told
    assert requests.get(here[1], timeout=10).status_code == 200  # the sign-in page, after a redirect
    assert re.match(r"MQTT +port \d+", told[1])
    serving.send_signal(sign)
    began = time.monotonic()
    _, errors = serving.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert serving.returncode == 0
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [line["event"] for line in lines if line["event"].startswith("hub.")] == [
        "hub.started",
        "hub.stopped",
    ]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    assert [line for line in lines if line["level"] in ("warning", "error")] == []
