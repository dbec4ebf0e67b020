"""What is on the screen and what a touch means: every event goes to the part that knows; pure.

In: a state, one event and the time (milliseconds of a clock that never jumps). Out: the next state and the
effects that somebody else performs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk import asking, between, custody, door, reasons, staff, thanks, touching, visit
from kiosk.content import Plan
from kiosk.events import (
    Brightness,
    ClockChanged,
    ConfigChanged,
    DoorChanged,
    Event,
    HealthFound,
    KeepFailed,
    Kept,
    Link,
    LinkChanged,
    PhotosChanged,
    PinChecked,
    ScreenMeasured,
    StoreLost,
    StoreReady,
    Tick,
    TouchDown,
    TouchUp,
)
from kiosk.layouts import Screen
from kiosk.stages import (
    Asking,
    Attending,
    Attracting,
    Choosing,
    Keeping,
    Kiosk,
    OutOfService,
    Stage,
    Thanked,
    Typing,
    Waiting,
    Warned,
)
from kiosk.visit import Step


def begin(plan: Plan | None, link: Link, now: int) -> Kiosk:
    """The first state: it asks at once when there is something to ask, whatever the network does."""
    return visit.rest(Kiosk(Waiting(), plan, link), now)


def advance(state: Kiosk, event: Event, now: int) -> Step:
    """The next state and what has to be done."""
    after, effects = _WHAT_FOLLOWS[type(event)](state, event, now)
    after = door.renewed(after, now)
    level = between.brightness(after)
    if level != after.brightness:
        return replace(after, brightness=level), (*effects, Brightness(level))
    return after, effects


def due_at(state: Kiosk, now: int) -> int | None:
    """When a `Tick` will change something; None: never."""
    dues = (
        state.press.down_at + touching.HELD_FOR if state.press else None,
        staff.corners_due(state),
        _stage_due(state),
        visit.change_due(state, now),
        door.next_code_at(state, now),
    )
    return min((due for due in dues if due is not None), default=None)


def _stage_due(state: Kiosk) -> int | None:
    """When this stage is over by itself; a finger on a target puts it off until it is lifted."""
    if state.press and isinstance(state.stage, Asking | Choosing | Thanked):
        return None
    dues = _DUE.get(type(state.stage))
    return dues(state, state.stage) if dues else None


def _tick(state: Kiosk, _: Tick, now: int) -> Step:
    if state.press and now >= state.press.down_at + touching.HELD_FOR:
        return touching.held(state, now), ()
    corners = staff.corners_due(state)
    if corners is not None and now >= corners:
        return staff.opened(state, now), ()
    due = _stage_due(state)
    if due is None or now < due:
        return visit.settled(state, now), ()
    return _IN_TIME[type(state.stage)](state, state.stage, now)


def _config_changed(state: Kiosk, event: ConfigChanged, now: int) -> Step:
    return visit.planned(state, event.plan, now), ()


def _link_changed(state: Kiosk, event: LinkChanged, now: int) -> Step:
    state = replace(state, link=event.link)
    if isinstance(state.stage, Attending) and not event.link.paired:
        return visit.rest(state, now), ()
    return visit.settled(state, now), ()


def _clock_changed(state: Kiosk, event: ClockChanged, now: int) -> Step:
    return visit.settled(replace(state, clock=event.clock), now), ()


def _screen_measured(state: Kiosk, event: ScreenMeasured, _: int) -> Step:
    return replace(state, screen=Screen(event.width_mm, event.height_mm)), ()


def _door_changed(state: Kiosk, event: DoorChanged, _: int) -> Step:
    return replace(state, door=event.door), ()


def _photos_changed(state: Kiosk, event: PhotosChanged, _: int) -> Step:
    return replace(state, photos=event.photos), ()


def _health_found(state: Kiosk, event: HealthFound, _: int) -> Step:
    return staff.examined(state, event), ()


_WHAT_FOLLOWS: dict[type[Event], Callable[[Kiosk, Any, int], Step]] = {
    TouchDown: touching.down,
    TouchUp: touching.up,
    Kept: custody.kept,
    KeepFailed: custody.keep_failed,
    StoreLost: custody.store_lost,
    StoreReady: custody.store_ready,
    Tick: _tick,
    ConfigChanged: _config_changed,
    LinkChanged: _link_changed,
    ClockChanged: _clock_changed,
    ScreenMeasured: _screen_measured,
    DoorChanged: _door_changed,
    PhotosChanged: _photos_changed,
    HealthFound: _health_found,
    PinChecked: staff.checked,
}

_DUE: dict[type[Stage], Callable[[Kiosk, Any], int | None]] = {
    Asking: asking.due,
    Keeping: custody.due,
    Choosing: reasons.due,
    Thanked: thanks.due,
    Warned: reasons.warning_due,
    Attracting: between.due,
    OutOfService: custody.due,
    Typing: staff.pad_due,
    Attending: staff.due,
}
"""Sleeping and waiting end by the hour or by news alone."""
_IN_TIME: dict[type[Stage], Callable[[Kiosk, Any, int], Step]] = {
    Asking: asking.tick,
    Keeping: custody.tick,
    Choosing: reasons.tick,
    Thanked: thanks.tick,
    Warned: reasons.warning_tick,
    Attracting: between.tick,
    OutOfService: custody.tick,
    Typing: staff.pad_tick,
    Attending: staff.tick,
}
