"""Why nothing is asked, and what an installer needs to see. In: a NoticeView."""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk import palette
from kiosk.screens import typography
from kiosk.screens.sheet import Mark, Sheet
from kiosk.view import NoticeView

MARKS: dict[str, Mark] = {
    "pause": (((-0.24, -0.36), (-0.24, 0.36)), ((0.24, -0.36), (0.24, 0.36))),
    "link": (((-0.62, 0.0), (-0.28, 0.0)), ((0.28, 0.0), (0.62, 0.0)), ((-0.1, -0.3), (0.1, 0.3))),
    "wait": (((-0.42, 0.0), (-0.42, 0.001)), ((0.0, 0.0), (0.0, 0.001)), ((0.42, 0.0), (0.42, 0.001))),
}
"""Two bars; a line that is cut; three dots."""
ROW = 50
"""Height of one line of details."""


class DetailRow(Widget):  # type: ignore[misc] # Kivy has no types
    """A name and its value."""

    name = StringProperty("")
    value = StringProperty("")
    scale = NumericProperty(1.0)
    share = NumericProperty(0.38)
    """Of the width, for the name."""


class NoticeScreen(Sheet):
    """A mark, one sentence, what comes next, and the facts."""

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self._shown: NoticeView | None = None
        self._rows: list[DetailRow] = []
        self.bind(size=self._measure)

    def show(self, view: NoticeView) -> None:
        """Draw the view."""
        if view == self._shown:
            return
        self._shown = view
        self.say(view.headline, view.note)
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
        if self._shown is None:
            return
        mark, self.scale = self._shown.mark, typography.unit(*self.size)
        room = (40 + ROW * len(self._rows)) * self.scale if self._rows else 0
        top = self.arrange(MARKS[mark], palette.WARNING if mark == "pause" else palette.SOFT_INK, room)
        for i, row in enumerate(self._rows):
            row.scale = self.scale
            row.size = self.width - 2 * self.margin, ROW * self.scale
            row.pos = self.margin, top - (40 + (i + 1) * ROW) * self.scale
