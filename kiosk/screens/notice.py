"""Why nothing is asked, and what an installer needs to see. In: a NoticeView."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.relativelayout import RelativeLayout
from kivy.uix.widget import Widget

from kiosk import palette, shapes
from kiosk.screens import drawing, typography
from kiosk.shapes import Point
from kiosk.view import NoticeView

MARKS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "pause": (((-0.24, -0.36), (-0.24, 0.36)), ((0.24, -0.36), (0.24, 0.36))),
    "link": (((-0.62, 0.0), (-0.28, 0.0)), ((0.28, 0.0), (0.62, 0.0)), ((-0.1, -0.3), (0.1, 0.3))),
    "wait": (((-0.42, 0.0), (-0.42, 0.001)), ((0.0, 0.0), (0.0, 0.001)), ((0.42, 0.0), (0.42, 0.001))),
}
"""Two bars; a line that is cut; three dots. In a circle of radius 1."""
RADIUS = 78
ROW = 50
"""Height of one line of details."""


class DetailRow(Widget):  # type: ignore[misc] # Kivy has no types
    """A name and its value."""

    name = StringProperty("")
    value = StringProperty("")
    scale = NumericProperty(1.0)
    share = NumericProperty(0.4)


class NoticeScreen(RelativeLayout):  # type: ignore[misc] # Kivy has no types
    """A mark, one sentence, what comes next, and the facts."""

    headline = StringProperty("")
    headline_sub = StringProperty("")
    note = StringProperty("")
    note_sub = StringProperty("")
    scale = NumericProperty(1.0)
    margin = NumericProperty(0.0)

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self._shown: NoticeView | None = None
        self._rows: list[DetailRow] = []
        self._paint = InstructionGroup()
        self.canvas.add(self._paint)
        self.bind(size=self._measure)
        self._measure()

    def show(self, view: NoticeView) -> None:
        """Draw the view."""
        if view == self._shown:
            return
        self._shown = view
        self.headline, self.headline_sub = view.headline
        self.note, self.note_sub = view.note
        for row in self._rows:
            self.remove_widget(row)
        self._rows = [
            DetailRow(name="  ".join(name), value=value, size_hint=(None, None))
            for name, value in view.details
        ]
        for row in self._rows:
            self.add_widget(row)
        self._measure()

    def _measure(self, *_: object) -> None:
        self.scale = scale = typography.unit(*self.size)
        self.margin = 60 * scale
        ids = self.ids
        items = ((ids.headline, 34), (ids.headline_sub, 4), (ids.note, 30), (ids.note_sub, 4))
        piled = [(words, gap * scale) for words, gap in items]
        rows = (40 + ROW * len(self._rows)) * scale if self._rows else 0
        tall = 2 * RADIUS * scale + sum(gap + words.height for words, gap in piled) + rows
        top = (self.height + tall) / 2
        self._mark((self.width / 2, top - RADIUS * scale))
        self._place_rows(typography.pile(piled, top - 2 * RADIUS * scale) - 40 * scale)

    def _place_rows(self, top: float) -> None:
        for i, row in enumerate(self._rows):
            row.scale, row.share = self.scale, 0.38
            row.size = self.width - 2 * self.margin, ROW * self.scale
            row.pos = self.margin, top - (i + 1) * ROW * self.scale

    def _mark(self, centre: Point) -> None:
        self._paint.clear()
        if self._shown is None:
            return
        radius, (x, y) = RADIUS * self.scale, centre
        colour = palette.WARNING if self._shown.mark == "pause" else palette.SOFT_INK
        drawing.draw(self._paint, shapes.fill(shapes.disc(centre, radius)), colour)
        for line in MARKS[self._shown.mark]:
            placed = [(x + across * radius, y + up * radius) for across, up in line]
            drawing.draw(self._paint, shapes.stroke(placed, 0.10 * radius), palette.CARD)
        self._paint.add(Color(1, 1, 1, 1))
