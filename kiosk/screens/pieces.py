"""What a screen is made of: values that say what is drawn where, in pixels. Equal pieces look equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.palette import Colour
from kiosk.screens.boxes import Box
from kiosk.shapes import Point

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Lettering:
    """Some lines of one size; `box` is the room they were given."""

    box: Box
    lines: tuple[str, ...]
    size: float
    bold: bool
    colour: Colour
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle with round corners, and a line around it when `line` is more than 0."""

    box: Box
    radius: float
    colour: Colour
    edge: Colour
    line: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """One face: its features in `ink` on `colour`, a rim around it."""

    face: str
    centre: Point
    radius: float
    colour: Colour
    ink: Colour
    rim: Colour
    line: float


@dataclass(frozen=True, slots=True)
class Star:
    """A star, filled or only its rim."""

    centre: Point
    radius: float
    colour: Colour
    rim: Colour
    line: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A small mark, on a disc when `disc` is given."""

    name: str
    centre: Point
    radius: float
    colour: Colour
    disc: Colour | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """The warning triangle with its exclamation mark."""

    centre: Point
    radius: float
    colour: Colour
    ink: Colour


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, black on white, its quiet zone included in the box."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture from this machine, cut to fill the box."""

    path: str
    box: Box
    radius: float


@dataclass(frozen=True, slots=True)
class Bar:
    """What is left of a countdown, from `since` to `until` (ms)."""

    box: Box
    since: int
    until: int
    colour: Colour
    ground: Colour


Piece = Lettering | Panel | Head | Star | Mark | Sign | Qr | Photo | Bar


@dataclass(frozen=True, slots=True)
class Page:
    """A whole screen: its ground, its pieces from back to front, what can be touched."""

    ground: Colour
    pieces: tuple[Piece, ...]
    targets: tuple[tuple[str, Box], ...]

    def target_at(self, x: float, y: float) -> str | None:
        """What lies under a point; what was laid out last lies on top."""
        return next((name for name, box in reversed(self.targets) if box.holds(x, y)), None)
