"""What a hub costs at rest: seconds to the first page, memory with everything on, memory of a terminal."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from bench import rig as rigs
from bench.figures import Figure
from link.identity import Identity

MIB = 1024 * 1024


def measure() -> list[Figure]:
    """Start of `make run` once installed, its hub's memory with the demo estate, one terminal's memory."""
    return [*_demo(), *_bare_hub(), _one_terminal()]


def _demo() -> list[Figure]:
    port = rigs.free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "demo", "run", "--no-window", "--data", folder, "--port", str(port)]
        began = time.perf_counter()
        running = subprocess.Popen(command, cwd=rigs.ROOT, stdout=subprocess.PIPE, text=True)
        try:
            _first_page(port)
            first_page = time.perf_counter() - began
            said = running.stdout
            assert said is not None
            while "Ctrl-C" not in said.readline():
                pass
            ready = time.perf_counter() - began
            time.sleep(10)
            memory = psutil.Process(running.pid).memory_info().rss / MIB
        finally:
            running.terminate()
            running.communicate(timeout=20)
    return [
        Figure("start of make run → first page", f"{first_page:.1f} s", aim="≤ 5 s"),
        Figure("start of make run → estate and history ready", f"{ready:.1f} s"),
        Figure("memory of the demo hub, six terminals tapping", f"{memory:.0f} MiB"),
    ]


def _bare_hub() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        rig = rigs.make(Path(folder), 1)
        began = time.perf_counter()
        with rigs.hub(rig, roles="ingest,watch,courier,web", broker="embedded") as process:
            _first_page(rig.http_port)
            started = time.perf_counter() - began
            time.sleep(5)
            memory = process.memory_info().rss / MIB
    return [
        Figure("start of taploop-hub serve → first page", f"{started:.1f} s"),
        Figure("memory of an idle hub with embedded broker", f"{memory:.0f} MiB", aim="≤ 150 MiB"),
    ]


def _one_terminal() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "identity.json"
        Identity("alone", "secret", "127.0.0.1", rigs.free_port()).save(file)
        running = subprocess.Popen([sys.executable, "-m", "demo", "simulate", str(file)], cwd=rigs.ROOT)
        time.sleep(4)
        memory = psutil.Process(running.pid).memory_info().rss / MIB
        running.terminate()
        running.wait(15)
    return Figure("memory of one simulated terminal", f"{memory:.0f} MiB")


def _first_page(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("no page within 30 s")
