"""The staff corner's number pad. In: a PadView."""

from __future__ import annotations

from kiosk.palette import mixed
from kiosk.screens import buttons
from kiosk.screens.boxes import Box
from kiosk.screens.pieces import Panel
from kiosk.screens.sheet import Sheet
from kiosk.views import PadView, Target

DOTS = 6
"""Places that are shown before a digit has been typed."""
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "back", "0", "done")


def lay_out(sheet: Sheet, view: PadView) -> None:
    """Headline and dots, the pad of a telephone, and the acts below."""
    unit = sheet.unit
    by_name = {given.target: given for given in view.buttons}
    pad = [by_name.pop(f"digit:{name}" if name.isdigit() else name, None) for name in KEYS]
    others = list(by_name.values())
    whole = sheet.glass.box.inset(sheet.margin - buttons.GAP * unit, 24 * unit)
    if sheet.upright:
        top, rest = whole.cut_top(whole.height * 0.30)
        acts, keys = rest.cut_bottom(sheet.finger + 16 * unit)
        _acts(sheet, others, acts._replace(height=acts.height - 16 * unit))
        _heading(sheet, view, top.inset(buttons.GAP * unit, 0))
    else:
        keys, left = whole.cut_right(whole.width * 0.52)
        acts, top = left.cut_bottom(sheet.finger)
        _acts(sheet, others, acts.inset(0, 0)._replace(width=acts.width - 24 * unit))
        _heading(sheet, view, top.inset(30 * unit, 0))
    for given, part in zip(pad, keys.grid(3, 4), strict=True):
        if given is not None:
            buttons.button(
                sheet,
                given,
                part,
                step=4 if given.target.startswith("digit") else 1,
                strong=given.target == "done",
            )


def _acts(sheet: Sheet, others: list[Target], room: Box) -> None:
    if others:
        buttons.row(sheet, others, room)


def _heading(sheet: Sheet, view: PadView, room: Box) -> None:
    unit = sheet.unit
    low, words = room.cut_bottom(room.height * 0.5)
    sheet.pile(sheet.pair(view.headline, 3, 1), words.inset(0, 14 * unit), at="bottom")
    dots, note = low.cut_top(min(low.height * 0.45, 90 * unit))
    _dots(sheet, view.dots, dots)
    sheet.pile(sheet.pair(view.note, 2, 0, lines=3, bold=False), note, at="top")


def _dots(sheet: Sheet, typed: int, room: Box) -> None:
    unit, dress = sheet.unit, sheet.dress
    count = max(typed, DOTS)
    pitch = min(56 * unit, room.width / count)
    size = min(26 * unit, pitch * 0.6)
    for number in range(count):
        x = room.middle[0] + (number - (count - 1) / 2) * pitch
        box = Box(x, room.middle[1], 0, 0).inset(-size / 2)
        filled = number < typed
        hue = dress.ink if filled else mixed(dress.soft, dress.paper, 0.6)
        sheet.put(Panel(box, size / 2, hue if filled else dress.paper, hue, 0 if filled else 3 * unit))
