"""Why nothing is asked, and what an installer needs to see. In: a NoticeView."""

from __future__ import annotations

from kiosk.palette import WHITE
from kiosk.screens.boxes import Box
from kiosk.screens.pieces import Mark
from kiosk.screens.sheet import Sheet
from kiosk.views import NoticeView, Pair

RADIUS = 78
ROW = 50
"""Units of one line of details."""
NAMES = 0.38
"""Share of a line that belongs to the name."""


def lay_out(sheet: Sheet, view: NoticeView) -> None:
    """A mark, one sentence, what comes next, and the facts."""
    unit = sheet.unit
    room = sheet.glass.box.inset(60 * unit, 30 * unit)
    radius, gap = RADIUS * unit, 30 * unit
    items = sheet.pair(view.headline, 4, 2)
    items += sheet.pair(view.note, 3, 1, lines=3, bold=False, gap=30)
    rows = (40 + ROW * len(view.details)) * unit if view.details else 0.0
    words = min(sheet.height_of(items, room.width), room.height - 2 * radius - gap - rows)
    top = room.y + (room.height + 2 * radius + gap + words + rows) / 2
    disc = sheet.dress.warning if view.mark == "pause" else sheet.dress.soft
    sheet.put(Mark(view.mark, (room.middle[0], top - radius), radius, WHITE, disc))
    top -= 2 * radius + gap
    sheet.pile(items, Box(room.x, top - words - 1, room.width, words + 1), at="top")
    top -= words + 40 * unit
    for number, (name, value) in enumerate(view.details):
        _row(sheet, name, value, Box(room.x, top - (number + 1) * ROW * unit, room.width, ROW * unit))


def _row(sheet: Sheet, name: Pair, value: str, box: Box) -> None:
    left, right = box.cut_left(box.width * NAMES)
    both = "  ".join(part for part in name if part)
    air = 14 * sheet.unit
    soft = sheet.pair(Pair(both), 1, lines=1, bold=False, ink=sheet.dress.soft)
    sheet.pile(soft, left._replace(width=left.width - air), "right")
    items = sheet.pair(Pair(value), 1, lines=2, bold=False)
    sheet.pile(items, Box(right.x + air, right.y, right.width - air, right.height), "left")
