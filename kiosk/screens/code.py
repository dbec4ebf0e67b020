"""QR terminal mode: the rotating code fills the screen. In: a CodeView."""

from __future__ import annotations

from math import ceil

from kiosk.palette import BLACK, WHITE
from kiosk.screens import buttons, codes
from kiosk.screens.boxes import Box
from kiosk.screens.sheet import Item, Sheet
from kiosk.views import CodeView, Pair

LEAST = 0.6
"""The code without its quiet zone is at least this share of the screen's short side."""


def lay_out(sheet: Sheet, view: CodeView) -> None:
    """The code black on white, as large as it can be; beside or above it what it is for."""
    unit = sheet.unit
    sheet.ground = WHITE
    rest = sheet.glass.box
    if sheet.upright:
        rest = _low_buttons(sheet, view, rest)
        side = _side(sheet, view.code.text)
        top, rest = rest.cut_top((rest.height - side) * (0.68 if sheet.elder else 0.6))
        room, low = rest.cut_top(side)
        items = sheet.pair(view.where, 1, 0, ink=BLACK)
        items += sheet.pair(view.question, 4, 2, lines=3, ink=BLACK, gap=18)
        sheet.pile(items, top.inset(sheet.margin, 20 * unit))
        sheet.code(view.code.text, room)
        sheet.pile(_told(sheet, view), low.inset(sheet.margin, 8 * unit), at="top")
        return
    room, words = rest.cut_right(_side(sheet, view.code.text))
    sheet.code(view.code.text, room)
    words = _low_buttons(sheet, view, words).inset(0, 24 * unit)
    words = words._replace(x=words.x + sheet.margin, width=words.width - sheet.margin)
    items = sheet.pair(view.where, 1, 0, lines=2, ink=BLACK)
    items += sheet.pair(view.question, 4, 2, lines=4, ink=BLACK, gap=30)
    sheet.pile(items + _told(sheet, view, 30), words, "left")


def _side(sheet: Sheet, text: str) -> float:
    """The side of the code with its quiet zone: as large as `LEAST` wants, and no smaller than looks well."""
    count, short = codes.modules(text), min(sheet.glass.width, sheet.glass.height)
    least = ceil(LEAST * short / (count - 2 * codes.QUIET)) * count
    return float(least if sheet.elder else max(least, int(0.84 * short / count) * count))


def _told(sheet: Sheet, view: CodeView, gap: float = 0.0) -> list[Item]:
    items = sheet.pair(view.code.caption, 3, 1, lines=2, ink=BLACK, gap=gap)
    if view.code.shown:
        items += sheet.pair(Pair(view.code.shown), 2, lines=1, ink=BLACK, gap=6)
    return items + sheet.pair(view.note, 1, 0, lines=2, bold=False, ink=BLACK, gap=10)


def _low_buttons(sheet: Sheet, view: CodeView, room: Box) -> Box:
    """The buttons at the lower edge; what is left above."""
    if not view.buttons:
        return room
    unit = sheet.unit
    strip, rest = room.cut_bottom(sheet.finger + 20 * unit)
    edge = sheet.margin - buttons.GAP * unit
    inner = strip.inset(edge, 10 * unit)
    wide = min(inner.width, (264 if sheet.elder else 210) * unit * len(view.buttons))
    buttons.row(sheet, view.buttons, inner.cut_left(wide)[0], step=1)
    return rest
