"""What the kiosk can be in the middle of, and all that it knows; pure.

`kiosk.flow` moves from one state to the next, `kiosk.view` says what each looks like. Times are milliseconds
of a clock that never jumps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.content import Ask, Plan
from kiosk.events import Door, Health, Keep, Link, Trouble, WallClock
from kiosk.layouts import Screen


@dataclass(frozen=True, slots=True)
class Press:
    """A finger is on a target."""

    touch: str
    target: str
    down_at: int


@dataclass(frozen=True, slots=True)
class Asking:
    """The question is shown."""

    shown_at: int
    hurried_until: int | None = None
    """A face was touched too soon after the last answer; until then the screen says so."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """After a bad answer, which is kept: why was it bad?"""

    since: int
    until: int
    """Without a touch it is over then."""
    chosen: tuple[str, ...] = ()
    """Ids of reasons, in the order in which they were touched."""
    undo_until: int | None = None
    restarted_at: int = 0
    """When the countdown began to run."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The finger has left `target`; the answer is on its way to the disk, `behind` stays on the screen."""

    keep: Keep
    target: str
    behind: Asking | Choosing
    since: int


@dataclass(frozen=True, slots=True)
class Thanked:
    """The answer is on disk and the person is told."""

    rating: int
    since: int
    until: int = 0
    undo_until: int | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """A safety reason was chosen: whom to call. `keep` is on its way to the disk, or waits for `retry_at`."""

    since: int
    until: int
    keep: Keep | None
    trouble: Trouble | None = None
    retry_at: int | None = None


@dataclass(frozen=True, slots=True)
class Attracting:
    """Nobody has touched the screen for a while: announcements, one after the other, above the faces."""

    since: int
    card: int = 0
    turn_at: int = 0


@dataclass(frozen=True, slots=True)
class Sleeping:
    """Outside opening hours. A black screen is only woken by a touch, a dimmed one takes it."""

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


@dataclass(frozen=True, slots=True)
class Typing:
    """The staff corner's number pad."""

    since: int
    digits: str = field(default="", repr=False)
    checking: bool = False
    wrong: bool = False
    locked: bool = False
    touched_at: int = 0
    behind: OutOfService | None = None
    """What is to be gone back to."""


@dataclass(frozen=True, slots=True)
class Attending:
    """The staff corner is open."""

    since: int
    touched_at: int
    look_at: int
    """When to examine the machine again."""
    health: Health = field(default_factory=Health)
    network: bool = False
    sure: Literal["", "pair", "exit"] = ""
    """What was touched once and is done at the second touch."""
    test: Literal["", "keeping", "kept", "failed"] = ""
    test_number: int = 0
    behind: OutOfService | None = None


Stage = (
    Asking
    | Keeping
    | Choosing
    | Thanked
    | Warned
    | Attracting
    | Sleeping
    | OutOfService
    | Waiting
    | Typing
    | Attending
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person has done to the screen; the next one begins anew."""

    touched_at: int | None = None
    """Last touch; None: nobody has touched the screen since the last visit."""
    language: str = ""
    """Empty: the first one."""
    elder: bool = False
    low_row: bool = False
    given: Keep | None = None
    """The newest version of this visit's answer that is on disk."""
    slip: str = ""


@dataclass(frozen=True, slots=True)
class Corners:
    """Fingers in the corners: (touch, since) of each, and the one that was held long enough, until when."""

    left: tuple[str, int] | None = None
    right: tuple[str, int] | None = None
    first: str = ""
    first_until: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Touches that became no tap, by reason: nothing is dropped silently."""

    duplicate: int = 0
    too_soon: int = 0
    slid_off: int = 0
    held: int = 0
    unasked: int = 0
    bounced: int = 0
    """On a face within `minimum_interval` of the last answer."""
    burst: int = 0
    """Kept, and marked as made in a burst."""
    woke: int = 0
    """On a black screen: it only lit up."""
    wrong_pin: int = 0


@dataclass(frozen=True, slots=True)
class Kiosk:
    """All that the kiosk knows."""

    stage: Stage
    plan: Plan | None
    link: Link
    ask: Ask | None = None
    """The question of this visit, out of the plan."""
    visit: Visit = Visit()
    press: Press | None = None
    next_plan: Plan | None = None
    """Comes into force when nobody is in the middle of a visit."""
    plan_waits: bool = False
    last_down: tuple[int, float, float] | None = None
    """When (ms) and where (mm) the last finger came down."""
    number: int = 0
    """Number of the last answer."""
    visits: int = 0
    """How many visits are over; turns the rotation of questionnaires."""
    commits: tuple[tuple[int, int], ...] = ()
    """When and with which rating the last few answers were given, for bursts."""
    counts: Counts = field(default_factory=Counts)
    clock: WallClock = field(default_factory=WallClock)
    screen: Screen | None = None
    door: Door | None = None
    code: str = ""
    """What the rotating QR says now; empty while no key is good."""
    photos: tuple[tuple[str, str], ...] = ()
    brightness: int = 100
    """As it was last set."""
    corners: Corners = Corners()
    wrong_pins: int = 0
    locked_until: int = 0
