"""Outlines and strokes as triangles with soft edges, so that faces are smooth on any graphics chip; pure.

In: points in pixels. Out: a flat list of x, y, u, v for each vertex, and the triangles' indices. u runs from
CLEAR outside the shape to SOLID inside over one pixel; the texture of the mesh turns it into transparency.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, hypot, pi, sin

Point = tuple[float, float]
CLEAR, SOLID = 0.25, 0.75
"""Centres of the two texels of a texture that is two pixels wide."""
SOFT = 0.6
"""Half the width of a soft edge, in pixels."""
_CAP_STEPS = 8


@dataclass(slots=True)
class Triangles:
    """A mesh being put together."""

    vertices: list[float] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)

    def corner(self, point: Point, u: float) -> int:
        """Add a vertex; return its index."""
        self.vertices += (point[0], point[1], u, 0.5)
        return len(self.vertices) // 4 - 1

    def ribbon(self, one: Sequence[int], other: Sequence[int]) -> None:
        """Fill the band between two rows of vertices of equal length."""
        for i in range(len(one) - 1):
            self.indices += (one[i], one[i + 1], other[i], one[i + 1], other[i + 1], other[i])


def fill(points: Sequence[Point], hub: Point | None = None) -> Triangles:
    """An outline, filled: a convex one, or one of which every corner can be seen from `hub`."""
    found = Triangles()
    outward = _outward(points)
    inner = [found.corner(_moved(p, n, -SOFT), SOLID) for p, n in zip(points, outward, strict=True)]
    outer = [found.corner(_moved(p, n, SOFT), CLEAR) for p, n in zip(points, outward, strict=True)]
    if hub is None:
        for i in range(1, len(inner) - 1):
            found.indices += (inner[0], inner[i], inner[i + 1])
    else:
        middle = found.corner(hub, SOLID)
        for i, corner in enumerate(inner):
            found.indices += (middle, inner[i - 1], corner)
    found.ribbon([*inner, inner[0]], [*outer, outer[0]])
    return found


def stroke(points: Sequence[Point], half: float) -> Triangles:
    """A line of width 2 × `half` with round ends; `points` bend gently or in few places."""
    found = Triangles()
    rows: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for centre, left, right in _sections(points):
        rows[0].append(found.corner(_moved(centre, left, half + SOFT), CLEAR))
        rows[1].append(found.corner(_moved(centre, left, half - SOFT), SOLID))
        rows[2].append(found.corner(_moved(centre, right, half - SOFT), SOLID))
        rows[3].append(found.corner(_moved(centre, right, half + SOFT), CLEAR))
    for one, other in itertools.pairwise(rows):
        found.ribbon(one, other)
    return found


def disc(centre: Point, radius: float, steps: int = 96) -> list[Point]:
    """The outline of a circle."""
    turns = (2 * pi * i / steps for i in range(steps))
    return [(centre[0] + radius * cos(turn), centre[1] + radius * sin(turn)) for turn in turns]


def star(centre: Point, radius: float, waist: float = 0.5) -> list[Point]:
    """The outline of a star with five points, one upwards; `waist` is its inner radius in radii."""
    turns = [pi / 2 + pi / 5 * i for i in range(10)]
    radii = (radius, radius * waist)
    return [
        (centre[0] + radii[i % 2] * cos(turn), centre[1] + radii[i % 2] * sin(turn))
        for i, turn in enumerate(turns)
    ]


def rounded_box(corner: Point, size: Point, radius: float, steps: int = 10) -> list[Point]:
    """The outline of a rectangle with round corners."""
    radius = min(radius, size[0] / 2, size[1] / 2)
    left, bottom = corner[0] + radius, corner[1] + radius
    right, top = corner[0] + size[0] - radius, corner[1] + size[1] - radius
    found: list[Point] = []
    for quarter, (x, y) in enumerate(((right, top), (left, top), (left, bottom), (right, bottom))):
        turns = (pi / 2 * (quarter + i / steps) for i in range(steps + 1))
        found += ((x + radius * cos(turn), y + radius * sin(turn)) for turn in turns)
    return found


def _sections(points: Sequence[Point]) -> list[tuple[Point, Point, Point]]:
    """Cross-sections of a line: centre, direction to its left edge, direction to its right edge."""
    along = [
        _direction(points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]) for i in range(len(points))
    ]
    start = [_cap(points[0], along[0], -pi / 2 * (1 - i / _CAP_STEPS)) for i in range(_CAP_STEPS)]
    middle = [_cap(point, way, 0.0) for point, way in zip(points, along, strict=True)]
    end = [_cap(points[-1], along[-1], pi / 2 * (i + 1) / _CAP_STEPS) for i in range(_CAP_STEPS)]
    return [*start, *middle, *end]


def _cap(centre: Point, way: Point, turn: float) -> tuple[Point, Point, Point]:
    ahead, aside = sin(turn), cos(turn)
    left = (-way[1] * aside + way[0] * ahead, way[0] * aside + way[1] * ahead)
    right = (way[1] * aside + way[0] * ahead, -way[0] * aside + way[1] * ahead)
    return centre, left, right


def _outward(points: Sequence[Point]) -> list[Point]:
    """The direction away from the shape at each corner of a convex outline."""
    clockwise = (
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True)) < 0
    )
    found: list[Point] = []
    for i in range(len(points)):
        way = _direction(points[i - 1], points[(i + 1) % len(points)])
        found.append((-way[1], way[0]) if clockwise else (way[1], -way[0]))
    return found


def _direction(start: Point, end: Point) -> Point:
    across, up = end[0] - start[0], end[1] - start[1]
    length = hypot(across, up) or 1.0
    return across / length, up / length


def _moved(point: Point, way: Point, by: float) -> Point:
    return point[0] + way[0] * by, point[1] + way[1] * by
