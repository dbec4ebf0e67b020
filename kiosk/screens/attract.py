"""Between people: one announcement above the faces, which stay. In: an AttractView."""

from __future__ import annotations

from kiosk.palette import mixed
from kiosk.screens import buttons, photos, question
from kiosk.screens.boxes import Box
from kiosk.screens.pieces import Panel, Photo
from kiosk.screens.sheet import Sheet
from kiosk.views import AttractView, Pair

DOTS = 34
"""Units for the row of dots."""


def lay_out(sheet: Sheet, view: AttractView) -> None:
    """Where it is, the card, the question, the faces. A touch that is on no face begins as well."""
    unit = sheet.unit
    sheet.target("card", sheet.glass.box)
    header, rest = sheet.glass.box.cut_top((question.HEADER - 8) * unit)
    question.place(sheet, view.where, header)
    rest = rest.cut_bottom(18 * unit)[1]
    if view.cells:
        low, rest = rest.cut_bottom(_cells_height(sheet, view, rest))
        buttons.cells(sheet, view.cells, low.inset(sheet.margin - buttons.GAP * unit, 0))
        words, rest = rest.cut_bottom((150 if sheet.elder else 100) * unit)
        sheet.pile(sheet.pair(view.question, 3, 0), words.inset(sheet.margin, 6 * unit))
    if view.of > 1:
        dots, rest = rest.cut_bottom(DOTS * unit)
        _dots(sheet, view, dots)
    _announcement(sheet, view, rest.inset(sheet.margin, 0))


def _cells_height(sheet: Sheet, view: AttractView, room: Box) -> float:
    """Less than on the question's own screen, as long as fingers meet them."""
    if sheet.upright and sheet.elder:
        share = len(view.cells) * sheet.finger
    else:
        share = room.height * (0.3 if sheet.upright else 0.39 if sheet.elder else 0.37)
    return max(min(share, sheet.reach - room.y), sheet.finger)


def _announcement(sheet: Sheet, view: AttractView, card: Box) -> None:
    unit = sheet.unit
    sheet.card(card)
    inner = card.inset(18 * unit)
    if view.photo and not sheet.elder and photos.texture(view.photo):
        part, inner = (
            inner.cut_top(inner.height * 0.46) if sheet.upright else inner.cut_left(inner.width * 0.38)
        )
        sheet.put(Photo(view.photo, part, 14 * unit))
        inner = inner.cut_top(14 * unit)[1] if sheet.upright else inner.cut_left(22 * unit)[1]
    _told(sheet, view, inner.inset(10 * unit, 0))


def _told(sheet: Sheet, view: AttractView, room: Box) -> None:
    """What was said and what was done, each beside its name, and when."""
    dress, unit = sheet.dress, sheet.unit
    day = sheet.pair(view.day, 1, 0, lines=1, bold=False, ink=dress.soft)
    tall = 0.0 if sheet.elder else sheet.height_of(day[:1], room.width) + 6 * unit
    low, room = room.cut_bottom(tall)
    names, words = room.cut_left(_name_width(sheet, view.names, room.width))
    if tall:
        sheet.pile(day[:1], low._replace(x=words.x, width=words.width), "left")
    hues = (dress.warning, dress.good)
    step = sheet.common_step((view.said.main, view.done.main), 3, words.width, 2, bold=True)
    for name, told, hue, left, right in zip(
        view.names, (view.said, view.done), hues, names.rows(2), words.rows(2), strict=True
    ):
        filled = sheet.pile(sheet.pair_at(told, step, 3), right.inset(0, 4 * unit), "left")
        items = sheet.pair(name, 2, 0, lines=1, ink=hue)
        height = sheet.height_of(items, left.width)
        lower = (
            max(sheet.height_of(sheet.pair_at(told, step, 1)[:1], 1e9) - sheet.height_of(items[:1], 1e9), 0)
            / 2
        )
        at = Box(left.x, filled.top - lower - height, left.width - 18 * unit, height + 1)
        sheet.pile(items, at, "left", "top")


def _name_width(sheet: Sheet, names: tuple[Pair, Pair], width: float) -> float:
    room = Box(0, 0, width, sheet.glass.height)
    return max(sheet.width_of(sheet.pair(name, 2, 0, lines=1), room) for name in names) + 26 * sheet.unit


def _dots(sheet: Sheet, view: AttractView, strip: Box) -> None:
    """Which announcement of how many: the one shown is longer and darker."""
    unit, dress = sheet.unit, sheet.dress
    size, gap, long = 12 * unit, 12 * unit, 34 * unit
    across = (view.of - 1) * (size + gap) + long
    x, y = strip.middle[0] - across / 2, strip.middle[1] - size / 2
    for number in range(view.of):
        shown = number + 1 == view.number
        width = long if shown else size
        hue = dress.accent if shown else mixed(dress.soft, dress.paper, 0.45)
        sheet.put(Panel(Box(x, y, width, size), size / 2, hue, hue))
        x += width + gap
