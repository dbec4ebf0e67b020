"""A mark with words below it, in the middle of the screen: what the thank-you and every notice look like."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, InstructionGroup
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.relativelayout import RelativeLayout

from kiosk import palette, shapes
from kiosk.palette import Colour
from kiosk.screens import drawing, typography
from kiosk.shapes import Point
from kiosk.view import Pair

Mark = Sequence[Sequence[Point]]
"""Lines in a circle of radius 1."""


class Sheet(RelativeLayout):  # type: ignore[misc] # Kivy has no types
    """A disc with a mark, a headline, a note, each in two languages; room for more beneath."""

    headline = StringProperty("")
    headline_sub = StringProperty("")
    note = StringProperty("")
    note_sub = StringProperty("")
    headline_step = NumericProperty(5)
    scale = NumericProperty(1.0)
    margin = NumericProperty(0.0)
    radius = 78.0
    """Of the disc, at scale 1."""
    bar = 0.10
    """Half the width of the mark's lines, in radii."""
    gaps = (34, 4, 30, 4)
    """Above headline, its translation, note, its translation."""

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self._paint = InstructionGroup()
        self.canvas.add(self._paint)

    def say(self, headline: Pair, note: Pair) -> None:
        """Set the words."""
        self.headline, self.headline_sub = headline
        self.note, self.note_sub = note

    def arrange(self, mark: Mark, disc: Colour, beneath: float = 0.0) -> float:
        """Put all in the middle, leaving `beneath` pixels for what follows; return where that begins."""
        self.scale = scale = typography.unit(*self.size)
        self.margin = 60 * scale
        ids = self.ids
        words = (ids.headline, ids.headline_sub, ids.note, ids.note_sub)
        piled = [(one, gap * scale) for one, gap in zip(words, self.gaps, strict=True)]
        radius = self.radius * scale
        tall = 2 * radius + sum(gap + one.height for one, gap in piled if one.words) + beneath
        top = (self.height + tall) / 2
        self._draw(mark, disc, (self.width / 2, top - radius), radius)
        return typography.pile(piled, top - 2 * radius)

    def _draw(self, mark: Mark, disc: Colour, centre: Point, radius: float) -> None:
        self._paint.clear()
        drawing.draw(self._paint, shapes.fill(shapes.disc(centre, radius)), disc)
        for line in mark:
            placed = [(centre[0] + across * radius, centre[1] + up * radius) for across, up in line]
            drawing.draw(self._paint, shapes.stroke(placed, self.bar * radius), palette.CARD)
        self._paint.add(Color(1, 1, 1, 1))
