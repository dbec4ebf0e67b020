"""A shade over the whole picture, for screens whose backlight nobody can set. In: per cent of light."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget


class Shade:
    """Lies on top of a widget and follows its size."""

    def __init__(self, widget: Widget) -> None:
        self._colour = Color(0, 0, 0, 0)
        self._sheet = Rectangle(size=widget.size)
        widget.canvas.after.add(self._colour)
        widget.canvas.after.add(self._sheet)
        widget.bind(size=self._follow)

    def let_through(self, percent: int) -> None:
        """Let so much of the light through."""
        self._colour.a = 1 - min(max(percent, 0), 100) / 100

    def _follow(self, _: Widget, size: tuple[float, float]) -> None:
        self._sheet.size = size
