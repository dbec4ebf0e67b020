"""Eight sizes of type, and how a wording finds its own. In: words and their room. Out: a size and lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kivy.core.text import Label as Measured

from kiosk import lines

SCALE = (20, 24, 28, 38, 52, 72, 98, 134)
"""In pixels on a screen of 1280 × 800; other screens multiply all of them by their `unit`."""
ELDER = (2, 3, 3, 4, 5, 6, 7, 7)
"""The step that takes a step's place in elder mode: larger by 1.35 or more, out of the same eight sizes."""
LEADING = 1.3
"""From line to line, in ems."""
NATURAL = 1.448
"""Height of a line of the font itself, in ems: ascent 1.16 and descent 0.288."""
_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Room:
    """The room for some words: width in pixels, lines, weight, and how much larger the screen is."""

    width: float
    most_lines: int = 2
    heavy: bool = False
    scale: float = 1.0


@lru_cache(_REMEMBERED)
def fit(words: str, step: int, room: Room) -> tuple[int, tuple[str, ...]]:
    """The largest step of the scale, `step` or below, at which the words fit; and their lines.

    What does not fit at the smallest step takes more lines: nothing is ever cut off.
    """
    for smaller in range(step, 0, -1):
        found, widest = _broken(words, smaller, room)
        if len(found) <= room.most_lines and widest <= room.width:
            return smaller, found
    return 0, _broken(words, 0, room)[0]


@lru_cache(_REMEMBERED)
def width(line: str, size: float, *, bold: bool) -> float:
    """How wide a line is at a size, in pixels."""
    return float(Measured(font_size=size, bold=bold).get_extents(line)[0])


def _broken(words: str, step: int, room: Room) -> tuple[tuple[str, ...], float]:
    font = Measured(font_size=SCALE[step] * room.scale, bold=room.heavy)

    def measure(text: str) -> float:
        return float(font.get_extents(text)[0])

    found = lines.break_lines(words, measure, room.width)
    return tuple(found), max(map(measure, found), default=0.0)
