"""Asks the graphics libraries who draws, and the window system how large it is; a process of its own.

In: the environment. Out: one line of JSON. A broken driver ends its process, which must not be the doctor's.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass

_SURFACELESS = 0x31DD
_OPENGL_ES = 0x30A0
_RENDERER = 0x1F01
_VIDEO = 0x20
_NOTHING_DRAWN_ON = None


@dataclass(slots=True)
class Graphics:
    """What was found; empty and 0 where nothing answered."""

    renderer: str = ""
    width: int = 0
    height: int = 0
    error: str = ""


def probe(timeout: float = 15.0) -> Graphics:
    """Ask, in another process; never raises."""
    try:
        told = subprocess.run(
            [sys.executable, "-m", "kiosk.graphics_probe"],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Graphics(**json.loads(told.stdout.splitlines()[-1]))
    except (OSError, subprocess.TimeoutExpired, IndexError, ValueError, TypeError) as error:
        return Graphics(error=f"{type(error).__name__}: {error}")


def renderer() -> str:
    """Who draws OpenGL ES here, such as `V3D 4.2` or `llvmpipe (…)`; empty when nobody does."""
    egl, gl = ctypes.CDLL("libEGL.so.1"), ctypes.CDLL("libGL.so.1")
    for name in ("eglGetProcAddress", "eglGetPlatformDisplay", "eglCreateContext"):
        getattr(egl, name).restype = ctypes.c_void_p
    display = ctypes.c_void_p(egl.eglGetPlatformDisplay(_SURFACELESS, None, None))
    if not egl.eglInitialize(display, None, None) or not egl.eglBindAPI(_OPENGL_ES):
        return ""
    version = (ctypes.c_int32 * 3)(0x3098, 2, 0x3038)  # EGL_CONTEXT_CLIENT_VERSION 2, EGL_NONE
    context = ctypes.c_void_p(egl.eglCreateContext(display, None, None, version))
    nothing = _NOTHING_DRAWN_ON
    if not context or not egl.eglMakeCurrent(display, nothing, nothing, context):
        return ""
    gl.glGetString.restype = ctypes.c_char_p
    told: bytes | None = gl.glGetString(_RENDERER)
    return (told or b"").decode(errors="replace")


def window_system(sdl: ctypes.CDLL) -> tuple[int, int]:
    """Width and height of the first screen of the window system; raises OSError when it does not answer."""
    sdl.SDL_GetError.restype = ctypes.c_char_p
    if sdl.SDL_Init(_VIDEO) != 0:
        raise OSError(sdl.SDL_GetError().decode(errors="replace"))
    mode = (ctypes.c_int32 * 6)()  # format, width, height, refresh rate, and a pointer
    if sdl.SDL_GetDesktopDisplayMode(0, mode) != 0:
        raise OSError(sdl.SDL_GetError().decode(errors="replace"))
    return mode[1], mode[2]


def main() -> None:
    """Tell what can be told."""
    from kiosk.pace import sdl_library

    found = Graphics()
    try:
        sdl = sdl_library()
        if sdl is not None and os.environ.get("DISPLAY"):
            os.environ.setdefault("SDL_VIDEODRIVER", "x11")  # else SDL would be content with no screen at all
            found.width, found.height = window_system(sdl)
    except OSError as error:
        found.error = str(error)
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
    sys.stdout.flush()  # what follows may end this process
    try:
        found.renderer = renderer()
    except OSError as error:
        found.error = found.error or str(error)
    sys.stdout.write(json.dumps(asdict(found)) + "\n")


if __name__ == "__main__":
    main()
