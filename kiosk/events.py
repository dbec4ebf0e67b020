"""What can happen to the kiosk and what it wants done: events and effects; pure.

`kiosk.flow` turns (state, event) into (state, effects); `kiosk.app` brings events and performs effects. Times
are milliseconds of a clock that never jumps, unless they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.content import Plan

Trouble = Literal["full", "broken", "slow"]


@dataclass(frozen=True, slots=True)
class TouchDown:
    """A finger came down on `target` (None: on nothing that can be touched), at x, y in millimetres."""

    touch: str
    target: str | None
    x_mm: float
    y_mm: float


@dataclass(frozen=True, slots=True)
class TouchUp:
    """A finger left the screen above `target`."""

    touch: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer of this number is on disk; `slip` follows it when it was a bad one."""

    number: int
    slip: str = ""


@dataclass(frozen=True, slots=True)
class KeepFailed:
    """The answer of this number could not be kept."""

    number: int
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class StoreLost:
    """There is no store to keep answers in."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class StoreReady:
    """There is a store again."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; see `kiosk.flow.due_at`."""


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    """The hub wants this screen to be something else; None: nothing is known to ask."""

    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Link:
    """How this terminal stands with its hub, as the screen tells it."""

    paired: bool = True
    """The identity file was there and could be read."""
    online: bool = False
    """The hub itself is there, not only the broker."""
    pending: int = 0
    """Taps not yet acknowledged by the hub."""
    terminal: str = ""
    address: str = ""
    """Where this machine is on the network."""
    hub: str = ""
    """Where the hub should be, host:port."""
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The line to the hub is in another state."""

    link: Link


@dataclass(frozen=True, slots=True)
class WallClock:
    """What turns the flow's clock into the time of day; `offset` and `zone` are in milliseconds."""

    offset: int = 0
    """Added to the flow's clock it gives milliseconds since 1970 UTC."""
    zone: int = 0
    """Local time minus UTC."""
    trusted: bool = False

    def wall(self, now: int) -> int:
        """Milliseconds since 1970 UTC."""
        return now + self.offset

    def local(self, now: int) -> int:
        """The same as people here count it, as if it were UTC."""
        return now + self.offset + self.zone


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """The clock was set, became trusted, or the zone's offset changed."""

    clock: WallClock


@dataclass(frozen=True, slots=True)
class ScreenMeasured:
    """The visible screen, in millimetres."""

    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Door:
    """The key of the rotating QR: proves presence at `label` until `valid_until` (ms since 1970 UTC)."""

    key: bytes = field(repr=False)
    label: str
    valid_until: int


@dataclass(frozen=True, slots=True)
class DoorChanged:
    """Another key, or none."""

    door: Door | None


@dataclass(frozen=True, slots=True)
class PhotosChanged:
    """Photos of cards that are on this machine now: path on the hub → path here."""

    photos: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Health:
    """Figures for the staff corner."""

    software: str = ""
    config_revision: int = 0
    oldest_pending_for: int = 0
    """Milliseconds that the oldest tap has been waiting for the hub."""
    disk_free: int = 0
    """Bytes."""
    temperature: float | None = None
    """Degrees Celsius."""
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthFound:
    """The answer to `Examine`."""

    health: Health


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The answer to `CheckPin`."""

    right: bool


Event = (
    TouchDown
    | TouchUp
    | Kept
    | KeepFailed
    | StoreLost
    | StoreReady
    | Tick
    | ConfigChanged
    | LinkChanged
    | ClockChanged
    | ScreenMeasured
    | DoorChanged
    | PhotosChanged
    | HealthFound
    | PinChecked
)


@dataclass(frozen=True, slots=True)
class Keep:
    """Put this answer on disk, then say `Kept` or `KeepFailed`. The same number is never kept twice."""

    number: int
    questionnaire: str
    question: str
    scale: str
    rating: int
    layout: str
    amends: int = 0
    """Number of the answer that this one replaces; it keeps that one's slip and time."""
    reasons: tuple[str, ...] = ()
    urgent: bool = False
    bad: bool = False
    """A slip is to be drawn for it."""
    burst: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True)
class OpenStore:
    """Try to open the store again, then say `StoreReady` or `StoreLost`."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The same short tick for every touch: a sad one would tell the neighbours.

    `wanted`: the hub or elder mode asks for it; otherwise only a kiosk started with sound gives it.
    """

    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Brightness:
    """Set the backlight, in per cent; 0 is black."""

    percent: int


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Compare a PIN with the hash kept of it (slow on purpose), then say `PinChecked`."""

    pin: str = field(repr=False)
    kept: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Examine:
    """Look at the machine, then say `HealthFound`."""


@dataclass(frozen=True, slots=True)
class ForgetIdentity:
    """Set the identity aside, so that this terminal can be paired anew. Answers stay on the disk."""

    sure: bool = False
    """Staff have read that answers wait here which another identity cannot send."""


@dataclass(frozen=True, slots=True)
class Exit:
    """End the program."""


Effect = Keep | OpenStore | Sound | Brightness | CheckPin | Examine | ForgetIdentity | Exit
