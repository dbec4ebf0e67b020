"""What is on the screen and what a touch means; pure.

In: a state, one event and the time (milliseconds of a clock that never jumps). Out: the next state and the
effects that somebody else performs. A thank-you is reached only by `Kept`: the answer is on disk before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, assert_never

from kiosk.content import Ask
from kiosk.stages import (
    Asking,
    ConfigChanged,
    Effect,
    Event,
    Keep,
    KeepFailed,
    Keeping,
    Kept,
    Kiosk,
    Link,
    LinkChanged,
    OpenStore,
    OutOfService,
    Press,
    Sound,
    StoreLost,
    StoreReady,
    Thanked,
    Tick,
    TouchDown,
    TouchUp,
    Waiting,
)

SLIDE_FOR = 300
"""A finger may slide off its face within this time and still be counted: old hands slide."""
DUPLICATE_FOR = 80
DUPLICATE_NEAR = 20.0
"""A second touch-down within this time (ms) and distance (mm) is the same finger read twice."""
SEEN_AFTER = 250
"""A face must have been on the screen this long before a touch on it can be meant."""
READY_AFTER = 1_000
"""From here a touch ends the thank-you for the next person."""
THANKS_FOR = 2_500
HELD_FOR = 10_000
"""Something leans on the screen: the press is given up."""
SLOW_AFTER = 3_000
"""The disk takes this long to keep an answer: the screen says so."""
RETRY_AFTER = 10_000
"""How often a store that failed is tried again."""

Step = tuple[Kiosk, tuple[Effect, ...]]


def begin(ask: Ask | None, link: Link, now: int) -> Kiosk:
    """The first state: it asks at once when there is something to ask, whatever the network does."""
    return Kiosk(Asking(now) if ask and link.paired else Waiting(), ask, link)


def advance(state: Kiosk, event: Event, now: int) -> Step:
    """The next state and what has to be done."""
    return _WHAT_FOLLOWS[type(event)](state, event, now)


def due_at(state: Kiosk) -> int | None:
    """When a `Tick` will change something; None: never."""
    stage = state.stage
    match stage:
        case Asking():
            return stage.press.down_at + HELD_FOR if stage.press else None
        case Keeping():
            return stage.since + SLOW_AFTER
        case Thanked():
            return stage.since + THANKS_FOR
        case OutOfService():
            return stage.retry_at
        case Waiting():
            return None
        case _:
            assert_never(stage)


def _touch_down(state: Kiosk, event: TouchDown, now: int) -> Step:
    if _is_duplicate(state.last_down, event, now):
        return _count(state, "duplicate"), ()
    state = replace(state, last_down=(now, event.x, event.y))
    if isinstance(state.stage, Thanked):
        return _touch_on_thanks(state, state.stage, now)
    if not isinstance(state.stage, Asking) or state.stage.press:
        return _count(state, "unasked"), ()
    return _touch_on_question(state, state.stage, event, now)


def _touch_on_thanks(state: Kiosk, stage: Thanked, now: int) -> Step:
    if now - stage.since < READY_AFTER:
        return _count(state, "too_soon"), ()
    return _to_question(state, now), ()


def _touch_on_question(state: Kiosk, stage: Asking, event: TouchDown, now: int) -> Step:
    if event.cell is None:
        return state, ()
    if now - stage.shown_at < SEEN_AFTER:
        return _count(state, "too_soon"), ()
    press = Press(event.touch, event.cell, now)
    return replace(state, stage=replace(stage, press=press)), (Sound(),)


def _is_duplicate(last: tuple[int, float, float] | None, event: TouchDown, now: int) -> bool:
    if last is None or now - last[0] > DUPLICATE_FOR:
        return False
    return (event.x - last[1]) ** 2 + (event.y - last[2]) ** 2 <= DUPLICATE_NEAR**2


def _touch_up(state: Kiosk, event: TouchUp, now: int) -> Step:
    stage = state.stage
    if not isinstance(stage, Asking) or stage.press is None or stage.press.touch != event.touch:
        return state, ()
    press = stage.press
    if event.cell != press.cell and now - press.down_at > SLIDE_FOR:
        return _to_question(_count(state, "slid_off"), now), ()
    keep = _answer(state, press.cell)
    if keep is None:
        return _to_question(_count(state, "unasked"), now), ()
    return replace(state, stage=Keeping(keep, press.cell, now), number=keep.number), (keep,)


def _answer(state: Kiosk, cell: int) -> Keep | None:
    if state.ask is None or cell >= len(state.ask.question.scale.levels):
        return None
    question = state.ask.question
    scale = question.scale
    rating = scale.levels[cell].value
    layout = f"row-{len(scale.levels)}"
    return Keep(state.number + 1, state.ask.questionnaire, question.id, scale.id, rating, layout)


def _kept(state: Kiosk, event: Kept, now: int) -> Step:
    stage = state.stage
    if isinstance(stage, Keeping) and stage.keep.number == event.number:
        return replace(state, stage=Thanked(stage.keep.rating, now)), ()
    if isinstance(stage, OutOfService) and stage.keep and stage.keep.number == event.number:
        if stage.trouble == "slow":
            return replace(state, stage=Thanked(stage.keep.rating, now)), ()
        return _to_question(state, now), ()
    return state, ()


def _keep_failed(state: Kiosk, event: KeepFailed, now: int) -> Step:
    stage = state.stage
    keep = stage.keep if isinstance(stage, Keeping | OutOfService) else None
    if keep is None or keep.number != event.number:
        return state, ()
    return replace(state, stage=OutOfService(event.trouble, keep, now + RETRY_AFTER)), ()


def _store_lost(state: Kiosk, event: StoreLost, now: int) -> Step:
    keep = state.stage.keep if isinstance(state.stage, Keeping | OutOfService) else None
    return replace(state, stage=OutOfService(event.trouble, keep, now + RETRY_AFTER)), ()


def _store_ready(state: Kiosk, _: StoreReady, now: int) -> Step:
    stage = state.stage
    if not isinstance(stage, OutOfService):
        return state, ()
    if stage.keep is not None:
        return replace(state, stage=replace(stage, retry_at=None)), (stage.keep,)
    return _to_question(state, now), ()


def _tick(state: Kiosk, _: Tick, now: int) -> Step:
    due = due_at(state)
    if due is None or now < due:
        return state, ()
    stage = state.stage
    if isinstance(stage, Asking):
        return _to_question(_count(state, "held"), now), ()
    if isinstance(stage, Thanked):
        return _to_question(state, now), ()
    if isinstance(stage, Keeping):
        return replace(state, stage=OutOfService("slow", stage.keep, None)), ()
    assert isinstance(stage, OutOfService)  # noqa: S101 the only stage left that can be due
    again: Effect = stage.keep or OpenStore()
    return replace(state, stage=replace(stage, retry_at=None)), (again,)


def _config_changed(state: Kiosk, event: ConfigChanged, now: int) -> Step:
    return _settled(replace(state, next_ask=event.ask, asks_waiting=True), now), ()


def _link_changed(state: Kiosk, event: LinkChanged, now: int) -> Step:
    return _settled(replace(state, link=event.link), now), ()


def _settled(state: Kiosk, now: int) -> Kiosk:
    """Let a new config or pairing come into force, unless somebody is in the middle of an answer."""
    if isinstance(state.stage, Waiting) or (isinstance(state.stage, Asking) and not state.stage.press):
        changed = state.asks_waiting and state.next_ask != state.ask
        ready = bool((state.next_ask if state.asks_waiting else state.ask) and state.link.paired)
        if changed or ready != isinstance(state.stage, Asking):
            return _to_question(state, now)
    return state


def _to_question(state: Kiosk, now: int) -> Kiosk:
    ask = state.next_ask if state.asks_waiting else state.ask
    stage = Asking(now) if ask and state.link.paired else Waiting()
    return replace(state, stage=stage, ask=ask, next_ask=None, asks_waiting=False)


def _count(state: Kiosk, reason: str) -> Kiosk:
    counts = replace(state.counts, **{reason: getattr(state.counts, reason) + 1})
    return replace(state, counts=counts)


_WHAT_FOLLOWS: dict[type[Event], Callable[[Kiosk, Any, int], Step]] = {
    TouchDown: _touch_down,
    TouchUp: _touch_up,
    Kept: _kept,
    KeepFailed: _keep_failed,
    StoreLost: _store_lost,
    StoreReady: _store_ready,
    Tick: _tick,
    ConfigChanged: _config_changed,
    LinkChanged: _link_changed,
}
