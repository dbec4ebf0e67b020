"""How the answers of a scale lie on a screen, and whether they can be touched there at all; pure.

In: a scale, the screen in millimetres. Out: the layout's id, which stays with each tap, or None: the keys
would be too small for old fingers, and the question is left to the phone.
"""

from __future__ import annotations

from typing import NamedTuple

from link.questionnaire import Scale

LEAST_MM = 20.0
"""No key is narrower: below this, people miss."""
CORNER_MM = 25.0
"""Side of the square in each upper corner that staff hold; nothing else lies there."""
USABLE = 0.95
"""Share of the screen's width that a row of answers has."""


class Screen(NamedTuple):
    """The visible screen, in millimetres."""

    width_mm: float
    height_mm: float


def screen_of(pixels: tuple[int, int], diagonal: float) -> Screen:
    """The screen of this many pixels whose diagonal has so many inches."""
    millimetre = (pixels[0] ** 2 + pixels[1] ** 2) ** 0.5 / (diagonal * 25.4)
    return Screen(pixels[0] / millimetre, pixels[1] / millimetre)


def layout_of(scale: Scale, screen: Screen | None) -> str | None:
    """`row-5`, `stars-5`, …: one row, worst on the left; None when its keys would be under 20 mm.

    A screen that has not been measured yet is taken to be large enough.
    """
    keys = len(scale.levels)
    if screen is not None and screen.width_mm * USABLE / keys < LEAST_MM:
        return None
    kind = "stars" if scale.levels[-1].face == "star" else "row"
    return f"{kind}-{keys}"


def corner_at(x_mm: float, y_mm: float, screen: Screen) -> str | None:
    """`corner:left` or `corner:right` when a point (from the lower left) is in an upper corner."""
    if y_mm < screen.height_mm - CORNER_MM:
        return None
    if x_mm <= CORNER_MM:
        return "corner:left"
    return "corner:right" if x_mm >= screen.width_mm - CORNER_MM else None
