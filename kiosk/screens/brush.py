"""Pages onto a canvas. In: a `Page`. Out: graphics instructions; what looks the same is drawn once and kept.

Whatever the screens show in years, no more than `KEPT` pieces and their textures live at a time.
"""

from __future__ import annotations

from collections import OrderedDict

from kivy.core.text import Label as Written
from kivy.graphics import Color, InstructionGroup, Mesh, Rectangle
from kivy.graphics.texture import Texture

from kiosk import shapes
from kiosk.palette import Colour
from kiosk.screens import codes, drawing, photos
from kiosk.screens.pieces import Bar, Head, Lettering, Mark, Page, Panel, Photo, Piece, Qr, Sign, Star
from kiosk.screens.typography import LEADING, NATURAL

KEPT = 96
"""Pieces kept beyond the page that is shown."""
BAR_EVERY_MS = 100
"""A countdown is drawn ten times a second at most."""
_PLAIN: Colour = (1.0, 1.0, 1.0, 1.0)


class _BarGroup:
    """A countdown bar whose length follows the time."""

    def __init__(self, bar: Bar) -> None:
        self.bar = bar
        self.group = InstructionGroup()
        box = bar.box
        self._left = Rectangle(pos=(box.x, box.y), size=(box.width, box.height))
        ground = Rectangle(pos=(box.x, box.y), size=(box.width, box.height))
        for instruction in (Color(*bar.ground), ground, Color(*bar.colour), self._left):
            self.group.add(instruction)

    def draw(self, now: int) -> None:
        whole = max(self.bar.until - self.bar.since, 1)
        share = min(max((self.bar.until - now) / whole, 0.0), 1.0)
        width = float(round(self.bar.box.width * share))
        if width != self._left.size[0]:
            self._left.size = (width, self.bar.box.height)


class Brush:
    """Draws pages into one group of instructions."""

    def __init__(self) -> None:
        self.group = InstructionGroup()
        self.page: Page | None = None
        self.bars_drawn = 0
        self._kept: OrderedDict[Piece, InstructionGroup] = OrderedDict()
        self._bars: list[_BarGroup] = []
        self._bars_at = 0

    @property
    def kept(self) -> int:
        """How many pieces are held."""
        return len(self._kept)

    @property
    def moving(self) -> bool:
        """Whether a countdown is on the page."""
        return bool(self._bars)

    def show(self, page: Page, now: int) -> None:
        """Draw a page in place of the last; nothing at all when it is the same."""
        if page != self.page:
            self.page = page
            self._bars = []
            self.group.clear()
            for piece in page.pieces:
                self.group.add(self._drawn(piece))
            while len(self._kept) > KEPT + len(page.pieces):
                self._kept.popitem(last=False)
            self._bars_at = now - BAR_EVERY_MS
        self.tick(now)

    def tick(self, now: int) -> None:
        """Shorten the countdown, unless that was done a moment ago."""
        if not self._bars or 0 <= now - self._bars_at < BAR_EVERY_MS:
            return
        self._bars_at = now
        self.bars_drawn += 1
        for bar in self._bars:
            bar.draw(now)

    def _drawn(self, piece: Piece) -> InstructionGroup:
        if isinstance(piece, Bar):
            self._bars.append(_BarGroup(piece))
            return self._bars[-1].group
        if isinstance(piece, Qr | Photo):
            return _pictured(piece)  # large, and seldom the same again
        found = self._kept.pop(piece, None)
        if found is None:
            found = _painted(piece)
        self._kept[piece] = found
        return found


def _painted(piece: Lettering | Panel | Head | Star | Mark | Sign) -> InstructionGroup:
    group = InstructionGroup()
    if isinstance(piece, Lettering):
        _letter(group, piece)
    elif isinstance(piece, Panel):
        drawing.draw_panel(group, piece)
    elif isinstance(piece, Head):
        drawing.draw_head(group, piece)
    elif isinstance(piece, Star):
        drawing.draw_star(group, piece)
    elif isinstance(piece, Mark):
        drawing.draw_mark(group, piece)
    else:
        drawing.draw_sign(group, piece)
    return group


def _letter(group: InstructionGroup, words: Lettering) -> None:
    label = Written(
        text="\n".join(words.lines),
        font_size=words.size,
        bold=words.bold,
        halign=words.align,
        line_height=LEADING / NATURAL,
        color=_PLAIN,
    )
    label.refresh()
    across, up = label.texture.size
    box = words.box
    x = {"left": box.x, "center": box.x + (box.width - across) / 2, "right": box.right - across}[words.align]
    # The first line keeps the font's own height above it: the texture hangs from the top of its room.
    lift = words.size * (NATURAL - LEADING) / 2
    y = box.top + lift - up
    group.add(Color(*words.colour))
    group.add(Rectangle(texture=label.texture, pos=(round(x), round(y)), size=(across, up)))


def _pictured(piece: Qr | Photo) -> InstructionGroup:
    group = InstructionGroup()
    group.add(Color(*_PLAIN))
    box = piece.box
    if isinstance(piece, Qr):
        texture = codes.texture(piece.text)
        group.add(Rectangle(texture=texture, pos=(box.x, box.y), size=(box.width, box.height)))
        return group
    texture = photos.texture(piece.path)
    if texture is not None:
        group.add(_cut_to_fill(piece, texture))
    return group


def _cut_to_fill(photo: Photo, texture: Texture) -> Mesh:
    """The middle of a picture in a box with round corners."""
    box, (across, up) = photo.box, texture.size
    scale = max(box.width / across, box.height / up)
    wide, high = box.width / across / scale, box.height / up / scale
    left, low, right, _, _, top, _, _ = texture.tex_coords
    vertices: list[float] = []
    outline = shapes.rounded_box((box.x, box.y), (box.width, box.height), photo.radius)
    for x, y in outline:
        u = 0.5 + ((x - box.x) / box.width - 0.5) * wide
        v = 0.5 + ((y - box.y) / box.height - 0.5) * high
        vertices += (x, y, left + (right - left) * u, low + (top - low) * v)
    return Mesh(vertices=vertices, indices=list(range(len(outline))), mode="triangle_fan", texture=texture)
