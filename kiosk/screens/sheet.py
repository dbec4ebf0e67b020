"""A page being laid out: words that find their size, cards, codes. In: a glass and manners. Out: a `Page`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kiosk import palette
from kiosk.palette import Colour
from kiosk.screens import codes, typography
from kiosk.screens.boxes import Box
from kiosk.screens.glass import Glass
from kiosk.screens.pieces import Align, Bar, Lettering, Mark, Page, Panel, Piece, Qr
from kiosk.views import Countdown, Manners, Pair

At = Literal["top", "middle", "bottom"]
TEXT_STEPS = len(typography.SCALE)


@dataclass(frozen=True, slots=True)
class Item:
    """One wording of a pile: its largest step, its lines, and the gap above it in units."""

    text: str
    step: int
    lines: int
    bold: bool
    colour: Colour
    gap: float = 0.0
    second: bool = False
    """In the other language: left out where there is no room for both."""


@dataclass(frozen=True, slots=True)
class _Set:
    """An item with the size and the lines that were found for it."""

    item: Item
    size: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * typography.LEADING


class Sheet:
    """Collects pieces and targets."""

    def __init__(self, glass: Glass, manners: Manners | None = None) -> None:
        self.glass = glass
        self.manners = manners or Manners()
        self.dress = palette.dress(self.manners)
        self.ground = self.dress.paper
        self.unit = glass.unit
        self.upright = glass.upright
        self.elder = self.manners.elder
        self.margin = (27 if self.upright else 36) * self.unit
        self.finger = max(glass.finger, 106 * self.unit)
        """The height of a row of buttons, in pixels."""
        self.pieces: list[Piece] = []
        self.targets: list[tuple[str, Box]] = []

    def page(self) -> Page:
        """What was laid out."""
        return Page(self.ground, tuple(self.pieces), tuple(self.targets))

    def put(self, *pieces: Piece) -> None:
        """Draw these in front of what is there."""
        self.pieces += pieces

    def target(self, name: str, box: Box) -> None:
        """All of the box can be touched."""
        if name:
            self.targets.append((name, box))

    @property
    def reach(self) -> float:
        """The highest y of what can be touched."""
        return self.glass.height / 2 if self.manners.low_row else self.glass.height

    # --- words ----------------------------------------------------------------------------------------

    def step(self, normal: int) -> int:
        """The step of the type scale for these manners."""
        return typography.ELDER[normal] if self.elder else normal

    def pair(
        self,
        words: Pair,
        step: int,
        sub: int = 0,
        *,
        lines: int = 2,
        bold: bool = True,
        gap: float = 0.0,
        ink: Colour | None = None,
        soft: Colour | None = None,
    ) -> list[Item]:
        """Both languages as items of a pile; elder mode has room for the first only."""
        main = Item(words.main, self.step(step), lines, bold, ink or self.dress.ink, gap)
        found = [main] if words.main else []
        if words.sub and not self.elder:
            colour = soft or self.dress.soft
            found.append(Item(words.sub, sub, lines, bold=False, colour=colour, gap=2.0, second=True))
        return found

    def pair_at(self, words: Pair, step: int, lines: int) -> list[Item]:
        """The same with a step that was found for these manners already."""
        first, *second = self.pair(words, 0, lines=lines)
        return [replace(first, step=step), *second]

    def width_of(self, items: Sequence[Item], box: Box) -> float:
        """How wide a pile becomes in a box, in pixels."""
        lines = [(part, line) for part in self._set(items, box) for line in part.lines]
        return max(
            (typography.width(line, part.size, bold=part.item.bold) for part, line in lines), default=0.0
        )

    def pile(self, items: Sequence[Item], box: Box, align: Align = "center", at: At = "middle") -> Box:
        """Put words below each other into a box, all smaller when they are too high; the box they fill."""
        found = self._set(items, box)
        tall = self._tall(found)
        top = {"top": box.top, "middle": box.y + (box.height + tall) / 2, "bottom": box.y + tall}[at]
        filled = Box(box.x, top - tall, box.width, tall)
        for number, part in enumerate(found):
            top -= part.height + (part.item.gap * self.unit if number else 0)
            room = Box(box.x, top, box.width, part.height)
            item = part.item
            self.put(Lettering(room, part.lines, part.size, item.bold, item.colour, align))
        return filled

    def height_of(self, items: Sequence[Item], width: float) -> float:
        """How high a pile would be without any limit."""
        return self._tall(self._set(items, Box(0, 0, width, 1e9)))

    def common_step(self, words: Iterable[str], step: int, width: float, lines: int, *, bold: bool) -> int:
        """The largest step at which each of these fits: neighbours have one size."""
        room = typography.Room(width, lines, bold, self.unit)
        return min((typography.fit(word, self.step(step), room)[0] for word in words if word), default=0)

    def _set(self, items: Sequence[Item], box: Box) -> list[_Set]:
        for kept in (items, [item for item in items if not item.second]):
            for smaller in range(TEXT_STEPS):
                found = [self._fitted(item, smaller, box.width) for item in kept]
                if self._tall(found) <= box.height:
                    return found
        return found

    def _fitted(self, item: Item, smaller: int, width: float) -> _Set:
        room = typography.Room(width, item.lines + smaller // 3, item.bold, self.unit)
        step, lines = typography.fit(item.text, max(item.step - smaller, 0), room)
        return _Set(item, typography.SCALE[step] * self.unit, lines)

    def _tall(self, found: Sequence[_Set]) -> float:
        gaps = sum(part.item.gap for part in found[1:]) * self.unit
        return sum(part.height for part in found) + gaps

    # --- shapes ---------------------------------------------------------------------------------------

    def card(
        self, box: Box, colour: Colour | None = None, edge: Colour | None = None, line: float = 0
    ) -> None:
        """A panel in the dress of cards."""
        thick = (line or self.dress.line) * self.unit
        self.put(Panel(box, 24 * self.unit, colour or self.dress.card, edge or self.dress.edge, thick))

    def mark(self, name: str, centre: tuple[float, float], radius: float, colour: Colour) -> None:
        """A mark without a disc."""
        self.put(Mark(name, centre, radius, colour))

    def countdown(self, countdown: Countdown | None, box: Box | None = None) -> None:
        """The bar that empties, at the upper edge unless a box is given."""
        if countdown is None:
            return
        thick, whole = 14 * self.unit, self.glass.box
        at = box or Box(self.margin, whole.top - 16 * self.unit - thick, whole.width - 2 * self.margin, thick)
        ground = palette.mixed(self.dress.accent, self.ground, 0.18)
        self.put(Bar(at, countdown.since, countdown.until, self.dress.accent, ground))

    def code(self, text: str, room: Box) -> Box:
        """The largest QR code whose modules are whole pixels, in the middle of a box."""
        modules = codes.modules(text)
        side = max(int(min(room.width, room.height) / modules), 1) * modules
        x, y = room.middle
        box = Box(float(round(x - side / 2)), float(round(y - side / 2)), side, side)
        self.put(Qr(text, box))
        return box
