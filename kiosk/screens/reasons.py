"""After a bad answer: reasons to choose, and a code to say more. In: a ReasonsView."""

from __future__ import annotations

from kiosk.screens import buttons, cards
from kiosk.screens.boxes import Box
from kiosk.screens.sheet import Sheet
from kiosk.views import ReasonsView

TOP = 44
"""Units for the countdown."""
SIDE = 308
"""Units of the column that holds the code."""
NOTE = 76
"""Units for the note above the buttons of an upright screen."""
HIGHEST = 190
"""Units; a higher chip would not be easier to meet."""


def lay_out(sheet: Sheet, view: ReasonsView) -> None:
    """Countdown, headline, chips, code, buttons; what can be touched low when that is asked for."""
    unit = sheet.unit
    _, rest = sheet.glass.box.cut_top(TOP * unit)
    sheet.countdown(view.countdown)
    keys, rest = rest.cut_bottom(sheet.finger + 24 * unit)
    between = _buttons(sheet, view, keys)
    if not sheet.elder or view.code is None:
        if sheet.upright:
            between, rest = rest.cut_bottom(NOTE * unit)
        sheet.pile(sheet.pair(view.note, 1, 0, lines=3, bold=False), between.inset(14 * unit, 0))
    code = None if sheet.elder else view.code  # large type leaves no room; the thank-you shows it again
    if code and not sheet.upright:
        side, rest = rest.cut_right(SIDE * unit)
        cards.below(sheet, code, side._replace(width=side.width - sheet.margin))
    down, across = (3, 2) if sheet.upright else (2, 3)
    down = max(min(down, -(-len(view.chips) // across)), 1)
    coded = 300 * unit if code and sheet.upright else 0.0
    heading = (280 if sheet.elder else 190) * unit
    tall = min(rest.height - coded - heading, sheet.reach - rest.y, down * HIGHEST * unit)
    grid, rest = rest.cut_bottom(max(tall, down * sheet.finger))
    _chips(sheet, view, grid.inset(sheet.margin - buttons.GAP * unit, 0), across, down)
    if code and sheet.upright:
        strip, rest = rest.cut_bottom(coded)
        cards.beside(sheet, code, strip.inset(sheet.margin, 14 * unit))
    items = sheet.pair(view.headline, 3, 0)
    items += sheet.pair(view.question, 2, 0, gap=12)
    sheet.pile(items, rest.inset(sheet.margin, 8 * unit), "left")


def _chips(sheet: Sheet, view: ReasonsView, grid: Box, across: int, down: int) -> None:
    parts = grid.grid(across, down)
    step = max((s for s in (3, 2, 1, 0) if _all_fit(sheet, view, s, parts[0])), default=0)
    for given, part in zip(view.chips, parts, strict=False):
        buttons.chip(sheet, given, part, step)


def _all_fit(sheet: Sheet, view: ReasonsView, step: int, part: Box) -> bool:
    """Whether each reason fits on one or two lines of this size."""
    width = part.width - (buttons.CHIP_MARK + 2 * buttons.GAP) * sheet.unit
    height = part.height - 2 * (buttons.GAP + 6) * sheet.unit
    piles = [sheet.pair(chip.words, step) for chip in view.chips]
    words = [chip.words.main for chip in view.chips]
    found = sheet.common_step(words, step, width, 2, bold=True)
    return found == sheet.step(step) and all(sheet.height_of(pile, width) <= height for pile in piles)


def _buttons(sheet: Sheet, view: ReasonsView, strip: Box) -> Box:
    """Undo at the left, what ends it at the right; the room between them."""
    unit = sheet.unit
    room = strip.inset(sheet.margin - buttons.GAP * unit, 12 * unit)
    wide = min(room.width * (0.5 if sheet.upright else 0.36), 400 * unit)
    undo = [given for given in view.buttons if given.target == "undo"]
    others = [given for given in view.buttons if given.target != "undo"]
    for given in others[::-1]:
        part, room = room.cut_right(wide)
        buttons.button(sheet, given, part, strong=given.target == "done")
    for given in undo:
        part, room = room.cut_left(wide)
        buttons.button(sheet, given, part)
    return room
