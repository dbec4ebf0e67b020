"""What can be touched: buttons, chips, faces, stars, keys. In: cells and targets of a view, their boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kiosk.palette import WHITE, Colour
from kiosk.screens.boxes import Box
from kiosk.screens.marks import FOR_TARGET
from kiosk.screens.pieces import Align, Head, Lettering, Mark, Panel, Sign, Star
from kiosk.screens.sheet import Item, Sheet
from kiosk.screens.typography import LEADING, SCALE
from kiosk.views import Cell, Chip, Target

RING = 14
"""Radius of the ring on a chip, in units."""
CHIP_MARK = 2 * RING + 12 + 8 + 6
"""Units of a chip's width that its words do not have."""
SHRUNK = 0.92
"""A face under a finger shrinks to this: seen beside the finger, and without any animation."""
GAP = 7
"""Units between a card and the edge of what can be touched: cards stand apart, their targets do not."""


def button(sheet: Sheet, target: Target, box: Box, *, step: int = 2, strong: bool = False) -> None:
    """A button with its mark and its words; the whole box can be touched."""
    dress, card = sheet.dress, box.inset(min(GAP * sheet.unit, 0.05 * box.width))
    ground = dress.accent if strong else dress.card
    ink: Colour = dress.on_accent if strong else dress.ink
    soft = dress.on_accent if strong else dress.soft
    if target.pressed:
        ground, ink, soft = dress.pressed(dress.accent), dress.ink, dress.ink
    edge = dress.accent if strong or target.pressed else dress.edge
    sheet.card(card, ground, edge, dress.line * (2 if target.pressed else 1))
    sheet.target(target.target, box)
    inner = card.inset(10 * sheet.unit, 6 * sheet.unit)
    items = sheet.pair(target.words, step, 0, lines=2, ink=ink, soft=soft)
    mark = FOR_TARGET.get(target.target.partition(":")[0])
    if mark:
        inner = _beside_mark(sheet, mark, items, inner, ink)
    sheet.pile(items, inner, "left" if mark else "center")


def _beside_mark(sheet: Sheet, mark: str, items: Sequence[Item], inner: Box, ink: Colour) -> Box:
    """Draw the mark left of the words, both in the middle of the button; the room of the words."""
    radius = min(inner.height * 0.3, inner.width * 0.14, 22 * sheet.unit)
    if not items:
        sheet.mark(mark, inner.middle, radius * 1.2, ink)
        return inner
    gap = 10 * sheet.unit
    room = inner.width - 2 * radius - gap
    across = sheet.width_of(items, inner._replace(width=room))
    left = inner.x + max(inner.width - 2 * radius - gap - across, 0) / 2
    sheet.mark(mark, (left + radius, inner.middle[1]), radius, ink)
    words = left + 2 * radius + gap
    return Box(words, inner.y, inner.right - words, inner.height)


def row(sheet: Sheet, targets: Sequence[Target], box: Box, *, step: int = 2, strong: str = "") -> None:
    """Buttons side by side over the whole box."""
    for target, part in zip(targets, box.columns(max(len(targets), 1)), strict=False):
        button(sheet, target, part, step=step, strong=target.target == strong)


def chip(sheet: Sheet, given: Chip, box: Box, step: int) -> None:
    """A reason: an empty ring, or a check on a filled card; danger has its own sign."""
    dress, unit = sheet.dress, sheet.unit
    card = box.inset(GAP * unit)
    ground = dress.accent if given.chosen else dress.card
    ink, soft = (dress.on_accent, dress.on_accent) if given.chosen else (dress.ink, dress.soft)
    hue = dress.warning if given.safety else dress.accent
    if given.pressed:
        ground, ink, soft = dress.pressed(hue), dress.ink, dress.ink
    edge = hue if given.chosen or given.pressed or given.safety else dress.edge
    sheet.card(card, ground, edge, dress.line * (2 if given.pressed or given.safety else 1))
    sheet.target(given.target, box)
    radius = RING * unit
    centre = (card.x + 12 * unit + radius, card.middle[1])
    if given.safety:
        sheet.put(Sign(centre, radius * 1.1, ink if given.chosen or given.pressed else hue, ground))
    elif given.chosen:
        sheet.put(Mark("check", centre, radius, dress.accent, WHITE))
    else:
        ring = Box(centre[0], centre[1], 0, 0).inset(-radius)
        sheet.put(Panel(ring, radius, ground, ink if given.pressed else dress.soft, 3 * unit))
    words = Box(centre[0] + radius + 8 * unit, card.y + 5 * unit, 0, card.height - 10 * unit)
    words = words._replace(width=card.right - 6 * unit - words.x)
    sheet.pile(sheet.pair(given.words, step, 0, ink=ink, soft=soft), words, "left")


def listed(sheet: Sheet, given: Sequence[Cell], height: float) -> bool:
    """Whether faces stand under each other: on an upright screen large words have no room side by side."""
    upright = sheet.upright and sheet.elder and given[0].face != "none"
    return upright and height / len(given) >= sheet.glass.finger


def cells(sheet: Sheet, given: Sequence[Cell], box: Box) -> None:
    """Faces, stars or keys without a gap between them: side by side, or as a list."""
    lit = next((i for i, cell in enumerate(given) if cell.pressed), -1)
    if listed(sheet, given, box.height):
        _list(sheet, given, box.rows(len(given)), lit)
        return
    parts = box.columns(len(given))
    gap = GAP * sheet.unit if len(given) < 7 else 0.04 * parts[0].width
    boxes = [part.inset(gap, 0) for part in parts]
    words = _words(sheet, given, boxes[0].width - 16 * sheet.unit, boxes[0].height)
    for number, (cell, part, card) in enumerate(zip(given, parts, boxes, strict=True)):
        sheet.target(cell.target, part)
        _cell_card(sheet, cell, card)
        if cell.face == "none":
            sheet.put(_one_line(sheet, cell.words.main, words.step, card, "center"))
        else:
            _face_and_words(sheet, cell, card, words, lit=number <= lit)


class _CellWords(NamedTuple):
    """What all cells have in common: size, lines and height of their words."""

    step: int
    lines: int
    height: float


def _words(sheet: Sheet, given: Sequence[Cell], width: float, height: float) -> _CellWords:
    """The largest type for the words of all cells, on one line or on two."""
    main = [cell.words.main for cell in given]
    if given[0].face == "none":
        return _CellWords(sheet.common_step(main, 4, width, 1, bold=True), 1, 0.0)
    best = _CellWords(0, 2, 0.0)
    for lines in (2, 1):
        step = sheet.common_step(main, 3, width, lines, bold=True)
        while step and lines * SCALE[step] * sheet.unit * LEADING > (0.53 if sheet.elder else 0.42) * height:
            step -= 1
        if step >= best.step:
            best = _CellWords(step, lines, 0.0)
    piles = [sheet.pair_at(cell.words, best.step, best.lines) for cell in given]
    tall = max(sheet.height_of(items, width) for items in piles)
    return best._replace(height=min(tall, 0.6 * height))


def _list(sheet: Sheet, given: Sequence[Cell], parts: Sequence[Box], lit: int) -> None:
    unit, tall = sheet.unit, parts[0].height
    width = parts[0].width - tall - 60 * unit
    step = sheet.common_step((cell.words.main for cell in given), 3, width, 1, bold=True)
    for number, (cell, part) in enumerate(zip(given, parts, strict=True)):
        sheet.target(cell.target, part)
        card = part.inset(GAP * unit, 4 * unit)
        _cell_card(sheet, cell, card)
        radius = card.height * 0.41
        centre = (card.x + card.height * 0.62, card.middle[1])
        _face(sheet, cell, centre, radius, lit=number <= lit)
        left = centre[0] + radius + 28 * unit
        room = Box(left, card.y, card.right - left, card.height)
        sheet.put(_one_line(sheet, cell.words.main, step, room, "left"))


def _cell_card(sheet: Sheet, cell: Cell, card: Box) -> None:
    dress, pressed = sheet.dress, cell.pressed
    hue = dress.heads["none"] if cell.face == "none" else dress.rims.get(cell.face, dress.accent)
    line = dress.line * (2 if pressed else 1)
    sheet.card(card, dress.pressed(hue) if pressed else dress.card, hue if pressed else dress.edge, line)


def _face_and_words(sheet: Sheet, cell: Cell, card: Box, words: _CellWords, *, lit: bool) -> None:
    radius = min(card.width * 0.41, (card.height - words.height) * 0.42)
    free = card.height - words.height - 2 * radius
    centre = (card.middle[0], card.top - free * 0.4 - radius)
    _face(sheet, cell, centre, radius, lit=lit)
    inner = card.inset(7 * sheet.unit, 0)
    room = Box(inner.x, card.y + free * 0.3, inner.width, words.height + 1)
    sheet.pile(sheet.pair_at(cell.words, words.step, words.lines), room)


def _face(sheet: Sheet, cell: Cell, centre: tuple[float, float], radius: float, *, lit: bool) -> None:
    dress = sheet.dress
    radius *= SHRUNK if cell.pressed else 1
    line = max(dress.line, 2) * sheet.unit
    if cell.face == "star":
        rim = dress.heads["star"] if lit else dress.warning
        sheet.put(Star(centre, radius * 0.95, dress.heads["star"] if lit else dress.card, rim, line * 1.5))
        return
    face = cell.face if cell.face in dress.heads else "fair"
    sheet.put(Head(face, centre, radius, dress.heads[face], dress.features[face], dress.rims[face], line))


def _one_line(sheet: Sheet, words: str, step: int, box: Box, align: Align) -> Lettering:
    size = SCALE[step] * sheet.unit
    room = Box(box.x, box.middle[1] - size * LEADING / 2, box.width, size * LEADING)
    return Lettering(room, (words,), size, bold=True, colour=sheet.dress.ink, align=align)
