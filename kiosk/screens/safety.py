"""Somebody may be in danger: whom to call, in the largest type there is. In: a SafetyView."""

from __future__ import annotations

from kiosk.palette import BLACK, mixed
from kiosk.screens import buttons
from kiosk.screens.boxes import Box
from kiosk.screens.pieces import Bar, Panel, Sign
from kiosk.screens.sheet import Sheet
from kiosk.views import Pair, SafetyView

TOP = 44
"""Units for the countdown."""


def lay_out(sheet: Sheet, view: SafetyView) -> None:
    """White on red: a sign, the number to call on white, the lift's code, what to do."""
    unit, dress = sheet.unit, sheet.dress
    sheet.ground = dress.danger
    _, rest = sheet.glass.box.cut_top(TOP * unit)
    _countdown(sheet, view)
    strip, rest = rest.cut_bottom(sheet.finger + 24 * unit)
    wide = min(420 * unit * len(view.buttons), strip.width - 2 * sheet.margin)
    buttons.row(sheet, view.buttons, strip.centred(wide, sheet.finger), step=2)
    head, rest = rest.cut_top(rest.height * (0.24 if sheet.upright else 0.22))
    _headline(sheet, view, head.inset(sheet.margin, 0))
    advice, rest = rest.cut_bottom(rest.height * (0.34 if sheet.upright else 0.30))
    items = sheet.pair(view.advice, 2, 1, lines=4, ink=dress.on_danger, soft=dress.on_danger)
    sheet.pile(items, advice.inset(sheet.margin, 8 * unit))
    _numbers(sheet, view, rest.inset(sheet.margin, 4 * unit))


def _countdown(sheet: Sheet, view: SafetyView) -> None:
    unit, dress, whole = sheet.unit, sheet.dress, sheet.glass.box
    box = Box(sheet.margin, whole.top - 30 * unit, whole.width - 2 * sheet.margin, 14 * unit)
    ground = mixed(dress.on_danger, dress.danger, 0.25)
    sheet.put(Bar(box, view.countdown.since, view.countdown.until, dress.on_danger, ground))


def _headline(sheet: Sheet, view: SafetyView, room: Box) -> None:
    unit, dress = sheet.unit, sheet.dress
    radius = min(room.height * 0.34, 62 * unit)
    items = sheet.pair(view.headline, 4, 2, ink=dress.on_danger, soft=dress.on_danger)
    space = room.width - 2 * radius - 28 * unit
    across = sheet.width_of(items, room._replace(width=space))
    left = room.x + (room.width - across - 2 * radius - 28 * unit) / 2
    sheet.put(Sign((left + radius, room.middle[1]), radius, dress.on_danger, dress.danger))
    words = left + 2 * radius + 28 * unit
    sheet.pile(items, Box(words, room.y, room.right - words, room.height), "left")


def _numbers(sheet: Sheet, view: SafetyView, room: Box) -> None:
    """The hotline fills its panel; the lift's code stands below it, or beside it where there is room."""
    dress, unit = sheet.dress, sheet.unit
    sheet.put(Panel(room, 28 * unit, dress.on_danger, dress.on_danger))
    inner = room.inset(24 * unit, 12 * unit)
    if view.lift_code:
        code, inner = inner.cut_bottom(inner.height * 0.34)
        name = sheet.pair(view.lift_name, 2, 1, lines=1, ink=BLACK, soft=BLACK)
        shown = sheet.pair(Pair(view.lift_code), 4, lines=1, ink=BLACK)
        if sheet.upright:
            sheet.pile([*name, *shown], code)
        else:
            left, right = code.columns(2)
            sheet.pile(name, left.inset(12 * unit, 0), "right")
            sheet.pile(shown, right.inset(12 * unit, 0), "left")
    sheet.pile(sheet.pair(Pair(view.hotline), 7, lines=1, ink=dress.danger), inner)
