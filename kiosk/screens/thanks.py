"""The thank-you, drawn only when the answer is on disk. In: a ThanksView."""

from __future__ import annotations

from kiosk.palette import WHITE
from kiosk.screens import buttons, cards
from kiosk.screens.boxes import Box
from kiosk.screens.pieces import Mark
from kiosk.screens.sheet import Sheet
from kiosk.views import ThanksView

RADIUS = 92
TOP = 44
"""Units for the countdown."""


def lay_out(sheet: Sheet, view: ThanksView) -> None:
    """A check mark, one sentence, where the answer is; after a bad answer the slip to follow it by."""
    unit = sheet.unit
    _, rest = sheet.glass.box.cut_top(TOP * unit)
    sheet.countdown(view.countdown)
    if view.buttons:
        strip, rest = rest.cut_bottom(sheet.finger + 24 * unit)
        wide = min(360 * unit * len(view.buttons), strip.width - 2 * sheet.margin)
        buttons.row(sheet, view.buttons, strip.centred(wide, sheet.finger))
    if view.code and sheet.upright:
        strip, rest = rest.cut_bottom(min(rest.height * 0.5, 560 * unit))
        cards.below(sheet, view.code, strip.inset(max(strip.width * 0.16, sheet.margin), 14 * unit))
    elif view.code:
        side, rest = rest.cut_right(rest.width * 0.4)
        cards.below(
            sheet,
            view.code,
            Box(side.x, side.y + 14 * unit, side.width - sheet.margin, side.height - 14 * unit),
        )
    _said(sheet, view, rest.inset(sheet.margin, 12 * unit))


def _said(sheet: Sheet, view: ThanksView, room: Box) -> None:
    """A disc with a check over the words; grey after a bad answer, which nobody celebrates."""
    radius = RADIUS * sheet.unit * (0.8 if view.code else 1.0)
    gap = 32 * sheet.unit
    items = sheet.pair(view.headline, 4, 2, lines=3)
    items += sheet.pair(view.note, 2, 0, lines=3, gap=36, bold=False)
    tall = min(sheet.height_of(items, room.width), room.height - 2 * radius - gap)
    top = room.y + (room.height + tall + 2 * radius + gap) / 2
    disc = sheet.dress.soft if view.sorry else sheet.dress.accent
    sheet.put(Mark("check", (room.middle[0], top - radius), radius, WHITE, disc))
    low = top - 2 * radius - gap
    sheet.pile(items, Box(room.x, low - tall - 1, room.width, tall + 1), at="top")
