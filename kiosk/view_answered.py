"""What comes after an answer: why, thanks, a warning; pure."""

from __future__ import annotations

from kiosk import reasons, thanks, wording
from kiosk.saying import button, code_of_slip, is_pressed, languages, manners, pair
from kiosk.stages import Choosing, Keeping, Kiosk, Thanked, Warned
from kiosk.views import Chip, Countdown, Pair, ReasonsView, SafetyView, Target, ThanksView
from link import slip_code


def why(state: Kiosk, stage: Choosing) -> ReasonsView:
    """The reasons, and a QR to say more; without a hub a word of where the answer is."""
    spoken = languages(state)
    code = code_of_slip(state, pair(wording.TELL_MORE, spoken))
    return ReasonsView(
        pair(wording.WHY_KEPT, spoken),
        pair(wording.WHY, spoken),
        tuple(
            Chip(
                target := f"{reasons.REASON}{reason.id}",
                pair(reason.words, spoken),
                reason.id in stage.chosen,
                reason.safety,
                is_pressed(state, target),
            )
            for reason in reasons.offered(state)
        ),
        _ways_on(state, stage),
        Countdown(stage.restarted_at, stage.until),
        code,
        pair(wording.REASONS_NOTE if state.link.online else wording.SAVED_HERE, spoken),
        manners(state),
    )


def thank(state: Kiosk, stage: Thanked) -> ThanksView:
    """The answer is on disk; a bad one can be followed."""
    spoken = languages(state)
    sorry = state.ask is not None and stage.rating in state.ask.question.scale.bad
    code = code_of_slip(state, pair(wording.FOLLOW, spoken)) if thanks.has_slip(state) else None
    return ThanksView(
        pair(wording.THANKS_BAD if sorry else wording.THANKS, spoken),
        _note(state, sorry=sorry),
        sorry,
        code,
        _undo(state) if stage.undo_until is not None else (),
        Countdown(stage.since, stage.until) if thanks.has_slip(state) else None,
        manners(state),
    )


def warning(state: Kiosk, stage: Warned) -> SafetyView:
    """Whom to call."""
    spoken, plan = languages(state), state.plan
    return SafetyView(
        pair(wording.SAFETY, spoken),
        (plan.hotline if plan else "") or wording.EMERGENCY,
        plan.lift_code if plan else "",
        pair(wording.SAFETY_ADVICE, spoken),
        (button(state, "known", pair(wording.KNOWN, spoken)),),
        Countdown(stage.since, stage.until),
        manners(state),
        pair(wording.LIFT_CODE, spoken),
    )


def _ways_on(state: Kiosk, stage: Choosing) -> tuple[Target, ...]:
    spoken = languages(state)
    pressed = _touched(state)
    on, words = ("done", wording.DONE) if stage.chosen else ("skip", wording.SKIP)
    way = Target(on, pair(words, spoken), pressed == on)
    return (*_undo(state), way) if stage.undo_until is not None else (way,)


def _touched(state: Kiosk) -> str:
    """The target under the finger, or the one whose answer is on its way to the disk."""
    if isinstance(state.stage, Keeping):
        return state.stage.target
    return state.press.target if state.press else ""


def _undo(state: Kiosk) -> tuple[Target, ...]:
    return (button(state, "undo", pair(wording.UNDO, languages(state))),)


def _note(state: Kiosk, *, sorry: bool) -> Pair:
    spoken, plan = languages(state), state.plan
    if state.link.online:
        return pair(wording.SAVED if sorry else {}, spoken)
    if not thanks.has_slip(state):
        return pair(wording.SAVED_HERE, spoken)
    slip, hub = slip_code.show(state.visit.slip), plan.hub_url.partition("://")[2] if plan else ""
    return pair(wording.FOLLOW_LATER if hub else wording.SLIP_LATER, spoken, slip=slip, hub=hub)
