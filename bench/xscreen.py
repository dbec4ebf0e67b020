"""An X server whose pixels lie in a file, and a finger on it: measured is what a person would see.

In: a size. Out: an Xvfb, boxes of its pixels, presses and releases by XTEST. All programs get the same.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

Box = tuple[int, int, int, int]
"""x, y of the upper left corner, width, height."""


class XScreen:
    """One screen of an Xvfb of its own."""

    def __init__(self, folder: Path, size: tuple[int, int] = (1280, 800)) -> None:
        if shutil.which("Xvfb") is None:
            raise SystemExit("Xvfb is missing; run: apt-get install xvfb")
        self.size = size
        told, tell = os.pipe()
        words = ["-displayfd", str(tell), "-screen", "0", f"{size[0]}x{size[1]}x24", "-fbdir", str(folder)]
        self._server = subprocess.Popen(
            ["Xvfb", *words, "-nolisten", "tcp", "-noreset", "-nocursor"],
            pass_fds=(tell,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(tell)
        with os.fdopen(told) as line:
            self.name = f":{line.readline().strip()}"
        self._map(folder / "Xvfb_screen0")
        self._x11, self._xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(self.name.encode()))

    def _map(self, path: Path) -> None:
        """An XWD file: header, colours of 12 bytes, then the pixels, 4 bytes each."""
        with path.open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self._file[:100])
        self._first, self._stride = header[0] + header[19] * 12, header[12]

    def __enter__(self) -> XScreen:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._x11.XCloseDisplay(self._display)
        self._file.close()
        self._server.terminate()
        self._server.wait(10)

    def environment(self) -> dict[str, str]:
        """The variables of a process that shows its window here."""
        kept = {k: v for k, v in os.environ.items() if k not in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
        return kept | {"DISPLAY": self.name, "LANG": "C.UTF-8"}

    def pixels(self, box: Box) -> bytes:
        """The box now, row by row."""
        x, y, width, height = box
        starts = (self._first + row * self._stride + x * 4 for row in range(y, y + height))
        return b"".join(self._file[at : at + width * 4] for at in starts)

    def colours(self, box: Box) -> int:
        """How many different pixels the box has."""
        data = self.pixels(box)
        return len({data[at : at + 4] for at in range(0, len(data), 4)})

    def until(self, seen: Callable[[], bool], within: float, every: float = 0.0005) -> float:
        """Look until it is so; the moment at which it was (perf_counter). Raises TimeoutError."""
        end = time.perf_counter() + within
        while not seen():
            if time.perf_counter() > end:
                raise TimeoutError(f"not seen within {within:.0f} s")
            time.sleep(every)
        return time.perf_counter()

    def move(self, x: int, y: int) -> None:
        """Move the finger."""
        self._xtst.XTestFakeMotionEvent(self._display, 0, x, y, 0)
        self._x11.XSync(self._display, 0)

    def press(self, *, down: bool) -> float:
        """Put the finger down or lift it; the moment at which the server had it."""
        at = time.perf_counter()
        self._xtst.XTestFakeButtonEvent(self._display, 1, int(down), 0)
        self._x11.XSync(self._display, 0)
        return at
