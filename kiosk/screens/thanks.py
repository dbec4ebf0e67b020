"""The thank-you, drawn only when the answer is on disk. In: a ThanksView."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.relativelayout import RelativeLayout

from kiosk import palette, shapes
from kiosk.screens import drawing, typography
from kiosk.shapes import Point
from kiosk.view import ThanksView

CHECK = ((-0.42, -0.02), (-0.12, -0.34), (0.46, 0.32))
"""The mark, in a circle of radius 1."""
RADIUS = 104


class ThanksScreen(RelativeLayout):  # type: ignore[misc] # Kivy has no types
    """A check mark, one sentence, and where the answer is when the line is down."""

    headline = StringProperty("")
    headline_sub = StringProperty("")
    note = StringProperty("")
    note_sub = StringProperty("")
    scale = NumericProperty(1.0)
    margin = NumericProperty(0.0)

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self._sorry = False
        self._paint = InstructionGroup()
        self.canvas.add(self._paint)
        self.bind(size=self._measure)
        self._measure()

    def show(self, view: ThanksView) -> None:
        """Draw the view."""
        self.headline, self.headline_sub = view.headline
        self.note, self.note_sub = view.note
        self._sorry = view.sorry
        self._measure()

    def _measure(self, *_: object) -> None:
        self.scale = scale = typography.unit(*self.size)
        self.margin = 60 * scale
        ids = self.ids
        items = ((ids.headline, 44), (ids.headline_sub, 8), (ids.note, 56), (ids.note_sub, 4))
        piled = [(words, gap * scale) for words, gap in items]
        tall = 2 * RADIUS * scale + sum(gap + words.height for words, gap in piled if words.words)
        top = (self.height + tall) / 2
        typography.pile(piled, top - 2 * RADIUS * scale)
        self._mark((self.width / 2, top - RADIUS * scale))

    def _mark(self, centre: Point) -> None:
        """A blue disc with a check; grey after a bad answer, which nobody celebrates."""
        self._paint.clear()
        radius, (x, y) = RADIUS * self.scale, centre
        disc = palette.SOFT_INK if self._sorry else palette.ACCENT
        drawing.draw(self._paint, shapes.fill(shapes.disc(centre, radius)), disc)
        corners = [(x + across * radius, y + up * radius) for across, up in CHECK]
        for line in (corners[:2], corners[1:]):
            drawing.draw(self._paint, shapes.stroke(line, 0.085 * radius), palette.CARD)
        self._paint.add(Color(1, 1, 1, 1))
