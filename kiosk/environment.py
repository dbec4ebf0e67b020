"""Every KIVY_, KCFG_ and SDL variable of the kiosk, each with its reason, set before the first Kivy import.

In: how the window is wanted. Out: the process's environment. Kivy reads it once, at import, and never again.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import Literal

FONTS = Path(__file__).parent / "fonts"
REGULAR = FONTS / "TaploopSansSC-Regular.otf"
BOLD = FONTS / "TaploopSansSC-Bold.otf"

Session = Literal["kms", "x11", "cage"]
"""What stands between the kiosk and the screen: nothing, an X server, or a Wayland kiosk compositor."""
_DRIVERS: dict[Session, str] = {
    "kms": "KMSDRM",
    "x11": "x11",
    # SDL in Kivy's wheel speaks no Wayland: under cage it goes through Xwayland.
    "cage": "x11",
}
_OURS = ("KIVY_", "KCFG_")


@dataclass(frozen=True, slots=True)
class Display:
    """How the kiosk is shown."""

    size: tuple[int, int] | None = None
    """Width and height of a window in pixels; None: the whole screen."""
    diagonal: float = 15.6
    """The visible screen, in inches; gives millimetres to touches and targets."""
    frames: int = 60
    """Most frames a second while something moves; `kiosk.pace` sleeps in between."""
    cursor: bool = False
    sound: bool = False
    """A tick at each touch; an open audio output costs power all the time."""
    session: Session | None = None
    """None: an X server when there is one, else none."""
    resolution: tuple[int, int] | None = None
    """Pixels of the whole screen, when they are known before the window is."""
    rotation: int = 0
    """Degrees by which the screen hangs turned to the left: 0, 90, 180 or 270."""


def session_of(wanted: Session | None, given: Mapping[str, str]) -> Session:
    """The session to draw in: as wanted, else the window system that the environment names, else none."""
    if wanted is not None:
        return wanted
    if given.get("DISPLAY"):
        return "x11"
    return "cage" if given.get("WAYLAND_DISPLAY") else "kms"


def variables(display: Display, runtime: Path) -> dict[str, str]:
    """The variables and their values; `runtime` is a directory that may be lost at any time."""
    return _kivy(runtime) | _window(display) | _touch_and_keys() | _sdl()


def _kivy(runtime: Path) -> dict[str, str]:
    regular, bold = str(REGULAR), str(BOLD)
    return {
        # Kivy would read --help and our own options as its own and exit with its usage.
        "KIVY_NO_ARGS": "1",
        # No ~/.kivy/config.ini: written at the first run, it would overrule this file for ever after. It
        # is also where modules are named: without it no inspector, screenshot, touchring or monitor.
        "KIVY_NO_CONFIG": "1",
        "KIVY_HOME": str(runtime),
        # A hundred log files on an SD card, and a console log beside ours.
        "KIVY_NO_FILELOG": "1",
        "KIVY_NO_CONSOLELOG": "1",
        # Kivy's loggers stay Python's: no handler on the root logger, sys.stderr untouched.
        "KIVY_LOG_MODE": "PYTHON",
        "KCFG_KIVY_LOG_LEVEL": "warning",
        # One provider each: the others would be tried at every start, and may draw differently.
        "KIVY_WINDOW": "sdl2",
        "KIVY_TEXT": "sdl2",
        "KIVY_IMAGE": "sdl2",
        "KIVY_AUDIO": "sdl2",
        # The kiosk neither copies nor pastes; without this Kivy looks for xclip and complains.
        "KIVY_CLIPBOARD": "dummy",
        # Kivy's own font has no Chinese and Kivy has no fallback; the system's .ttc opens as Japanese.
        "KCFG_KIVY_DEFAULT_FONT": str(["Taploop Sans SC", regular, regular, bold, bold]),
        # A desktop's scaling must not enlarge what was laid out in millimetres.
        "KIVY_METRICS_DENSITY": "1",
        "KIVY_METRICS_FONTSCALE": "1",
    }


def _window(display: Display) -> dict[str, str]:
    found = {
        "KCFG_GRAPHICS_SHOW_CURSOR": str(int(display.cursor)),
        "KCFG_GRAPHICS_ALLOW_SCREENSAVER": "0",
        "KCFG_GRAPHICS_RESIZABLE": "0",
        # Faces bring their own soft edges; multisampling would cost memory and blacken screenshots.
        "KCFG_GRAPHICS_MULTISAMPLES": "0",
        # 60 gives touch → frame p95 26 ms where 30 gives 51; `kiosk.pace` takes back the idle cost of it.
        "KCFG_GRAPHICS_MAXFPS": str(display.frames),
        # Without a window system nobody else turns the picture; Kivy turns the touches with it.
        "KCFG_GRAPHICS_ROTATION": str(display.rotation),
    }
    if display.size is None:
        found |= {"KCFG_GRAPHICS_FULLSCREEN": "auto", "KCFG_GRAPHICS_BORDERLESS": "1"}
    else:
        found["KCFG_GRAPHICS_FULLSCREEN"] = "0"
    pixels = display.size or display.resolution
    if pixels is not None:
        # The whole screen too: on an X server without a window manager nobody enlarges a window.
        found["KCFG_GRAPHICS_WIDTH"], found["KCFG_GRAPHICS_HEIGHT"] = map(str, pixels)
        # The size that a cheap panel tells in its EDID is often that of another panel.
        found["KIVY_DPI"] = f"{hypot(*pixels) / display.diagonal:.1f}"
    return found


def _touch_and_keys() -> dict[str, str]:
    return {
        # One finger, one tap: SDL's synthetic mouse is the only provider (the app drops probesysfs, which
        # reads the same panel again), and no red dots for a second or a right "finger".
        "KCFG_INPUT_MOUSE": "mouse,disable_multitouch",
        # Escape would end the kiosk.
        "KCFG_KIVY_EXIT_ON_ESCAPE": "0",
        # A window that is hidden for a moment must not stop asking for good.
        "KCFG_KIVY_PAUSE_ON_MINIMIZE": "0",
        # No keyboard slides in: there is nothing to type.
        "KCFG_KIVY_KEYBOARD_MODE": "system",
    }


def _sdl() -> dict[str, str]:
    return {
        # The one provider above lives from this: a finger is told as a mouse, and a mouse not as a finger.
        "SDL_TOUCH_MOUSE_EVENTS": "1",
        "SDL_MOUSE_TOUCH_EVENTS": "0",
        # SDL drops the touch that gives its window the focus; here every touch is meant.
        "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",
        # A dialogue of the desktop that takes the focus would send the kiosk into the task bar.
        "SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS": "0",
        "SDL_VIDEO_ALLOW_SCREENSAVER": "0",
        # SIGTERM is ours: what was answered is put on disk first.
        "SDL_NO_SIGNAL_HANDLERS": "1",
        # Without it SDL draws although another program owns the screen, and nobody sees it.
        "SDL_KMSDRM_REQUIRE_DRM_MASTER": "1",
    }


def prepare(display: Display, runtime: Path) -> None:
    """Set the variables; a mistake if Kivy is imported already, for it would not see them."""
    if "kivy" in sys.modules:
        raise RuntimeError("kiosk.environment.prepare comes before the first import of Kivy")
    runtime.mkdir(parents=True, exist_ok=True)
    for name in [one for one in os.environ if one.startswith(_OURS)]:
        del os.environ[name]  # whoever starts the kiosk cannot bring in a module or a second provider
    os.environ.update(variables(display, runtime))
    # Tests draw offscreen; everybody else in the session that was chosen.
    os.environ.setdefault("SDL_VIDEODRIVER", _DRIVERS[session_of(display.session, os.environ)])
    logging.getLogger("kivy").addFilter(_is_worth_reading)


def _is_worth_reading(record: logging.LogRecord) -> bool:
    """Kivy tries a touch library that the kiosk does not use, and prints a traceback when it is missing."""
    return "MTDev is not supported" not in str(record.msg)
