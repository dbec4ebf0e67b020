"""The screen as a thing to be touched. In: pixels, diagonal. Out: millimetres, units, a finger's room."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from kiosk.screens.boxes import Box

TARGET_MM = 20.0
"""The least side of anything that can be touched: a hand that trembles still meets it."""
_SPARE = 1.01
_DRIFT = tuple(
    (x, y)
    for x, y in (
        (0, 1),
        (2, 2),
        (3, 0),
        (2, -2),
        (0, -3),
        (-2, -1),
        (-3, 1),
        (-1, 3),
        (1, 3),
        (1, -1),
        (-1, -3),
        (-2, 0),
    )
)
"""Where the layout stands in each hour, in pixels: no edge burns in."""


@dataclass(frozen=True, slots=True)
class Glass:
    """Width and height in pixels, the diagonal in inches."""

    width: float
    height: float
    diagonal: float = 15.6

    @property
    def box(self) -> Box:
        """All of it."""
        return Box(0.0, 0.0, float(self.width), float(self.height))

    @property
    def upright(self) -> bool:
        """Whether it stands on its short side."""
        return self.height > self.width

    @property
    def unit(self) -> float:
        """How much larger it is than 1280 × 800, or than 800 × 1280 when it stands upright."""
        across, up = (800, 1280) if self.upright else (1280, 800)
        return max(min(self.width / across, self.height / up), 0.25)

    @property
    def millimetre(self) -> float:
        """Pixels."""
        return hypot(self.width, self.height) / (self.diagonal * 25.4)

    @property
    def finger(self) -> float:
        """The least side of a target, in pixels."""
        return TARGET_MM * _SPARE * self.millimetre


def drift(hour: int) -> tuple[int, int]:
    """By how many pixels the layout is moved in this hour (counted from any beginning)."""
    return _DRIFT[hour % len(_DRIFT)]
