"""Shapes onto a canvas: the bridge from `kiosk.shapes` to Kivy's graphics.

In: pieces. Out: graphics instructions with soft edges, whatever the chip can do. Shapes are computed around
0, 0 and kept, for the same few come back in other places.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from kivy.graphics import Color, InstructionGroup, Mesh, PopMatrix, PushMatrix, Translate
from kivy.graphics.texture import Texture

from kiosk import faces, shapes
from kiosk.palette import Colour
from kiosk.screens.marks import MARKS, TRIANGLE
from kiosk.screens.pieces import Head, Mark, Panel, Sign, Star
from kiosk.shapes import Point, Triangles

_REMEMBERED = 128


class Shape(NamedTuple):
    """Triangles as the graphics chip wants them."""

    vertices: array[float]
    indices: array[int]


@cache
def _soft_edge() -> Texture:
    """Two pixels, clear and solid; between them the chip makes the edge."""
    texture = Texture.create(size=(2, 1), colorfmt="rgba")
    texture.mag_filter = texture.min_filter = "linear"
    texture.wrap = "clamp_to_edge"
    texture.blit_buffer(bytes((255, 255, 255, 0, 255, 255, 255, 255)), colorfmt="rgba", bufferfmt="ubyte")
    return texture


def draw_head(onto: InstructionGroup, head: Head) -> None:
    """Add one face."""
    parts = [(_disc(head.radius), head.rim)]
    if head.rim != head.colour:
        parts.append((_disc(head.radius - head.line), head.colour))
    _draw(onto, head.centre, [*parts, (_features(head.face, head.radius), head.ink)])


def draw_star(onto: InstructionGroup, star: Star) -> None:
    """Add one star, its corners a little round."""
    inner = star.radius - 1.6 * star.line
    _draw(onto, star.centre, [(_star(star.radius), star.rim), (_star(inner), star.colour)])


def draw_panel(onto: InstructionGroup, panel: Panel) -> None:
    """Add a card: its edge, and inside it its ground."""
    box, line = panel.box, panel.line
    inner = (_box(box.width - 2 * line, box.height - 2 * line, panel.radius - line), panel.colour)
    outer = [(_box(box.width, box.height, panel.radius), panel.edge)] if line else []
    _draw(onto, box.middle, [*outer, inner])


def draw_mark(onto: InstructionGroup, mark: Mark) -> None:
    """Add a mark; on a disc it is smaller than the disc."""
    disc = [(_disc(mark.radius), mark.disc)] if mark.disc is not None else []
    _draw(onto, mark.centre, [*disc, (_mark(mark.name, mark.radius), mark.colour)])


def draw_sign(onto: InstructionGroup, sign: Sign) -> None:
    """Add the warning triangle."""
    _draw(onto, sign.centre, [(_triangle(sign.radius), sign.colour)])
    below = (sign.centre[0], sign.centre[1] - 0.14 * sign.radius)
    draw_mark(onto, Mark("warning", below, sign.radius * 0.95, sign.ink))


def _draw(onto: InstructionGroup, centre: Point, parts: Iterable[tuple[Shape, Colour]]) -> None:
    onto.add(PushMatrix())
    onto.add(Translate(*centre))
    for shape, colour in parts:
        onto.add(Color(*colour))
        onto.add(Mesh(vertices=shape.vertices, indices=shape.indices, mode="triangles", texture=_soft_edge()))
    onto.add(PopMatrix())


def _shape(parts: Iterable[Triangles]) -> Shape:
    """Several shapes of one colour as one."""
    vertices, indices = array("f"), array("H")
    for part in parts:
        first = len(vertices) // 4
        vertices.extend(part.vertices)
        indices.extend(first + index for index in part.indices)
    return Shape(vertices, indices)


@lru_cache(_REMEMBERED)
def _disc(radius: float) -> Shape:
    return _shape([shapes.fill(shapes.disc((0, 0), radius))])


@lru_cache(_REMEMBERED)
def _box(width: float, height: float, radius: float) -> Shape:
    outline = shapes.rounded_box((-width / 2, -height / 2), (width, height), radius)
    return _shape([shapes.fill(outline)])


@lru_cache(_REMEMBERED)
def _star(radius: float) -> Shape:
    outline = shapes.star((0, 0), radius)
    rounding = shapes.stroke([*outline, outline[0]], 0.06 * radius)
    return _shape([shapes.fill(outline, (0, 0)), rounding])


@lru_cache(_REMEMBERED)
def _features(face: str, radius: float) -> Shape:
    features, parts = faces.FACES[face], []
    for line in features.strokes:
        parts.append(shapes.stroke(_sized(line, radius), faces.STROKE * radius))
    for outline in features.fills:
        sized = _sized(outline, radius)
        parts.append(shapes.fill(sized))
        for edge in (sized, (sized[-1], sized[0])):
            parts.append(shapes.stroke(edge, faces.ROUNDING * radius))
    return _shape(parts)


@lru_cache(_REMEMBERED)
def _mark(name: str, radius: float) -> Shape:
    drawn = MARKS[name]
    return _shape(shapes.stroke(_sized(line, radius), drawn.half * radius) for line in drawn.strokes)


@lru_cache(_REMEMBERED)
def _triangle(radius: float) -> Shape:
    outline = _sized(TRIANGLE, radius * 0.92)
    rounding = shapes.stroke([*outline, outline[0]], 0.12 * radius)
    return _shape([shapes.fill(outline), rounding])


def _sized(points: tuple[Point, ...], radius: float) -> list[Point]:
    return [(x * radius, y * radius) for x, y in points]
