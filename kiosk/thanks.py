"""The thank-you: the answer is on disk; pure. It takes an answer back, and gives way to the next person."""

from __future__ import annotations

from dataclasses import replace

from kiosk.stages import Asking, Kiosk, Thanked
from kiosk.visit import Step, lasting, rest, to

THANKS_FOR = 2_500
UNDO_FOR = 3_000
"""点错了？重选: a thank-you that offers it stays this long."""
SLIP_FOR = 10_000
"""A slip can be read and scanned for so long; the next person need not wait for it."""
READY_AFTER = 1_000
"""From here a touch ends the thank-you for the next person."""


def begun(state: Kiosk, now: int, *, undo: bool) -> Kiosk:
    """Thank for the answer of this visit, which is on disk."""
    undo_until = now + lasting(state, UNDO_FOR) if undo else None
    until = now + lasting(state, SLIP_FOR if has_slip(state) else THANKS_FOR)
    rating = state.visit.given.rating if state.visit.given else 0
    return to(state, Thanked(rating, now, max(until, undo_until or 0), undo_until))


def has_slip(state: Kiosk) -> bool:
    """Whether the answer of this visit can be followed: a bad one, and not taken back for a better."""
    return bool(state.visit.slip and state.visit.given and state.visit.given.bad)


def is_live(_: Kiosk, stage: Thanked, target: str) -> bool:
    """Whether this target does something now."""
    return target == "undo" and stage.undo_until is not None


def activated(state: Kiosk, now: int) -> Step:
    """Undo: the question again; the next face replaces the answer instead of adding one."""
    return to(state, Asking(now)), ()


def due(_: Kiosk, stage: Thanked) -> int:
    """When the undo goes away, or the thank-you."""
    return stage.until if stage.undo_until is None else min(stage.until, stage.undo_until)


def tick(state: Kiosk, stage: Thanked, now: int) -> Step:
    """The undo is over, or the visit is."""
    if now < stage.until:
        return replace(state, stage=replace(stage, undo_until=None)), ()
    return rest(state, now), ()
