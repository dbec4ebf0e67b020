"""What the disk says of an answer: kept, not kept, no store, a store again; pure.

An answer that could not be kept is held until it can, whatever else is on the screen meanwhile. A thank-you
is reached only from here: the answer is on disk before it.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk import reasons, thanks
from kiosk.events import Effect, Keep, KeepFailed, Kept, OpenStore, StoreLost, StoreReady, Trouble
from kiosk.stages import Attending, Choosing, Keeping, Kiosk, OutOfService, Typing, Warned
from kiosk.visit import Step, rest, to

SLOW_AFTER = 3_000
"""The disk takes this long to keep an answer: the screen says so."""
RETRY_AFTER = 10_000
"""How often a store that failed is tried again."""


def kept(state: Kiosk, event: Kept, now: int) -> Step:
    """An answer is on disk."""
    stage = state.stage
    if isinstance(stage, Keeping) and stage.keep.number == event.number:
        return _answered(state, stage.keep, event.slip, now), ()
    if isinstance(stage, OutOfService) and _is_of(stage.keep, event.number):
        if stage.trouble == "slow" and stage.keep is not None:
            return _answered(state, stage.keep, event.slip, now), ()
        return rest(state, now), ()
    if isinstance(stage, Warned) and stage.keep is not None and _is_of(stage.keep, event.number):
        state = _given(state, stage.keep, event.slip)
        return replace(state, stage=replace(stage, keep=None, trouble=None, retry_at=None)), ()
    if isinstance(stage, Typing | Attending):
        return _kept_behind(state, stage, event), ()
    return state, ()


def keep_failed(state: Kiosk, event: KeepFailed, now: int) -> Step:
    """An answer is not on disk; it is tried again."""
    stage, retry_at = state.stage, now + RETRY_AFTER
    if isinstance(stage, Keeping | OutOfService) and _is_of(stage.keep, event.number):
        return to(state, OutOfService(event.trouble, stage.keep, retry_at)), ()
    if isinstance(stage, Warned) and _is_of(stage.keep, event.number):
        return replace(state, stage=replace(stage, trouble=event.trouble, retry_at=retry_at)), ()
    if isinstance(stage, Attending) and stage.test == "keeping" and stage.test_number == event.number:
        return replace(state, stage=replace(stage, test="failed")), ()
    if isinstance(stage, Typing | Attending) and stage.behind and _is_of(stage.behind.keep, event.number):
        behind = OutOfService(event.trouble, stage.behind.keep, retry_at)
        return replace(state, stage=replace(stage, behind=behind)), ()
    return state, ()


def store_lost(state: Kiosk, event: StoreLost, now: int) -> Step:
    """There is nothing to keep answers in. A warning stays on the screen, and so does the staff corner."""
    stage, retry_at = state.stage, now + RETRY_AFTER
    if isinstance(stage, Warned):
        return replace(state, stage=replace(stage, trouble=event.trouble, retry_at=retry_at)), ()
    if isinstance(stage, Typing | Attending):
        owed = stage.behind.keep if stage.behind else None
        after = replace(stage, behind=OutOfService(event.trouble, owed, retry_at))
        if isinstance(after, Attending) and after.test == "keeping":
            after = replace(after, test="failed")
        return replace(state, stage=after), ()
    return _out_of_service(state, event.trouble, retry_at), ()


def store_ready(state: Kiosk, _: StoreReady, now: int) -> Step:
    """There is a store again: what is owed goes into it."""
    stage = state.stage
    if isinstance(stage, OutOfService):
        if stage.keep is None:
            return rest(state, now), ()
        return replace(state, stage=replace(stage, retry_at=None)), (stage.keep,)
    if isinstance(stage, Warned) and stage.trouble is not None:
        after = replace(stage, trouble=None, retry_at=None)
        return replace(state, stage=after), (stage.keep,) if stage.keep else ()
    if isinstance(stage, Typing | Attending) and stage.behind and stage.behind.keep is None:
        return replace(state, stage=replace(stage, behind=None)), ()
    return state, ()


def due(_: Kiosk, stage: Keeping | OutOfService) -> int | None:
    """When a slow disk is told, or a failed one tried again."""
    return stage.since + SLOW_AFTER if isinstance(stage, Keeping) else stage.retry_at


def tick(state: Kiosk, stage: Keeping | OutOfService, _: int) -> Step:
    """The disk has taken too long, or is to be tried again."""
    if isinstance(stage, Keeping):
        return to(state, OutOfService("slow", stage.keep, None)), ()
    again: Effect = stage.keep or OpenStore()
    return replace(state, stage=replace(stage, retry_at=None)), (again,)


def _answered(state: Kiosk, keep: Keep, slip: str, now: int) -> Kiosk:
    state = _given(state, keep, slip)
    if keep.reasons:
        return thanks.begun(state, now, undo=False)
    if keep.bad and reasons.offered(state):
        return reasons.begun(state, now)
    return thanks.begun(state, now, undo=True)


def _given(state: Kiosk, keep: Keep, slip: str) -> Kiosk:
    return replace(state, visit=replace(state.visit, given=keep, slip=slip or state.visit.slip))


def _kept_behind(state: Kiosk, stage: Typing | Attending, event: Kept) -> Kiosk:
    if isinstance(stage, Attending) and stage.test == "keeping" and stage.test_number == event.number:
        return replace(state, stage=replace(stage, test="kept"))
    if stage.behind and _is_of(stage.behind.keep, event.number):
        return replace(state, stage=replace(stage, behind=None))
    return state


def _out_of_service(state: Kiosk, trouble: Trouble, retry_at: int) -> Kiosk:
    stage = state.stage
    keep = stage.keep if isinstance(stage, Keeping | OutOfService) else None
    if isinstance(stage, Choosing) and (keep := reasons.amendment(state, stage)) is not None:
        state = replace(state, number=keep.number)
    return to(state, OutOfService(trouble, keep, retry_at))


def _is_of(keep: Keep | None, number: int) -> bool:
    return keep is not None and keep.number == number
