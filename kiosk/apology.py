"""What the screen shows when the kiosk cannot even start: a plain picture, without Kivy, OpenGL or fonts.

In: a bitmap and the kernel's framebuffer. Out: the bitmap in the middle of a black screen.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PICTURE = Path(__file__).parent / "pictures" / "out_of_order.pbm"
IN_WORDS = "\n\n  This terminal is out of order. Please tell the property office.\n"
AGAIN = 10.0
"""Seconds until the picture is painted once more: whatever the kernel prints meanwhile goes away."""
_SET_MODE, _TEXT, _GRAPHICS = 0x4B3A, 0, 1
"""ioctl KDSETMODE: a console in graphics mode has no cursor and prints nothing."""


class NoFramebuffer(Exception):
    """This machine has no framebuffer that could be painted on."""


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Rows of bytes, one a pixel: 1 is lit."""

    width: int
    height: int
    rows: tuple[bytes, ...]

    @classmethod
    def read(cls, path: Path = PICTURE) -> Bitmap:
        """Read a binary PBM (P4), whose 1 is black."""
        magic, size, data = path.read_bytes().split(b"\n", 2)
        width, height = (int(part) for part in size.split())
        if magic != b"P4":
            raise ValueError(f"{path}: not a binary PBM")
        across = (width + 7) // 8
        lines = (data[at * across : (at + 1) * across] for at in range(height))
        return cls(width, height, tuple(_unpacked(line, width) for line in lines))


@dataclass(frozen=True, slots=True)
class Screen:
    """The shape of a framebuffer: pixels, bytes a pixel, bytes a row."""

    width: int
    height: int
    depth: int
    stride: int

    @classmethod
    def read(cls, folder: Path) -> Screen:
        """From /sys/class/graphics/fb0; raises NoFramebuffer."""
        try:
            width, height = (int(part) for part in (folder / "virtual_size").read_text().split(","))
            depth = int((folder / "bits_per_pixel").read_text()) // 8
            stride = int((folder / "stride").read_text())
        except (OSError, ValueError) as error:
            raise NoFramebuffer(f"{folder}: {error}") from error
        if min(width, height) < 1 or depth not in (2, 3, 4) or stride < width * depth:
            raise NoFramebuffer(f"{folder}: {width}x{height}, {depth} bytes a pixel, {stride} a row")
        return cls(width, height, depth, stride)


def painted(bitmap: Bitmap, screen: Screen) -> bytes:
    """All bytes of the framebuffer: the bitmap in its middle, as large as fits; cut if it must be."""
    times = max(1, min(screen.width // bitmap.width, screen.height // bitmap.height))
    black = bytes(screen.stride)
    rows = [_row(line, times, screen) for line in bitmap.rows for _ in range(times)]
    cut = max(0, len(rows) - screen.height) // 2
    rows = rows[cut : cut + screen.height]
    above = (screen.height - len(rows)) // 2
    return b"".join([black * above, *rows, black * (screen.height - above - len(rows))])


def _row(line: bytes, times: int, screen: Screen) -> bytes:
    wide = b"".join((b"\xff" if pixel else b"\0") * (times * screen.depth) for pixel in line)
    room = screen.width * screen.depth
    cut = max(0, len(wide) - room) // 2 // screen.depth * screen.depth
    wide = wide[cut : cut + room]
    left = (screen.width - len(wide) // screen.depth) // 2 * screen.depth
    return (bytes(left) + wide).ljust(screen.stride, b"\0")


def _unpacked(line: bytes, width: int) -> bytes:
    return bytes(1 - (line[at // 8] >> (7 - at % 8) & 1) for at in range(width))


def show(
    stop: threading.Event,
    *,
    device: Path = Path("/dev/fb0"),
    shape: Path = Path("/sys/class/graphics/fb0"),
    console: Path = Path("/dev/tty1"),
) -> None:
    """Paint it until `stop` is set; without a framebuffer say it in words. Raises OSError."""
    with _silent(console):
        try:
            data = painted(Bitmap.read(), Screen.read(shape))
        except NoFramebuffer:
            with console.open("w") as words:
                words.write(IN_WORDS)
            stop.wait()
            return
        while True:
            with device.open("r+b", buffering=0) as screen:
                screen.write(data)
            if stop.wait(AGAIN):
                return


@contextlib.contextmanager
def _silent(console: Path) -> Iterator[None]:
    """The console without cursor and text for the while; where that cannot be had, with them."""
    try:
        handle = os.open(console, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        yield
        return
    try:
        with contextlib.suppress(OSError):
            fcntl.ioctl(handle, _SET_MODE, _GRAPHICS)
        yield
    finally:
        with contextlib.suppress(OSError):
            fcntl.ioctl(handle, _SET_MODE, _TEXT)
        os.close(handle)
