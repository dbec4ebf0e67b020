"""Triangles onto a canvas: the bridge from `kiosk.shapes` to Kivy's graphics.

In: triangles and a colour. Out: graphics instructions with soft edges, whatever the chip can do.
"""

from __future__ import annotations

from functools import cache

from kivy.graphics import Color, InstructionGroup, Mesh
from kivy.graphics.texture import Texture

from kiosk import faces, palette, shapes
from kiosk.palette import Colour
from kiosk.shapes import Point, Triangles


@cache
def _soft_edge() -> Texture:
    """Two pixels, clear and solid; between them the chip makes the edge."""
    texture = Texture.create(size=(2, 1), colorfmt="rgba")
    texture.mag_filter = texture.min_filter = "linear"
    texture.wrap = "clamp_to_edge"
    texture.blit_buffer(bytes((255, 255, 255, 0, 255, 255, 255, 255)), colorfmt="rgba", bufferfmt="ubyte")
    return texture


def draw(onto: InstructionGroup, triangles: Triangles, colour: Colour) -> None:
    """Add one shape."""
    onto.add(Color(*colour))
    onto.add(
        Mesh(vertices=triangles.vertices, indices=triangles.indices, mode="triangles", texture=_soft_edge())
    )


def draw_face(onto: InstructionGroup, face: str, centre: Point, radius: float) -> None:
    """Add one face; `none` is a bare disc for a key's number."""
    draw(onto, shapes.fill(shapes.disc(centre, radius)), palette.HEADS[face])
    features = faces.FACES.get(face)
    if features is None:
        return
    ink = palette.FEATURES[face]
    for line in features.strokes:
        draw(onto, shapes.stroke(_placed(line, centre, radius), faces.STROKE * radius), ink)
    for outline in features.fills:
        placed = _placed(outline, centre, radius)
        draw(onto, shapes.fill(placed), ink)
        for edge in (placed, (placed[-1], placed[0])):
            draw(onto, shapes.stroke(edge, faces.ROUNDING * radius), ink)


def draw_box(onto: InstructionGroup, corner: Point, size: Point, radius: float, colour: Colour) -> None:
    """Add a rectangle with round corners."""
    draw(onto, shapes.fill(shapes.rounded_box(corner, size, radius)), colour)


def _placed(points: tuple[Point, ...], centre: Point, radius: float) -> list[Point]:
    return [(centre[0] + x * radius, centre[1] + y * radius) for x, y in points]
