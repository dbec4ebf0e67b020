"""Where the lines of a chart go; pure.

In: scores in order of time. Out: coordinates in a box of 1000 × 100 that the page stretches (y grows down).
A point with fewer than 5 answers is left out and breaks the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.insight.satisfaction import Satisfaction

WIDTH = 1000.0
HEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawn point; `index` is its place in time."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The line of 满意率 over time with its 95 % band. `bottom` and `top` are the per cent at the edges."""

    lines: tuple[str, ...]
    bands: tuple[str, ...]
    marks: tuple[Mark, ...]
    bottom: int
    top: int = 100


def trend(points: Sequence[Satisfaction]) -> Trend:
    """Draw the points at equal distances; the scale starts at the ten below the lowest interval."""
    shown = [point for point in points if point.shown]
    lowest = min((point.interval.low for point in shown), default=0.0)
    bottom = min(90, int(lowest * 10) * 10)
    pieces = _pieces(points)
    return Trend(
        lines=tuple(_line(piece, points, bottom) for piece in pieces),
        bands=tuple(_band(piece, points, bottom) for piece in pieces),
        marks=tuple(_mark(index, points, bottom) for piece in pieces for index in piece),
        bottom=bottom,
    )


def _pieces(points: Sequence[Satisfaction]) -> list[list[int]]:
    pieces: list[list[int]] = [[]]
    for index, point in enumerate(points):
        if point.shown:
            pieces[-1].append(index)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _x(index: int, count: int) -> float:
    return WIDTH * (index + 0.5) / count


def _y(share: float, bottom: int) -> float:
    return HEIGHT * (1 - (100 * share - bottom) / (100 - bottom))


def _mark(index: int, points: Sequence[Satisfaction], bottom: int) -> Mark:
    return Mark(index, round(_x(index, len(points)), 2), round(_y(points[index].rate, bottom), 2))


def _line(piece: list[int], points: Sequence[Satisfaction], bottom: int) -> str:
    return _joined((_x(i, len(points)), _y(points[i].rate, bottom)) for i in piece)


def _band(piece: list[int], points: Sequence[Satisfaction], bottom: int) -> str:
    half = WIDTH / len(points) / 4  # a single point has a band one can see
    ends = [_x(i, len(points)) for i in piece]
    xs = ends if len(piece) > 1 else [ends[0] - half, ends[0] + half]
    at = piece if len(piece) > 1 else piece * 2
    upper = [(x, _y(points[i].interval.high, bottom)) for x, i in zip(xs, at, strict=True)]
    lower = [(x, _y(points[i].interval.low, bottom)) for x, i in zip(xs, at, strict=True)]
    return _joined([*upper, *reversed(lower)])


def _joined(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)
