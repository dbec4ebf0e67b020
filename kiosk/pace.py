"""Sleeping until something happens, instead of looking sixty times a second.

In: the time to sleep. Out: whether the windowing system has an event before that. Kivy looks for touches once
a frame: few frames make a slow kiosk, many frames a warm one. SDL itself can wait; Kivy has no way to ask it,
so the library in Kivy's wheel is asked directly. Where SDL would only look in a loop (no window system),
nothing is gained and `Pace.waits` is False.
"""

from __future__ import annotations

import ctypes
from importlib.util import find_spec
from pathlib import Path

_WAITING_DRIVERS = ("x11", "wayland")
_USER_EVENT = 0x8000
LONGEST = 1.0
"""Seconds. A signal is heard only between two waits."""


class Pace:
    """SDL's wait and its wake-up. Made after the window, by the thread that owns it."""

    def __init__(self) -> None:
        self._sdl = _sdl()
        self.driver: str = (self._sdl.SDL_GetCurrentVideoDriver() or b"").decode() if self._sdl else ""
        """How SDL reaches the screen: `x11`, `KMSDRM`, `offscreen`; empty when it cannot be asked."""
        self.waits = self.driver in _WAITING_DRIVERS
        self._nudge = ctypes.create_string_buffer(_USER_EVENT.to_bytes(4, "little"), 128)

    def wait(self, seconds: float) -> bool:
        """Sleep; True at once when SDL has an event. Only for the thread of the window."""
        if self._sdl is None or seconds <= 0:
            return False
        return bool(self._sdl.SDL_WaitEventTimeout(None, max(1, round(min(seconds, LONGEST) * 1000))))

    def wake(self) -> None:
        """End the wait, from any thread."""
        if self._sdl is not None and self.waits:
            self._sdl.SDL_PushEvent(self._nudge)


def _sdl() -> ctypes.CDLL | None:
    """The SDL that Kivy's wheel brought; None when Kivy was built against another."""
    spec = find_spec("kivy")
    if spec is None or spec.origin is None:
        return None
    libraries = sorted((Path(spec.origin).parent.parent / "Kivy.libs").glob("libSDL2-2-*.so*"))
    if not libraries:
        return None
    sdl = ctypes.CDLL(str(libraries[0]))
    sdl.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
    sdl.SDL_WaitEventTimeout.argtypes = (ctypes.c_void_p, ctypes.c_int)
    sdl.SDL_PushEvent.argtypes = (ctypes.c_void_p,)
    return sdl
