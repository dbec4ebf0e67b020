"""Small marks, drawn as lines, none told from another by colour alone. Out: strokes in a unit circle."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from kiosk.shapes import Point

Strokes = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Strokes with round ends, half as thick as `half` (in radii)."""

    strokes: Strokes
    half: float = 0.11


def _arc(centre: Point, radii: Point, degrees: Point, steps: int = 24) -> tuple[Point, ...]:
    start, end = degrees
    turns = [pi / 180 * (start + (end - start) * i / steps) for i in range(steps + 1)]
    return tuple((centre[0] + radii[0] * cos(turn), centre[1] + radii[1] * sin(turn)) for turn in turns)


def _dot(x: float, y: float) -> tuple[Point, ...]:
    return (x, y), (x, y + 0.001)


_GLOBE = Drawn(
    (
        _arc((0, 0), (0.82, 0.82), (0, 360), 48),
        _arc((0, 0), (0.36, 0.82), (0, 360), 48),
        ((-0.82, 0), (0.82, 0)),
        ((-0.68, 0.42), (0.68, 0.42)),
        ((-0.68, -0.42), (0.68, -0.42)),
    ),
    0.06,
)
_LETTERS = Drawn(
    (
        ((-0.95, -0.7), (-0.35, 0.85), (-0.35, 0.85), (0.25, -0.7)),
        ((-0.73, -0.18), (0.03, -0.18)),
        ((0.4, -0.7), (0.67, 0.02), (0.67, 0.02), (0.94, -0.7)),
        ((0.5, -0.44), (0.84, -0.44)),
    ),
    0.09,
)
_ARROW_DOWN = Drawn(
    (((0, 0.8), (0, -0.3)), ((-0.42, 0.1), (0, -0.34), (0.42, 0.1)), ((-0.8, -0.78), (0.8, -0.78)))
)
_ARROW_UP = Drawn(
    (((0, -0.8), (0, 0.3)), ((-0.42, -0.1), (0, 0.34), (0.42, -0.1)), ((-0.8, 0.78), (0.8, 0.78)))
)
_BACK_TURN = Drawn(
    (
        ((-0.25, 0.75), (-0.7, 0.32), (-0.25, -0.1)),
        ((-0.66, 0.32), (0.25, 0.32)),
        _arc((0.25, -0.16), (0.48, 0.48), (90, -90)),
        ((0.25, -0.64), (-0.45, -0.64)),
    )
)
_CROSS = Drawn((((-0.5, -0.5), (0.5, 0.5)), ((-0.5, 0.5), (0.5, -0.5))))
_LEAVE = Drawn(
    (
        ((0.1, 0.72), (-0.72, 0.72), (-0.72, -0.72), (0.1, -0.72)),
        ((-0.2, 0), (0.78, 0)),
        ((0.42, 0.36), (0.8, 0), (0.42, -0.36)),
    )
)
MARKS: dict[str, Drawn] = {
    "check": Drawn((((-0.52, -0.02), (-0.14, -0.4), (0.56, 0.38)),), 0.13),
    "cross": _CROSS,
    "warning": Drawn((((0, 0.3), (0, -0.14)), _dot(0, -0.46)), 0.12),
    "pause": Drawn((((-0.24, -0.36), (-0.24, 0.36)), ((0.24, -0.36), (0.24, 0.36)))),
    "link": Drawn((((-0.62, 0.0), (-0.28, 0.0)), ((0.28, 0.0), (0.62, 0.0)), ((-0.1, -0.3), (0.1, 0.3)))),
    "wait": Drawn((_dot(-0.42, 0), _dot(0, 0), _dot(0.42, 0))),
    "globe": _GLOBE,
    "letters": _LETTERS,
    "down": _ARROW_DOWN,
    "up": _ARROW_UP,
    "again": _BACK_TURN,
    "next": Drawn((((-0.2, 0.5), (0.3, 0), (-0.2, -0.5)),), 0.13),
    "erase": Drawn(
        (
            ((0.85, 0.55), (-0.3, 0.55), (-0.85, 0), (-0.3, -0.55), (0.85, -0.55), (0.85, 0.55)),
            ((0.05, 0.22), (0.49, -0.22)),
            ((0.05, -0.22), (0.49, 0.22)),
        ),
        0.08,
    ),
    "leave": _LEAVE,
    "test": Drawn((_arc((0, 0), (0.78, 0.78), (0, 360), 48), _dot(0, 0)), 0.12),
    "network": Drawn(
        (_arc((0, -0.6), (1.0, 1.1), (48, 132)), _arc((0, -0.6), (0.6, 0.66), (45, 135)), _dot(0, -0.55))
    ),
    "power": Drawn((_arc((0, -0.08), (0.66, 0.66), (125, 415), 40), ((0, 0.2), (0, 0.78)))),
}
TRIANGLE: tuple[Point, ...] = ((0.0, 0.86), (-0.95, -0.78), (0.95, -0.78))
"""The outline of the warning sign, around its exclamation mark."""
FOR_TARGET = {
    "language": "globe",
    "elder": "letters",
    "low_row": "down",
    "undo": "again",
    "done": "check",
    "known": "check",
    "skip": "next",
    "back": "erase",
    "leave": "leave",
    "test": "test",
    "network": "network",
    "pair": "link",
    "exit": "power",
}
"""Which mark stands on which button."""
