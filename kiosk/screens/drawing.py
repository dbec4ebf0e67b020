"""Triangles onto a canvas: the bridge from `kiosk.shapes` to Kivy's graphics.

In: triangles and a colour. Out: graphics instructions with soft edges, whatever the chip can do.
"""

from __future__ import annotations

from functools import cache

from kivy.graphics import Color, InstructionGroup, Mesh
from kivy.graphics.texture import Texture

from kiosk import faces, shapes
from kiosk.palette import Colour
from kiosk.screens.boxes import Box
from kiosk.screens.marks import MARKS, TRIANGLE
from kiosk.screens.pieces import Head, Mark, Panel, Sign, Star
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


def draw_head(onto: InstructionGroup, head: Head) -> None:
    """Add one face."""
    centre, radius = head.centre, head.radius
    draw(onto, shapes.fill(shapes.disc(centre, radius)), head.rim)
    if head.rim != head.colour:
        draw(onto, shapes.fill(shapes.disc(centre, radius - head.line)), head.colour)
    features = faces.FACES[head.face]
    for line in features.strokes:
        draw(onto, shapes.stroke(_placed(line, centre, radius), faces.STROKE * radius), head.ink)
    for outline in features.fills:
        placed = _placed(outline, centre, radius)
        draw(onto, shapes.fill(placed), head.ink)
        for edge in (placed, (placed[-1], placed[0])):
            draw(onto, shapes.stroke(edge, faces.ROUNDING * radius), head.ink)


def draw_star(onto: InstructionGroup, star: Star) -> None:
    """Add one star, its corners a little round."""
    for radius, colour in ((star.radius, star.rim), (star.radius - 1.6 * star.line, star.colour)):
        outline = shapes.star(star.centre, radius)
        draw(onto, shapes.fill(outline, star.centre), colour)
        draw(onto, shapes.stroke([*outline, outline[0]], 0.06 * star.radius), colour)


def draw_panel(onto: InstructionGroup, panel: Panel) -> None:
    """Add a card: its edge, and inside it its ground."""
    box, line = panel.box, panel.line
    if line:
        _box(onto, box, panel.radius, panel.edge)
    _box(onto, box.inset(line), panel.radius - line, panel.colour)


def draw_mark(onto: InstructionGroup, mark: Mark) -> None:
    """Add a mark; on a disc it is smaller than the disc."""
    radius = mark.radius
    if mark.disc is not None:
        draw(onto, shapes.fill(shapes.disc(mark.centre, radius)), mark.disc)
    drawn = MARKS[mark.name]
    for line in drawn.strokes:
        draw(onto, shapes.stroke(_placed(line, mark.centre, radius), drawn.half * radius), mark.colour)


def draw_sign(onto: InstructionGroup, sign: Sign) -> None:
    """Add the warning triangle."""
    outline = _placed(TRIANGLE, sign.centre, sign.radius * 0.92)
    draw(onto, shapes.fill(outline), sign.colour)
    draw(onto, shapes.stroke([*outline, outline[0]], 0.12 * sign.radius), sign.colour)
    below = (sign.centre[0], sign.centre[1] - 0.14 * sign.radius)
    draw_mark(onto, Mark("warning", below, sign.radius * 0.95, sign.ink))


def _box(onto: InstructionGroup, box: Box, radius: float, colour: Colour) -> None:
    draw(onto, shapes.fill(shapes.rounded_box((box.x, box.y), (box.width, box.height), radius)), colour)


def _placed(points: tuple[Point, ...], centre: Point, radius: float) -> list[Point]:
    return [(centre[0] + x * radius, centre[1] + y * radius) for x, y in points]
