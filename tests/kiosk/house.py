"""A kiosk with a disk that works, is full, or takes its time; it watches that nothing is lost or invented."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from kiosk import door, flow, visit
from kiosk.events import (
    CheckPin,
    Event,
    Keep,
    KeepFailed,
    Kept,
    Link,
    OpenStore,
    PinChecked,
    StoreLost,
    StoreReady,
    Tick,
    TouchDown,
)
from kiosk.stages import (
    Asking,
    Attending,
    Choosing,
    Keeping,
    Kiosk,
    OutOfService,
    Sleeping,
    Thanked,
    Typing,
    Waiting,
    Warned,
)
from kiosk.view import view
from tests.kiosk.asks import whole_plan

STEPS_AT_ONCE = 1_000
"""More ticks than this without the time going on are a loop."""


def fresh(state: Kiosk, now: int) -> Kiosk:
    """What a kiosk that nobody has ever touched would be, with the same plan, line, clock and screen."""
    known = ("plan", "link", "clock", "screen", "door", "photos", "visits")
    blank = replace(Kiosk(Waiting(), None, state.link), **{k: getattr(state, k) for k in known})
    return door.renewed(visit.rest(blank, now), now)


def begin(**settings: Any) -> Kiosk:
    """A kiosk with everything a hub can send."""
    return flow.begin(whole_plan(**settings), Link(online=True), 0)


@dataclass
class House:
    """Posts events, performs effects, and holds the flow to its promises at each step."""

    state: Kiosk = field(default_factory=begin)
    now: int = 10_000
    disk: str = "disk works"
    waiting: list[Keep] = field(default_factory=list)
    kept: dict[int, Keep] = field(default_factory=dict)
    given: dict[int, Keep] = field(default_factory=dict)
    checks: list[CheckPin] = field(default_factory=list)

    def post(self, event: Event) -> None:
        before = self.state
        self.state, effects = flow.advance(before, event, self.now)
        self._check_touch(before, event)
        self._check_thanks(before, event)
        view(self.state)
        for effect in effects:
            if isinstance(effect, Keep):
                self._keep(effect, before)
            elif isinstance(effect, OpenStore):
                self.post(StoreReady() if self.disk == "disk works" else StoreLost("broken"))
            elif isinstance(effect, CheckPin):
                self.checks.append(effect)

    def _keep(self, keep: Keep, before: Kiosk) -> None:
        if keep.number in self.given:
            assert self.given[keep.number] == keep, "two answers under one number"
            assert keep.number not in self.kept, "an answer given again that is on disk"
            assert isinstance(before.stage, OutOfService | Warned)
        assert keep.number == len(self.given) + 1 or keep.number in self.given, "a number was left out"
        if keep.amends:
            assert keep.amends in self.kept, "an amendment of what is not on disk"
            assert keep.amends not in {one.amends for one in self.given.values() if one != keep}, "a fork"
        self.given[keep.number] = keep
        if self.disk == "disk full":
            self.post(KeepFailed(keep.number, "full"))
        elif self.disk == "store lost":
            self.post(StoreLost("broken"))
        else:
            self.waiting.append(keep)
            if self.disk == "disk works":
                self.finish()

    def finish(self) -> None:
        """The disk has done what it was given."""
        while self.waiting:
            keep = self.waiting.pop(0)
            self.kept[keep.number] = keep
            self.post(Kept(keep.number, f"SLIP{keep.number:08}" if keep.bad else ""))

    def _check_touch(self, before: Kiosk, event: Event) -> None:
        """Every touch-down is somewhere: counted, a press, a corner, or the sign that somebody is there."""
        if not isinstance(event, TouchDown):
            return
        after = self.state
        if after.counts == before.counts and after.press == before.press and after.corners == before.corners:
            ended = isinstance(before.stage, Thanked) and not isinstance(after.stage, Thanked)
            inside = isinstance(after.stage, Typing | Attending) and after.stage.touched_at == self.now
            assert ended or inside or after.visit.touched_at == self.now, "a touch was dropped silently"

    def _check_thanks(self, before: Kiosk, event: Event) -> None:
        after = self.state.stage
        if isinstance(after, Thanked | Choosing) and type(before.stage) is not type(after):
            assert self.state.visit.given is not None
            assert self.state.visit.given.number in self.kept, "thanks before the answer was on disk"
        if isinstance(after, Keeping):
            assert after.keep.number not in self.kept

    def play(self, steps: list[tuple[int, Event | str]]) -> None:
        for pause, step in steps:
            self.wait(pause)
            self.do(step)

    def do(self, step: Event | str) -> None:
        if not isinstance(step, str):
            self.post(step)
        elif step in ("right", "wrong"):
            if self.checks:
                self.checks.pop()
                self.post(PinChecked(step == "right"))
        else:
            self.disk = step
            if step == "disk works":
                self.finish()

    def wait(self, pause: int) -> None:
        """Time passes; the app's timer fires when the state asked for it."""
        end, steps = self.now + pause, 0
        while (due := flow.due_at(self.state, self.now)) is not None and due <= end:
            steps = steps + 1 if due <= self.now else 0
            assert steps < STEPS_AT_ONCE, "ticks that change nothing"
            self.now = max(self.now, due)
            self.post(Tick())
        self.now = end

    def leave(self) -> None:
        """The disk works again, and everybody goes away for long enough."""
        self.do("disk works")
        self.wait(200_000)

    def is_at_rest(self) -> bool:
        """Whether the next person finds what the first one found."""
        stage = self.state.stage
        return self.state.visit.touched_at is None and not isinstance(
            stage, Keeping | Choosing | Thanked | Warned | Typing | Attending | OutOfService
        )

    def looks_fresh(self) -> bool:
        """Whether the screen shows nothing of anybody before."""
        return view(self.state) == view(fresh(self.state, self.now)) or not isinstance(
            self.state.stage, Asking | Sleeping | Waiting
        )
