"""A shade over the whole picture, for screens whose backlight nobody can set. In: per cent of light."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget


class Shade:
    """Lies on top of a widget and follows its size."""

    def __init__(self, widget: Widget) -> None:
        self._colour = Color(0, 0, 0, 0)
        self._sheet = Rectangle(size=widget.size)
        self._over = widget.canvas.after
        widget.bind(size=self._follow)

    def let_through(self, percent: int) -> None:
        """Let so much of the light through."""
        self._colour.a = 1 - min(max(percent, 0), 100) / 100
        self._over.clear()
        if self._colour.a:  # a shade that nobody sees is painted over every pixel all the same
            self._over.add(self._colour)
            self._over.add(self._sheet)

    def _follow(self, _: Widget, size: tuple[float, float]) -> None:
        self._sheet.size = size
