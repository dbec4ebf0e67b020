"""Sleeping until something happens, instead of looking sixty times a second.

In: the time to sleep. Out: whether there is something to read before that. Kivy looks for touches once a
frame: few frames make a slow kiosk, many frames a warm one. Under X11 SDL itself can wait; Kivy has no way to
ask it, so the library in Kivy's wheel is asked directly. Without a window system SDL would only look in a
loop: there the kernel's input channels are waited for, beside SDL, which reads its own copies of them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import time
from importlib.util import find_spec
from pathlib import Path

_WAITING_DRIVERS = ("x11", "wayland")
_BARE_DRIVER = "KMSDRM"
_USER_EVENT = 0x8000
LONGEST = 1.0
"""Seconds. A signal is heard only between two waits."""
INPUT = Path("/dev/input")
LOOK_FOR_PANELS_EVERY = 5.0
"""Seconds between looks for a touch panel that was plugged in."""


class InputWait:
    """Waits for the kernel's input channels. A channel has many readers: nothing is taken from SDL."""

    def __init__(self, folder: Path = INPUT) -> None:
        self._folder = folder
        self._channels: dict[str, int] = {}
        self._look_at = 0.0
        self._told, self._tell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._told, select.POLLIN)
        self._find_channels()

    def wait(self, seconds: float) -> bool:
        """Sleep; True at once when a channel has something, or `wake` was called."""
        if time.monotonic() >= self._look_at:
            self._find_channels()
        ready = self._poll.poll(max(1, round(seconds * 1000)))
        for channel, what in ready:
            if not self._emptied(channel) or what & (select.POLLERR | select.POLLNVAL):
                self._forget(channel)
        return bool(ready)

    def wake(self) -> None:
        """End the wait, from any thread."""
        with contextlib.suppress(BlockingIOError):  # full: it is awake already
            os.write(self._tell, b"\0")

    def close(self) -> None:
        """Give everything back."""
        for channel in (*self._channels.values(), self._told, self._tell):
            os.close(channel)
        self._channels.clear()

    def _find_channels(self) -> None:
        self._look_at = time.monotonic() + LOOK_FOR_PANELS_EVERY
        for path in sorted(self._folder.glob("event*")):
            if path.name not in self._channels:
                with contextlib.suppress(OSError):
                    channel = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                    self._channels[path.name] = channel
                    self._poll.register(channel, select.POLLIN)

    def _emptied(self, channel: int) -> bool:
        """Read all there is, so that the next wait waits; False when the channel has ended (unplugged)."""
        try:
            while data := os.read(channel, 4096):
                del data
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _forget(self, channel: int) -> None:
        for name in [name for name, one in self._channels.items() if one == channel]:
            self._poll.unregister(channel)
            os.close(channel)
            del self._channels[name]


class Pace:
    """The wait and its wake-up. Made after the window, by the thread that owns it."""

    def __init__(self) -> None:
        self._sdl = sdl_library()
        self.driver: str = (self._sdl.SDL_GetCurrentVideoDriver() or b"").decode() if self._sdl else ""
        """How SDL reaches the screen: `x11`, `KMSDRM`, `offscreen`; empty when it cannot be asked."""
        self._input = InputWait() if self.driver == _BARE_DRIVER else None
        self.waits = self.driver in _WAITING_DRIVERS or self._input is not None
        self._nudge = ctypes.create_string_buffer(_USER_EVENT.to_bytes(4, "little"), 128)

    def wait(self, seconds: float) -> bool:
        """Sleep; True at once when there is something to read. Only for the thread of the window."""
        if seconds <= 0:
            return False
        if self._input is not None:
            return self._input.wait(min(seconds, LONGEST))
        if self._sdl is None:
            return False
        return bool(self._sdl.SDL_WaitEventTimeout(None, max(1, round(min(seconds, LONGEST) * 1000))))

    def wake(self) -> None:
        """End the wait, from any thread."""
        if self._input is not None:
            self._input.wake()
        elif self._sdl is not None and self.waits:
            self._sdl.SDL_PushEvent(self._nudge)


def sdl_library() -> ctypes.CDLL | None:
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
