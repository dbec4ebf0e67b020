"""The words of the kiosk's flow: what can be on screen, what can happen, what can follow; pure.

`kiosk.flow` turns (state, event) into (state, effects); `kiosk.app` brings events and performs effects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.content import Ask

Trouble = Literal["full", "broken", "slow"]


@dataclass(frozen=True, slots=True)
class TouchDown:
    """A finger came down on `cell` (None: beside the faces), at x, y in millimetres."""

    touch: str
    cell: int | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TouchUp:
    """A finger left the screen above `cell`."""

    touch: str
    cell: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer of this number is on disk."""

    number: int


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
    """Time has passed; see `due_at`."""


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    """Something else is to be asked, or nothing."""

    ask: Ask | None


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


Event = TouchDown | TouchUp | Kept | KeepFailed | StoreLost | StoreReady | Tick | ConfigChanged | LinkChanged


@dataclass(frozen=True, slots=True)
class Keep:
    """Put this answer on disk, then say `Kept` or `KeepFailed`. The same number is never kept twice."""

    number: int
    questionnaire: str
    question: str
    scale: str
    rating: int
    layout: str


@dataclass(frozen=True, slots=True)
class OpenStore:
    """Try to open the store again, then say `StoreReady` or `StoreLost`."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The same short tick for every face: a sad one would tell the neighbours."""


Effect = Keep | OpenStore | Sound


@dataclass(frozen=True, slots=True)
class Press:
    """A finger is on a face."""

    touch: str
    cell: int
    down_at: int


@dataclass(frozen=True, slots=True)
class Asking:
    """The question and its faces are shown."""

    shown_at: int
    press: Press | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """The finger has left; the answer is on its way to the disk."""

    keep: Keep
    cell: int
    since: int


@dataclass(frozen=True, slots=True)
class Thanked:
    """The answer is on disk and the person is told."""

    rating: int
    since: int


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Nothing can be kept. `keep` is the answer still waiting; `retry_at` is None while it is being tried."""

    trouble: Trouble
    keep: Keep | None
    retry_at: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """There is nothing to ask: not paired, or no config yet."""


Stage = Asking | Keeping | Thanked | OutOfService | Waiting


@dataclass(frozen=True, slots=True)
class Counts:
    """Touches that became no tap, by reason: nothing is dropped silently."""

    duplicate: int = 0
    too_soon: int = 0
    slid_off: int = 0
    held: int = 0
    unasked: int = 0


@dataclass(frozen=True, slots=True)
class Kiosk:
    """All that the kiosk knows."""

    stage: Stage
    ask: Ask | None
    link: Link
    next_ask: Ask | None = None
    """Comes into force when nobody is in the middle of an answer."""
    asks_waiting: bool = False
    last_down: tuple[int, float, float] | None = None
    """When (ms) and where (mm) the last finger came down."""
    number: int = 0
    """Number of the last answer."""
    counts: Counts = field(default_factory=Counts)
