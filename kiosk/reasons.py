"""After a bad answer: why, and the warning when somebody is in danger; pure.

The answer itself is long kept. Reasons are kept as an amendment of it, a safety reason at once.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk import thanks
from kiosk.events import Effect, Keep, OpenStore
from kiosk.stages import Asking, Choosing, Keeping, Kiosk, OutOfService, Warned
from kiosk.visit import Step, lasting, rest, to
from link.questionnaire import Reason

REASONS_FOR = 12_000
"""Without a touch the reasons go away after this long."""
WARNED_FOR = 30_000
REASON = "reason:"


def offered(state: Kiosk) -> tuple[Reason, ...]:
    """The reasons of the question, six at most."""
    return state.ask.question.reasons if state.ask else ()


def begun(state: Kiosk, now: int) -> Kiosk:
    """Ask for the reasons of the answer just kept."""
    undo_until = now + lasting(state, thanks.UNDO_FOR)
    return to(state, Choosing(now, now + lasting(state, REASONS_FOR), (), undo_until, now))


def is_live(state: Kiosk, stage: Choosing, target: str) -> bool:
    """Whether this target does something now."""
    if target == "undo":
        return stage.undo_until is not None
    if target in ("done", "skip"):
        return (target == "done") == bool(stage.chosen)
    return _reason(state, target) is not None


def touched(state: Kiosk, stage: Choosing, now: int) -> Kiosk:
    """Somebody is choosing: the countdown begins anew."""
    return replace(state, stage=replace(stage, until=now + lasting(state, REASONS_FOR), restarted_at=now))


def activated(state: Kiosk, stage: Choosing, target: str, now: int) -> Step:
    """A target was touched and let go."""
    if target == "undo":
        return to(state, Asking(now)), ()
    reason = _reason(state, target)
    if reason is None:
        return _finished(state, stage, target, now)
    gone = reason.id in stage.chosen
    chosen = tuple(one for one in stage.chosen if one != reason.id) if gone else (*stage.chosen, reason.id)
    stage = replace(stage, chosen=chosen)
    if reason.safety and not gone:
        return _warned(state, stage, now)
    return replace(state, stage=stage), ()


def due(_: Kiosk, stage: Choosing) -> int:
    """When the undo goes away, or all of it."""
    return stage.until if stage.undo_until is None else min(stage.until, stage.undo_until)


def tick(state: Kiosk, stage: Choosing, now: int) -> Step:
    """The undo is over, or the person is gone."""
    if now < stage.until:
        return replace(state, stage=replace(stage, undo_until=None)), ()
    if stage.chosen:
        return _finished(state, stage, "done", now)
    return rest(state, now), ()


def amendment(state: Kiosk, stage: Choosing) -> Keep | None:
    """The answer with the chosen reasons; None when none is chosen."""
    given = state.visit.given
    if given is None or not stage.chosen:
        return None
    urgent = any(reason.safety for reason in offered(state) if reason.id in stage.chosen)
    return replace(given, number=state.number + 1, amends=given.number, reasons=stage.chosen, urgent=urgent)


def _finished(state: Kiosk, stage: Choosing, target: str, now: int) -> Step:
    keep = amendment(state, stage)
    if keep is None:
        return thanks.begun(state, now, undo=False), ()
    return replace(to(state, Keeping(keep, target, stage, now)), number=keep.number), (keep,)


def _warned(state: Kiosk, stage: Choosing, now: int) -> Step:
    keep = amendment(state, stage)
    until = now + lasting(state, WARNED_FOR)
    number = keep.number if keep else state.number
    effects: tuple[Effect, ...] = (keep,) if keep else ()
    return replace(to(state, Warned(now, until, keep)), number=number), effects


def warning_due(_: Kiosk, stage: Warned) -> int:
    """When the warning goes, or when what could not be kept is tried again."""
    return stage.until if stage.retry_at is None else min(stage.until, stage.retry_at)


def warning_tick(state: Kiosk, stage: Warned, now: int) -> Step:
    """Try again, or end the warning."""
    if now >= stage.until:
        return warning_over(state, stage, now)
    return replace(state, stage=replace(stage, retry_at=None)), (stage.keep or OpenStore(),)


def warning_over(state: Kiosk, stage: Warned, now: int) -> Step:
    """The warning is gone; what is not yet on disk is told now."""
    if stage.trouble is not None:
        return to(state, OutOfService(stage.trouble, stage.keep, stage.retry_at)), ()
    if stage.keep is not None:
        behind = Choosing(now, now, stage.keep.reasons)
        return to(state, Keeping(stage.keep, "known", behind, now)), ()
    return thanks.begun(state, now, undo=False), ()


def _reason(state: Kiosk, target: str) -> Reason | None:
    name = target.removeprefix(REASON) if target.startswith(REASON) else None
    return next((reason for reason in offered(state) if reason.id == name), None)
