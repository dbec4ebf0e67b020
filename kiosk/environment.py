"""Every KIVY_, KCFG_ and SDL variable of the kiosk, each with its reason, set before the first Kivy import.

In: how the window is wanted. Out: the process's environment. Kivy reads it once, at import, and never again.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
REGULAR = FONTS / "TaploopSansSC-Regular.otf"
BOLD = FONTS / "TaploopSansSC-Bold.otf"


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


def variables(display: Display, runtime: Path) -> dict[str, str]:
    """The variables and their values; `runtime` is a directory that may be lost at any time."""
    regular, bold = str(REGULAR), str(BOLD)
    found = {
        # Kivy would read --help and our own options as its own and exit with its usage.
        "KIVY_NO_ARGS": "1",
        # No ~/.kivy/config.ini: written at the first run, it would overrule this file for ever after.
        "KIVY_NO_CONFIG": "1",
        "KIVY_HOME": str(runtime),
        # A hundred log files on an SD card, and a console log beside ours.
        "KIVY_NO_FILELOG": "1",
        "KIVY_NO_CONSOLELOG": "1",
        # Kivy's loggers stay Python's: no handler on the root logger, sys.stderr untouched.
        "KIVY_LOG_MODE": "PYTHON",
        # The kiosk neither copies nor pastes; without this Kivy looks for xclip and complains.
        "KIVY_CLIPBOARD": "dummy",
        # Kivy's own font has no Chinese and Kivy has no fallback; the system's .ttc opens as Japanese.
        "KCFG_KIVY_DEFAULT_FONT": str(["Taploop Sans SC", regular, regular, bold, bold]),
        # One finger, one tap: SDL's synthetic mouse is the only provider (the app drops probesysfs, which
        # reads the same panel again), and no red dots for a second or a right "finger".
        "KCFG_INPUT_MOUSE": "mouse,disable_multitouch",
        # Escape would end the kiosk.
        "KCFG_KIVY_EXIT_ON_ESCAPE": "0",
        "KCFG_GRAPHICS_SHOW_CURSOR": str(int(display.cursor)),
        "KCFG_GRAPHICS_ALLOW_SCREENSAVER": "0",
        "KCFG_GRAPHICS_RESIZABLE": "0",
        # Faces bring their own soft edges; multisampling would cost memory and blacken screenshots.
        "KCFG_GRAPHICS_MULTISAMPLES": "0",
        # 60 gives touch → frame p95 26 ms where 30 gives 51; `kiosk.pace` takes back the idle cost of it.
        "KCFG_GRAPHICS_MAXFPS": str(display.frames),
        "KCFG_KIVY_LOG_LEVEL": "warning",
        # SDL drops the touch that gives its window the focus; here every touch is meant.
        "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",
    }
    if display.size is None:
        found["KCFG_GRAPHICS_FULLSCREEN"] = "auto"
        found["KCFG_GRAPHICS_BORDERLESS"] = "1"
    else:
        found["KCFG_GRAPHICS_FULLSCREEN"] = "0"
        found["KCFG_GRAPHICS_WIDTH"], found["KCFG_GRAPHICS_HEIGHT"] = map(str, display.size)
    return found


def prepare(display: Display, runtime: Path) -> None:
    """Set the variables; a mistake if Kivy is imported already, for it would not see them."""
    if "kivy" in sys.modules:
        raise RuntimeError("kiosk.environment.prepare comes before the first import of Kivy")
    runtime.mkdir(parents=True, exist_ok=True)
    os.environ.update(variables(display, runtime))
    logging.getLogger("kivy").addFilter(_is_worth_reading)


def _is_worth_reading(record: logging.LogRecord) -> bool:
    """Kivy tries a touch library that the kiosk does not use, and prints a traceback when it is missing."""
    return "MTDev is not supported" not in str(record.msg)
