"""A QR code with its words on a card. In: a Code and the room for it."""

from __future__ import annotations

from kiosk.screens.boxes import Box
from kiosk.screens.sheet import Item, Sheet
from kiosk.views import Code, Pair

INSET = 6
"""Units between the edge of a card and what is on it."""


def below(sheet: Sheet, code: Code, card: Box) -> None:
    """The words below the code."""
    sheet.card(card)
    inner = card.inset(INSET * sheet.unit)
    items = _told(sheet, code)
    words = min(sheet.height_of(items, inner.width), inner.height * 0.5)
    _, room = inner.cut_bottom(words + 6 * sheet.unit)
    side = min(room.width, room.height)
    spare = (room.height - side) * 0.35
    box = sheet.code(code.text, Box(room.x, room.top - spare - side, room.width, side))
    sheet.pile(items, Box(inner.x, inner.y, inner.width, box.y - inner.y))


def beside(sheet: Sheet, code: Code, card: Box) -> None:
    """The words right of the code."""
    sheet.card(card)
    inner = card.inset(INSET / 2 * sheet.unit)
    left, right = inner.cut_left(inner.height)
    sheet.code(code.text, left)
    sheet.pile(_told(sheet, code), right.inset(20 * sheet.unit, 8 * sheet.unit), "left")


def _told(sheet: Sheet, code: Code) -> list[Item]:
    items = sheet.pair(code.caption, 2, 0, lines=3)
    return items + (sheet.pair(Pair(code.shown), 2, lines=1, gap=10) if code.shown else [])
