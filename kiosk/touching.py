"""What a finger means: which touches are meant, and when a target has been touched; pure.

Feedback comes with the touch-down; a target is touched when the finger leaves it, or within 300 ms wherever
it leaves the screen. Every touch that comes to nothing is counted by its reason.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk import asking, between, reasons, staff, thanks
from kiosk.events import Sound, TouchDown, TouchUp
from kiosk.stages import (
    Asking,
    Attending,
    Attracting,
    Choosing,
    Kiosk,
    Press,
    Sleeping,
    Thanked,
    Typing,
    Warned,
)
from kiosk.visit import Step, count, rest, settings_of, to, touched

SLIDE_FOR = 300
"""A finger may slide off its target within this time and still be counted: old hands slide."""
DUPLICATE_FOR = 80
DUPLICATE_NEAR = 20.0
"""A second touch-down within this time (ms) and distance (mm) is the same finger read twice."""
SEEN_AFTER = 250
"""A target must have been on the screen this long before a touch on it can be meant."""
HELD_FOR = 10_000
"""Something leans on the screen: the press is given up."""


def down(state: Kiosk, event: TouchDown, now: int) -> Step:
    """A finger came down."""
    if _is_duplicate(state.last_down, event, now):
        return count(state, "duplicate"), ()
    state = replace(state, last_down=(now, event.x_mm, event.y_mm))
    if event.target in staff.CORNERS and staff.can_open(state):
        return staff.corner_down(state, event.touch, event.target, now), ()
    if between.is_black(state):
        return between.woken(state, now), ()
    if isinstance(state.stage, Attracting | Sleeping):
        state = between.ended(state, state.stage)
    stage = state.stage
    if isinstance(stage, Thanked) and not (event.target and thanks.is_live(state, stage, event.target)):
        return _ends_thanks(state, stage, now)
    if state.press or not isinstance(stage, Asking | Choosing | Thanked | Warned | Typing | Attending):
        return count(state, "unasked"), ()
    return _pressed(_noticed(state, now), event, now)


def up(state: Kiosk, event: TouchUp, now: int) -> Step:
    """A finger left the screen."""
    state, press = staff.lifted(state, event.touch, now), state.press
    if press is None or press.touch != event.touch:
        return state, ()
    state = replace(state, press=None)
    if event.target != press.target and now - press.down_at > SLIDE_FOR:
        return _again(count(state, "slid_off"), now), ()
    if not is_live(state, press.target):
        return _again(count(state, "unasked"), now), ()
    return _activated(state, press.target, now)


def held(state: Kiosk, now: int) -> Kiosk:
    """Something leans on a target: nothing was meant."""
    return _again(count(replace(state, press=None), "held"), now)


def is_live(state: Kiosk, target: str) -> bool:
    """Whether this target does something in this stage."""
    stage = state.stage
    if isinstance(stage, Asking):
        return asking.is_live(state, target)
    if isinstance(stage, Choosing):
        return reasons.is_live(state, stage, target)
    if isinstance(stage, Thanked):
        return thanks.is_live(state, stage, target)
    if isinstance(stage, Typing):
        return staff.pad_is_live(stage, target)
    if isinstance(stage, Attending):
        return target in staff.ACTS
    return isinstance(stage, Warned) and target == "known"


def _pressed(state: Kiosk, event: TouchDown, now: int) -> Step:
    if event.target is None or not is_live(state, event.target):
        return state, ()
    if now - _shown_at(state) < SEEN_AFTER:
        return count(state, "too_soon"), ()
    if isinstance(state.stage, Asking) and asking.bounces(state, event.target, now):
        return asking.hurried(state, state.stage), ()
    sound = Sound(wanted=settings_of(state).sound or state.visit.elder)
    return replace(state, press=Press(event.touch, event.target, now)), (sound,)


def _activated(state: Kiosk, target: str, now: int) -> Step:
    stage = state.stage
    if isinstance(stage, Asking):
        return asking.activated(state, target, now)
    if isinstance(stage, Choosing):
        return reasons.activated(state, stage, target, now)
    if isinstance(stage, Warned):
        return reasons.warning_over(state, stage, now)
    if isinstance(stage, Typing):
        return staff.typed(state, stage, target, now)
    if isinstance(stage, Attending):
        return staff.activated(state, stage, target, now)
    return thanks.activated(state, now)


def _noticed(state: Kiosk, now: int) -> Kiosk:
    """Somebody is there: countdowns begin anew, wherever the finger is."""
    stage = state.stage
    if isinstance(stage, Choosing):
        state = reasons.touched(state, stage, now)
    elif isinstance(stage, Typing | Attending):
        return replace(state, stage=replace(stage, touched_at=now))
    return touched(state, now)


def _again(state: Kiosk, now: int) -> Kiosk:
    """The question once more: what is touched next must have been seen first."""
    return to(state, Asking(now)) if isinstance(state.stage, Asking) else state


def _ends_thanks(state: Kiosk, stage: Thanked, now: int) -> Step:
    if state.press or now - stage.since < thanks.READY_AFTER:
        return count(state, "too_soon"), ()
    return rest(state, now), ()


def _shown_at(state: Kiosk) -> int:
    stage = state.stage
    if isinstance(stage, Asking):
        return stage.shown_at
    return stage.since if isinstance(stage, Choosing | Thanked | Warned | Typing | Attending) else 0


def _is_duplicate(last: tuple[int, float, float] | None, event: TouchDown, now: int) -> bool:
    if last is None or now - last[0] > DUPLICATE_FOR:
        return False
    return (event.x_mm - last[1]) ** 2 + (event.y_mm - last[2]) ** 2 <= DUPLICATE_NEAR**2
