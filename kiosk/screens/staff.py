"""What staff may see and do. In: a StaffView."""

from __future__ import annotations

from kiosk.palette import WHITE
from kiosk.screens import buttons
from kiosk.screens.boxes import Box
from kiosk.screens.pieces import Mark, Sign
from kiosk.screens.sheet import Sheet
from kiosk.views import Pair, StaffView

HIGHEST = 112
"""Units of one row of figures."""
Row = tuple[Pair, str, str]


def lay_out(sheet: Sheet, view: StaffView) -> None:
    """Figures with their marks, in two columns where the screen is wide; the acts below."""
    unit = sheet.unit
    head, rest = sheet.glass.box.cut_top(96 * unit)
    sheet.pile(sheet.pair(view.headline, 3, 1, lines=1), head.inset(sheet.margin, 10 * unit), "left")
    across = min(3 if sheet.upright else 5, max(len(view.buttons), 1))
    down = -(-len(view.buttons) // across)
    strip, rest = rest.cut_bottom(down * sheet.finger + 20 * unit)
    grid = strip.inset(sheet.margin - buttons.GAP * unit, 10 * unit).grid(across, max(down, 1))
    for given, part in zip(view.buttons, grid, strict=False):
        buttons.button(sheet, given, part, step=1)
    card = rest.inset(sheet.margin, 8 * unit)
    sheet.card(card)
    _rows(sheet, view.rows, card.inset(18 * unit, 12 * unit))


def _rows(sheet: Sheet, rows: tuple[Row, ...], room: Box) -> None:
    wide = 1 if sheet.upright or len(rows) <= 6 else 2
    each = -(-len(rows) // wide) if rows else 1
    tall = min(room.height / each, HIGHEST * sheet.unit)
    for number, column in enumerate(room.columns(wide)):
        for place, row in enumerate(rows[number * each : (number + 1) * each]):
            box = Box(column.x, column.top - (place + 1) * tall, column.width, tall)
            _row(sheet, row, box.inset(10 * sheet.unit, 2 * sheet.unit))


def _row(sheet: Sheet, row: Row, box: Box) -> None:
    name, value, state = row
    unit = sheet.unit
    icon, rest = box.cut_left(50 * unit)
    _mark(sheet, state, (icon.x + 18 * unit, icon.middle[1]))
    left, right = rest.cut_left(rest.width * 0.46)
    sheet.pile(sheet.pair(name, 2, 0, lines=1, bold=False, ink=sheet.dress.soft), left, "left")
    sheet.pile(sheet.pair(Pair(value), 2, lines=2), right.inset(10 * unit, 0), "left")


def _mark(sheet: Sheet, state: str, centre: tuple[float, float]) -> None:
    """A check on green, a triangle, a cross on red: told apart by shape."""
    radius, dress = 17 * sheet.unit, sheet.dress
    if state == "good":
        sheet.put(Mark("check", centre, radius, WHITE, dress.good))
    elif state == "warn":
        sheet.put(Sign(centre, radius * 1.05, dress.warning, WHITE))
    elif state == "bad":
        sheet.put(Mark("cross", centre, radius, WHITE, dress.danger))
