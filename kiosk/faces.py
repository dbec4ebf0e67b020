"""The shapes of the faces: each differs by brows, eyes and mouth, not by colour alone; pure.

In: a face's name. Out: strokes and filled outlines inside a circle of radius 1 around 0, 0 (y upwards).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

Point = tuple[float, float]
STROKE = 0.085
"""Half the width of a stroke, in radii of the head."""
ROUNDING = 0.035
"""How far the corners of a filled outline are rounded."""
STEPS = 32


@dataclass(frozen=True, slots=True)
class Features:
    """What is drawn on a head: lines with round ends, and filled outlines (convex)."""

    strokes: tuple[tuple[Point, ...], ...]
    fills: tuple[tuple[Point, ...], ...]


def _arc(centre: Point, radii: Point, degrees: Point) -> tuple[Point, ...]:
    """Points on an ellipse, from and to an angle in degrees: 0 to the right, counter-clockwise."""
    start, end = degrees
    angles = [pi / 180 * (start + (end - start) * i / STEPS) for i in range(STEPS + 1)]
    return tuple((centre[0] + radii[0] * cos(angle), centre[1] + radii[1] * sin(angle)) for angle in angles)


def _eyes(y: float, rx: float = 0.105, ry: float = 0.14) -> tuple[tuple[Point, ...], ...]:
    return tuple(_arc((x, y), (rx, ry), (0, 360)) for x in (-0.34, 0.34))


_ANGRY_BROWS = (((-0.60, 0.52), (-0.20, 0.34)), ((0.20, 0.34), (0.60, 0.52)))
_SAD_BROWS = (((-0.58, 0.40), (-0.24, 0.52)), ((0.24, 0.52), (0.58, 0.40)))

FACES: dict[str, Features] = {
    "very_bad": Features(_ANGRY_BROWS, (*_eyes(0.10, 0.10, 0.12), _arc((0, -0.62), (0.44, 0.44), (0, 180)))),
    "bad": Features((*_SAD_BROWS, _arc((0, -0.66), (0.42, 0.32), (25, 155))), _eyes(0.16)),
    "fair": Features((((-0.38, -0.36), (0.38, -0.36)),), _eyes(0.22)),
    "good": Features((_arc((0, -0.16), (0.48, 0.36), (205, 335)),), _eyes(0.22)),
    "very_good": Features(
        (_arc((-0.36, 0.14), (0.18, 0.22), (15, 165)), _arc((0.36, 0.14), (0.18, 0.22), (15, 165))),
        (_arc((0, -0.12), (0.54, 0.52), (180, 360)),),
    ),
}
"""Worst first: angry with an open frown, sad, straight, smiling, laughing with closed eyes."""
