"""Fixtures: a real display for the tests: Xvfb on a free number, fingers by xdotool."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageGrab

NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool"}


@dataclass(frozen=True)
class Display:
    """An X server with one screen that only this test draws on."""

    name: str
    size: tuple[int, int]

    def environment(self) -> dict[str, str]:
        """The variables of a process that shows its windows here."""
        kept = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
        return kept | {"DISPLAY": self.name}

    def touch(self, x: float, y: float, held_ms: int = 60) -> None:
        """Put a finger on a point (0, 0 is the upper left), hold it, lift it."""
        self._xdotool("mousemove", x, y, "mousedown", 1, "sleep", held_ms / 1000, "mouseup", 1)

    def drag(self, start: tuple[float, float], end: tuple[float, float], held_ms: int) -> None:
        """Put a finger down, hold it, move it and lift it elsewhere."""
        down = ("mousemove", *start, "mousedown", 1, "sleep", held_ms / 1000)
        self._xdotool(*down, "mousemove", *end, "sleep", 0.05, "mouseup", 1)

    def key(self, name: str) -> None:
        """Press and release a key, as somebody with a keyboard would."""
        self._xdotool("key", name)

    def picture(self) -> Image.Image:
        """What the screen shows now."""
        return ImageGrab.grab(xdisplay=self.name).convert("RGB")

    def _xdotool(self, *words: object) -> None:
        command = ["xdotool", *(str(round(w) if isinstance(w, float) and w >= 1 else w) for w in words)]
        subprocess.run(command, env=self.environment(), check=True, timeout=20, capture_output=True)


def start_display(size: tuple[int, int]) -> tuple[Display, subprocess.Popen[bytes]]:
    """Start Xvfb; it picks a free number itself and tells it."""
    for program, package in NEEDED.items():
        if shutil.which(program) is None:
            pytest.fail(f"{program} is missing; run: apt-get install {package}")
    told, tell = os.pipe()
    screen = f"{size[0]}x{size[1]}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tell), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"],
        pass_fds=(tell,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(tell)
    with os.fdopen(told) as line:
        number = line.readline().strip()
    if not number:
        server.kill()
        pytest.fail("Xvfb did not start; run it by hand to see why: Xvfb :99 -screen 0 1280x800x24")
    return Display(f":{number}", size), server


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    """A screen of 1280 × 800."""
    shown, server = start_display((1280, 800))
    try:
        yield shown
    finally:
        server.terminate()
        server.wait(10)
        Path(f"/tmp/.X{shown.name[1:]}-lock").unlink(missing_ok=True)
