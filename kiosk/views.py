"""What a screen is told to draw: values without a decision in them; pure.

`kiosk.view` makes them from the state of the flow, `kiosk.screens` draws them. A target is what a touch is
called in the flow's events: "level:3", "reason:dirty", "done", "skip", "language", "elder", "undo", "card".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Theme = Literal["calm", "contrast", "traffic"]


class Pair(NamedTuple):
    """A wording in the first language, and in the second beneath it (empty when there is none)."""

    main: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """How everything is drawn during one visit."""

    theme: Theme = "calm"
    elder: bool = False
    """Large type, high contrast, fewer things at once."""
    low_row: bool = False
    """What can be touched lies in the lower half of the screen."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be touched: a button at the edge, `pressed` while a finger is on it."""

    target: str
    words: Pair
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with what is written under it; `shown` is the text for eyes (a slip as 7K3Q-X9TF-2M4A)."""

    text: str
    caption: Pair
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Countdown:
    """A bar that empties from `since` to `until` (ms of the flow's clock)."""

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One face, one star, or one key when `face` is `none`."""

    face: str
    words: Pair
    pressed: bool
    target: str = ""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """The question with its answers."""

    where: Pair
    question: Pair
    cells: tuple[Cell, ...]
    status: Pair
    online: bool
    ends: tuple[Pair, Pair] | None = None
    """Words at both ends of a row of bare keys (0 完全不可能 … 10 极有可能)."""
    buttons: tuple[Target, ...] = ()
    """Language, elder mode, low row: small but at least 20 mm."""
    code: Code | None = None
    """The rotating QR beside the faces."""
    manners: Manners = Manners()


@dataclass(frozen=True, slots=True)
class Chip:
    """One reason; several may be chosen."""

    target: str
    words: Pair
    chosen: bool
    safety: bool
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """After a bad answer, which is long kept: at most six reasons, and a QR to say more on a phone."""

    headline: Pair
    question: Pair
    chips: tuple[Chip, ...]
    buttons: tuple[Target, ...]
    """Done or skip, and undo."""
    countdown: Countdown
    code: Code | None
    """None when the hub is out of reach: then `note` says that the answer is saved here."""
    note: Pair
    manners: Manners = Manners()


@dataclass(frozen=True, slots=True)
class ThanksView:
    """The answer is on disk."""

    headline: Pair
    note: Pair
    sorry: bool
    code: Code | None = None
    """The slip, after a bad answer."""
    buttons: tuple[Target, ...] = ()
    """点错了？重选, for the first three seconds."""
    countdown: Countdown | None = None
    manners: Manners = Manners()


@dataclass(frozen=True, slots=True)
class SafetyView:
    """Somebody may be in danger: whom to call, in the largest type there is."""

    headline: Pair
    hotline: str
    lift_code: str
    advice: Pair
    buttons: tuple[Target, ...]
    countdown: Countdown
    manners: Manners = Manners()
    lift_name: Pair = Pair("电梯编号", "Lift code")  # noqa: RUF009 a Pair cannot be changed
    """What stands beside the lift code."""


@dataclass(frozen=True, slots=True)
class AttractView:
    """Between people: one announcement, and how to begin. A touch begins; one on a face counts."""

    said: Pair
    done: Pair
    day: Pair
    photo: str
    """Path of a picture on this machine; empty: none."""
    number: int
    """1 for the first of them."""
    of: int
    cells: tuple[Cell, ...]
    """The faces stay on the screen, so that the first touch is an answer."""
    question: Pair
    where: Pair
    manners: Manners = Manners()
    names: tuple[Pair, Pair] = (Pair("您说", "You said"), Pair("我们做了", "We did"))
    """What stands above `said` and above `done`."""


@dataclass(frozen=True, slots=True)
class CodeView:
    """QR terminal mode: the rotating QR fills the screen."""

    where: Pair
    question: Pair
    code: Code
    note: Pair
    buttons: tuple[Target, ...] = ()
    manners: Manners = Manners()


@dataclass(frozen=True, slots=True)
class SleepView:
    """Outside opening hours: almost nothing, at `brightness` per cent; the first touch only wakes."""

    note: Pair
    brightness: int


@dataclass(frozen=True, slots=True)
class PadView:
    """The staff corner's number pad; `dots` digits have been typed."""

    headline: Pair
    note: Pair
    dots: int
    buttons: tuple[Target, ...]
    """"digit:0" … "digit:9", "back", "leave"."""


@dataclass(frozen=True, slots=True)
class StaffView:
    """What staff may see and do: figures of health, and a few acts."""

    headline: Pair
    rows: tuple[tuple[Pair, str, Literal["good", "warn", "bad", "plain"]], ...]
    buttons: tuple[Target, ...]
    """"test", "network", "pair", "exit", "leave"."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Why nothing is asked, and what an installer needs to know."""

    mark: Literal["pause", "link", "wait"]
    headline: Pair
    note: Pair
    details: tuple[tuple[Pair, str], ...]


View = (
    QuestionView
    | ReasonsView
    | ThanksView
    | SafetyView
    | AttractView
    | CodeView
    | SleepView
    | PadView
    | StaffView
    | NoticeView
)
