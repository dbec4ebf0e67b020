"""Outside opening hours: almost nothing. In: a SleepView."""

from __future__ import annotations

from kiosk.palette import NIGHT, WHITE, mixed
from kiosk.screens.sheet import Item, Sheet
from kiosk.views import SleepView

DARKEST = 0.10
BRIGHTEST = 0.62
"""How bright the words are, of white, at 0 and at 100 per cent."""


def lay_out(sheet: Sheet, view: SleepView) -> None:
    """One dim sentence in the dark; nothing at all on a black screen."""
    sheet.ground = NIGHT
    if view.brightness <= 0:
        return
    share = DARKEST + (BRIGHTEST - DARKEST) * min(view.brightness, 100) / 100
    hue = mixed(WHITE, NIGHT, share)
    items: list[Item] = sheet.pair(view.note, 3, 1, bold=False, ink=hue, soft=hue)
    sheet.pile(items, sheet.glass.box.inset(sheet.margin))
