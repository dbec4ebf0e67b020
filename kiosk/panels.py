"""The screens and touch panels of this machine. In: its files, or an X server. Out: names and sizes."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

DRM = Path("/sys/class/drm")
INPUT = Path("/sys/class/input")
_POINTER, _DIRECT = 0, 1
"""Bits of an input device's properties: a touch pad, a touch screen."""
_BTN_TOUCH, _ABS_X, _ABS_MT_X = 0x14A, 0x00, 0x35


@dataclass(frozen=True, slots=True)
class Screen:
    """A connected screen: HDMI-A-1 and its first mode, width and height in pixels (None: it tells none)."""

    name: str
    size: tuple[int, int] | None


def screens(drm: Path = DRM) -> list[Screen]:
    """The screens that are plugged in, as the graphics card sees them."""
    found = []
    for folder in sorted(drm.glob("card*-*")):
        if _text(folder / "status") == "connected":
            modes = _text(folder / "modes").split()
            found.append(Screen(folder.name.partition("-")[2], _size(modes[0]) if modes else None))
    return found


def x_screen(name: str) -> tuple[int, int] | None:
    """Width and height of an X server's screen (`:0`); None when it does not answer."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(name.encode()))
    if not display:
        return None
    size = x11.XDisplayWidth(display, 0), x11.XDisplayHeight(display, 0)
    x11.XCloseDisplay(display)
    return size


def touch_panels(inputs: Path = INPUT) -> list[str]:
    """Names of the input channels that are touch screens; touch pads and mice are none."""
    channels = sorted(inputs.glob("event*"), key=lambda path: int(path.name.removeprefix("event") or 0))
    return [_text(path / "device" / "name") for path in channels if _is_touch(path / "device")]


def _is_touch(device: Path) -> bool:
    properties = _bits(device / "properties")
    if properties >> _DIRECT & 1:
        return True
    axes, keys = _bits(device / "capabilities" / "abs"), _bits(device / "capabilities" / "key")
    placed = axes >> _ABS_X & 1 or axes >> _ABS_MT_X & 1
    return bool(keys >> _BTN_TOUCH & 1 and placed and not properties >> _POINTER & 1)


def _bits(path: Path) -> int:
    """Words of 64 bits in hexadecimal, the highest first."""
    found = 0
    for word in _text(path).split():
        try:
            found = found << 64 | int(word, 16)
        except ValueError:
            return 0
    return found


def _size(mode: str) -> tuple[int, int] | None:
    width, _, height = mode.rstrip("ip").partition("x")
    return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip("\0\n ")
    except OSError:
        return ""
