"""What a kiosk costs and how fast it answers, beside the same page in Chromium's kiosk mode.

Both get the same X server, the same finger and the same ruler: pixels that change. What Chromium's figures
lack is all that the kiosk does besides: its store, its line to the hub.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import msgspec
import psutil

from bench.figures import Figure, quantile
from bench.rig import ROOT, free_port
from bench.xscreen import Box, XScreen
from kiosk.memory import Memory
from link import questionnaire
from link.identity import Identity
from link.messages import Config
from link.questionnaire import FACES_5, Question, Questionnaire

MIB = 1024 * 1024
STARTS = 3
TOUCHES = 40
KEPT = 10
PAUSE = 5.0
"""Seconds until the next answer is that of another person."""
IDLE_FOR = 20.0
FACES = 5
CHROMIUM = (
    "--kiosk",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--noerrdialogs",
    "--disable-infobars",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-extensions",
    "--window-position=0,0",
    "--window-size=1280,800",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One program: seconds, milliseconds, MiB, share of a core."""

    start: float
    frames: list[float]
    rss: float
    pss: float
    idle: float
    kept: list[float]


def measure() -> list[Figure]:
    """Every figure of the kiosk with Chromium's beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with XScreen(folder) as screen:
            ours = _of_kiosk(screen, folder)
            theirs = _of_chromium(screen, folder)
    return [*_times(ours, theirs), *_costs(ours, theirs)]


def _times(ours: Found, theirs: Found) -> list[Figure]:
    shares = ((0.5, "p50", ""), (0.95, "p95", "≤ 30 ms"))
    frames = [
        _beside(
            f"touch → frame, {name}",
            quantile(ours.frames, share),
            quantile(theirs.frames, share),
            "{:.1f} ms",
            aim,
        )
        for share, name, aim in shares
    ]
    kept = [
        Figure(f"touch lifted → kept on disk, {name}", f"{quantile(ours.kept, share):.1f} ms")
        for share, name, _ in shares
    ]
    what = f"start → question on the screen (median of {STARTS}, files in memory)"
    return [*frames, *kept, _beside(what, ours.start, theirs.start, "{:.2f} s", "≤ 2.5 s")]


def _costs(ours: Found, theirs: Found) -> list[Figure]:
    return [
        _beside("memory, all processes, RSS", ours.rss, theirs.rss, "{:.0f} MiB", "≤ 0.5"),
        _beside(
            "memory, all processes, PSS (shared pages once)", ours.pss, theirs.pss, "{:.0f} MiB", "≤ 0.5"
        ),
        _beside(f"idle for {IDLE_FOR:.0f} s, share of a core", ours.idle, theirs.idle, "{:.2f} %", "≤ 1.3 %"),
    ]


def _beside(what: str, ours: float, theirs: float, words: str, aim: str) -> Figure:
    return Figure(what, words.format(ours), words.format(theirs), ours / max(theirs, 1e-6), aim)


def _of_kiosk(screen: XScreen, folder: Path) -> Found:
    identity, data = folder / "identity.json", folder / "data"
    data.mkdir()
    Identity("bench", "secret", "127.0.0.1", free_port()).save(identity)
    Memory(data, "bench").remember(_config())
    run = ["run", "--identity", str(identity), "--data", str(data), "--session", "x11", "--diagonal", "15.6"]
    command = [sys.executable, "-m", "kiosk", *run]
    log = folder / "kiosk.log"
    start = median(_start_of(command, screen, log) for _ in range(STARTS))
    with _shown(command, screen, log) as process:
        return _found(process, screen, start, log)


def _config() -> Config:
    words = {
        "zh-CN": "您对大堂的环境卫生满意吗？",
        "en": "How satisfied are you with how clean the lobby is?",
    }
    asked = Questionnaire("lobby", 1, {"zh-CN": "大堂"}, (Question("clean", words, FACES_5),))
    place = {
        "name": "3 号楼大堂",
        "name_en": "Building 3, lobby",
        "place": "云栖花园",
        "place_en": "Yunqi Garden",
    }
    return Config(1, 1, place, msgspec.Raw(questionnaire.encode(asked)))


def _of_chromium(screen: XScreen, folder: Path) -> Found:
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("chromium is missing; run: apt-get install chromium fonts-noto-cjk")
    page = (Path(__file__).parent / "five_faces.html").as_uri()
    command = [program, *CHROMIUM, f"--user-data-dir={folder / 'profile'}", page]
    log = folder / "chromium.log"
    _start_of(command, screen, log)  # the first start makes the profile
    start = median(_start_of(command, screen, log) for _ in range(STARTS))
    with _shown(command, screen, log) as process:
        return _found(process, screen, start, None)


def _found(process: psutil.Process, screen: XScreen, start: float, log: Path | None) -> Found:
    time.sleep(5)
    idle = _idle(process)
    frames = _touches(screen)
    kept = _keeps(screen, log) if log else []
    return Found(start, frames, *_memory(process), idle, kept)


def _face(screen: XScreen, number: int) -> tuple[int, int]:
    """A point on a face, counted from the left."""
    return int(screen.size[0] * (number + 0.5) / FACES), int(screen.size[1] * 0.55)


def _around(screen: XScreen, number: int) -> Box:
    x, y = _face(screen, number)
    return x - 60, y - 60, 120, 120


def _start_of(command: list[str], screen: XScreen, log: Path) -> float:
    began = time.perf_counter()
    with _shown(command, screen, log):
        return time.perf_counter() - began


@contextmanager
def _shown(command: list[str], screen: XScreen, log: Path) -> Iterator[psutil.Process]:
    """A program from the moment its faces are on the screen until it is ended."""
    with log.open("wb") as file:
        running = subprocess.Popen(command, cwd=ROOT, env=screen.environment(), stdout=file, stderr=file)
    process = psutil.Process(running.pid)
    try:
        try:
            screen.until(
                lambda: all(screen.colours(_around(screen, n)) > 3 for n in (0, FACES - 1)), 60, 0.01
            )
        except TimeoutError:
            raise SystemExit(
                f"{command[0]} drew no face:\n{log.read_text(errors='replace')[-2000:]}"
            ) from None
        yield process
    finally:
        family = [process, *process.children(recursive=True)]
        running.terminate()
        for one in psutil.wait_procs(family, 20)[1]:
            one.kill()
        screen.until(lambda: screen.colours(_around(screen, 0)) == 1, 20, 0.02)


def _touches(screen: XScreen) -> list[float]:
    """Milliseconds from a finger on a face to its first changed pixel; it is lifted elsewhere."""
    chance, found = random.Random(7), []
    for number in range(TOUCHES):
        face = number % FACES
        box, there = _around(screen, face), _face(screen, (face + 2) % FACES)
        screen.move(*_face(screen, face))
        time.sleep(0.3 + chance.random() / 5)
        before = screen.pixels(box)
        down = screen.press(down=True)
        found.append((screen.until(lambda b=box, s=before: screen.pixels(b) != s, 5) - down) * 1000)  # type: ignore[misc]
        time.sleep(0.5)
        screen.move(*there)
        time.sleep(0.1)
        screen.press(down=False)
        screen.until(lambda b=box, s=before: screen.pixels(b) == s, 40, 0.01)  # type: ignore[misc]
    return found


def _keeps(screen: XScreen, log: Path) -> list[float]:
    """Milliseconds from a lifted finger to the line that says that the answer is committed."""
    found = []
    box = _around(screen, 2)
    for number in range(KEPT):
        before, said = screen.pixels(box), _kept_lines(log)
        screen.move(*_face(screen, 3 + number % 2))
        time.sleep(0.2)
        screen.press(down=True)
        time.sleep(0.08)
        up = screen.press(down=False)
        found.append((screen.until(lambda n=said: _kept_lines(log) > n, 20) - up) * 1000)  # type: ignore[misc]
        screen.until(lambda s=before: screen.pixels(box) != s, 20, 0.02)  # type: ignore[misc] # thanks …
        screen.until(lambda s=before: screen.pixels(box) == s, 60, 0.02)  # type: ignore[misc] # … and back
        time.sleep(PAUSE)
    return found


def _kept_lines(log: Path) -> int:
    lines = log.read_text(errors="replace").splitlines()
    return sum(1 for line in lines if line.startswith("{") and json.loads(line).get("event") == "kept")


def _idle(process: psutil.Process) -> float:
    """Per cent of one core, over all processes of it."""
    before = _seconds(process)
    time.sleep(IDLE_FOR)
    return (_seconds(process) - before) / IDLE_FOR * 100


def _seconds(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    times = [one.cpu_times() for one in family]
    return sum(one.user + one.system for one in times)


def _memory(process: psutil.Process) -> tuple[float, float]:
    """RSS and PSS in MiB, over all processes of it."""
    told = [one.memory_full_info() for one in (process, *process.children(recursive=True))]
    return sum(one.rss for one in told) / MIB, sum(one.pss for one in told) / MIB
