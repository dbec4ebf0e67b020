"""Eight sizes of type and a label that fits its words into them.

In: words, a width, the largest step allowed. Out: evenly broken lines in the largest size that fits.
Few sizes, because Kivy keeps every size of the font that was ever drawn in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from kivy.core.text import Label as Measured
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.label import Label

from kiosk import lines

SCALE = (20, 24, 28, 34, 42, 52, 64, 80)
"""In pixels on a screen of 1280 × 800; other screens multiply all of them by `unit`."""
LEADING = 1.3
"""From line to line, in ems."""
NATURAL = 1.448
"""Height of a line of the font itself, in ems: ascent 1.16 and descent 0.288."""


def unit(width: float, height: float) -> float:
    """How much larger this screen is than 1280 × 800, or than 800 × 1280 when it stands upright."""
    across, up = (1280, 800) if width >= height else (800, 1280)
    return max(min(width / across, height / up), 0.25)


@dataclass(frozen=True, slots=True)
class Room:
    """The room for some words: pixels, lines, weight, and how much larger the screen is."""

    width: float
    height: float = inf
    most_lines: int = 2
    heavy: bool = False
    scale: float = 1.0


def fit(words: str, step: int, room: Room) -> tuple[int, list[str]]:
    """The largest step of the scale, `step` or below, at which the words fit; and their lines.

    What does not fit at the smallest step takes more lines: nothing is ever cut off.
    """
    for smaller in range(step, 0, -1):
        found, widest = _broken(words, smaller, room)
        height = len(found) * SCALE[smaller] * room.scale * LEADING
        if len(found) <= room.most_lines and widest <= room.width and height <= room.height:
            return smaller, found
    return 0, _broken(words, 0, room)[0]


def _broken(words: str, step: int, room: Room) -> tuple[list[str], float]:
    font = Measured(font_size=SCALE[step] * room.scale, bold=room.heavy)

    def measure(text: str) -> float:
        return float(font.get_extents(text)[0])

    found = lines.break_lines(words, measure, room.width)
    return found, max(map(measure, found), default=0.0)


class Words(Label):  # type: ignore[misc] # Kivy has no types
    """A label of a given width that chooses its size from the scale; its height follows."""

    words = StringProperty("")
    step = NumericProperty(3)
    """The largest size it may take."""
    most_lines = NumericProperty(2)
    most_height = NumericProperty(inf)
    scale = NumericProperty(1.0)
    heavy = BooleanProperty(False)

    def __init__(self, **given: object) -> None:
        super().__init__(size_hint=(None, None), **given)
        for name in ("words", "step", "most_lines", "most_height", "scale", "heavy", "width"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        if not self.words or self.width <= 0:
            self.text, self.height = "", 0
            return
        room = Room(self.width, self.most_height, int(self.most_lines), self.heavy, self.scale)
        step, found = fit(self.words, int(self.step), room)
        self.bold = self.heavy
        self.line_height = LEADING / NATURAL
        self.font_size = SCALE[step] * self.scale
        # Kivy breaks again, and elsewhere, where its rounding finds a line too long: leave it some air.
        self.text_size = self.width + 4, None
        self.text = "\n".join(found)
        self.height = len(found) * self.font_size * LEADING


def pile(items: Sequence[tuple[Words, float]], top: float) -> float:
    """Put words below each other, each with its gap above; return the lower edge. Empty ones take no room."""
    for words, gap in items:
        if words.words:
            top -= gap + words.height
            words.y = top
    return top
