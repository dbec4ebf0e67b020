"""The question with its answers. In: a QuestionView. Out: the faces and buttons as targets."""

from __future__ import annotations

from kiosk.screens import buttons, cards
from kiosk.screens.boxes import Box
from kiosk.screens.pieces import Align
from kiosk.screens.sheet import Sheet
from kiosk.views import Cell, Pair, QuestionView

HEADER = 92
FOOTER = 84
"""Units for the state of the line when there is no button beside it."""
SIDE = 346
"""Units of the column that holds the code."""


def lay_out(sheet: Sheet, view: QuestionView) -> None:
    """Where it is, what is asked, the answers, the state of the line."""
    unit = sheet.unit
    header, rest = sheet.glass.box.cut_top(HEADER * unit)
    place(sheet, view.where, header)
    tall = len(view.cells) * sheet.finger
    if sheet.manners.low_row and buttons.listed(sheet, view.cells, min(tall, sheet.reach - 8 * unit)):
        _low_list(sheet, view, rest, tall)
        return
    rest = footer(sheet, view, rest)
    code = None if sheet.elder else view.code  # large type leaves no room for two ways to answer
    aside = code is not None and not sheet.upright
    if code and aside and _leaves_room(sheet, view, rest):
        side, rest = rest.cut_right(SIDE * unit)
        cards.below(sheet, code, side._replace(width=side.width - sheet.margin))
        aside = False
    ends = 56 * unit if view.ends else 0.0
    above = 290 * unit if code and sheet.upright else 0.0
    tall = cells_height(sheet, view.cells, rest, ends + above)
    low, rest = rest.cut_bottom(tall + ends)
    if view.ends:
        words, low = low.cut_bottom(ends)
        _ends(sheet, view.ends, words.inset(sheet.margin, 0))
    buttons.cells(sheet, view.cells, low.inset(sheet.margin - buttons.GAP * unit, 0))
    if code and sheet.upright:
        strip, rest = rest.cut_bottom(above)
        cards.beside(sheet, code, strip.inset(sheet.margin, 14 * unit))
    elif code and aside:
        side, rest = rest.cut_right(rest.width * 0.48)
        cards.beside(sheet, code, side.inset(0, 14 * unit)._replace(width=side.width - sheet.margin))
    asking(sheet, view.question, rest.inset(sheet.margin, 8 * unit))


def _low_list(sheet: Sheet, view: QuestionView, rest: Box, tall: float) -> None:
    """Large words within reach of a wheelchair: a list of faces, the buttons at its side, all else above."""
    unit = sheet.unit
    low, rest = rest.cut_bottom(8 * unit)[1].cut_bottom(tall)
    low = low.inset(sheet.margin - buttons.GAP * unit, 0)
    if view.buttons:
        side, low = low.cut_right(236 * unit)
        for target, part in zip(view.buttons, side.rows(len(view.buttons)), strict=True):
            buttons.button(sheet, target, part, step=1)
    buttons.cells(sheet, view.cells, low)
    strip, rest = rest.cut_bottom(FOOTER * unit)
    _status(sheet, view, strip.inset(sheet.margin, 6 * unit))
    asking(sheet, view.question, rest.inset(sheet.margin, 8 * unit))


def _leaves_room(sheet: Sheet, view: QuestionView, rest: Box) -> bool:
    """Whether the answers stay wide enough for a finger with the code at their side."""
    return (rest.width - SIDE * sheet.unit - 2 * sheet.margin) / len(view.cells) >= sheet.glass.finger


def place(sheet: Sheet, where: Pair, header: Box) -> None:
    """Where this is, at the upper left."""
    room = header.inset(sheet.margin, 12 * sheet.unit)
    sheet.pile(sheet.pair(where, 1, 0, lines=1), room, "left", "middle")


def asking(sheet: Sheet, question: Pair, room: Box) -> None:
    """The question, as large as it can be."""
    sheet.pile(sheet.pair(question, 5, 2, lines=3 if sheet.upright else 2), room)


def cells_height(sheet: Sheet, cells: tuple[Cell, ...], room: Box, other: float) -> float:
    """How high the answers are: all that the question and `other` things leave, within reach."""
    across = (room.width - 2 * sheet.margin) / len(cells)
    least = sheet.finger
    if cells[0].face == "none":
        tallest = 1.7 * across
    elif sheet.upright and sheet.elder:
        tallest = len(cells) * sheet.finger * 1.01
        least = max(least, 1.4 * across)
    else:
        tallest = min(2.0 * sheet.glass.width / 5, 2.5 * across)
    share = {False: 0.74, True: 0.72} if sheet.upright else {False: 0.70, True: 0.52}
    within_reach = sheet.reach - room.y - (0 if sheet.upright else other)
    found = min(tallest, room.height * share[sheet.elder] - other, within_reach)
    if sheet.upright and sheet.elder and not buttons.listed(sheet, cells, found):
        found = min(found, 2.4 * across)
    return max(found, least)


def footer(sheet: Sheet, view: QuestionView, rest: Box) -> Box:
    """The state of the line, and small buttons beside or below it; what is left above."""
    unit = sheet.unit
    if not view.buttons:
        strip, rest = rest.cut_bottom((FOOTER + 30 * sheet.elder) * unit)
        _status(sheet, view, strip.inset(sheet.margin, 6 * unit))
        return rest
    strip, rest = rest.cut_bottom(sheet.finger + 12 * unit)
    room = strip.inset(sheet.margin - buttons.GAP * unit, 6 * unit)
    if sheet.upright:
        words, rest = rest.cut_bottom(FOOTER * unit)
        buttons.row(sheet, view.buttons, room, step=1)
        _status(sheet, view, words.inset(sheet.margin, 4 * unit))
        return rest
    wide = 264 if sheet.elder else 200
    keys, words = room.cut_right(min(wide * unit * len(view.buttons), room.width * 0.66))
    buttons.row(sheet, view.buttons, keys, step=1)
    _status(sheet, view, words.inset(buttons.GAP * unit, 0), "left")
    return rest


def _status(sheet: Sheet, view: QuestionView, room: Box, align: Align = "center") -> None:
    ink = sheet.dress.ink if view.online else sheet.dress.warning
    sheet.pile(sheet.pair(view.status, 1, 0, bold=False, ink=ink), room, align)


def _ends(sheet: Sheet, ends: tuple[Pair, Pair], room: Box) -> None:
    left, right = room.columns(2)
    for words, part, align in ((ends[0], left, "left"), (ends[1], right, "right")):
        sheet.pile(sheet.pair(words, 1, 0, lines=1), part, align, "middle")  # type: ignore[arg-type]
