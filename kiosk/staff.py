"""The staff corner: two corners held, a PIN, figures of health and a few acts; pure.

Panels that read only one finger (SDL's own mouse) take the corners one after the other: each held for five
seconds, the second within three seconds of the first.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.events import CheckPin, Effect, Examine, Exit, ForgetIdentity, HealthFound, Keep, PinChecked
from kiosk.stages import Asking, Attending, Attracting, Corners, Kiosk, OutOfService, Typing, Waiting
from kiosk.visit import Step, count, rest, settings_of, to
from link.staff_pin import LONGEST, SHORTEST

CORNERS = ("corner:left", "corner:right")
HOLD_FOR = 5_000
NEXT_WITHIN = 3_000
LEAVES_AFTER = 60_000
"""Without a touch the corner is left after this long."""
TRIES = 5
LOCKED_FOR = 300_000
LOOK_EVERY = 2_000
DIGITS = tuple(f"digit:{number}" for number in range(10))
ACTS = ("test", "network", "pair", "exit", "leave")


# --- two corners ---------------------------------------------------------------------------------------


def can_open(state: Kiosk) -> bool:
    """Whether holding the corners leads to the number pad from here."""
    stages = (Asking, Attracting, OutOfService, Waiting)
    return bool(settings_of(state).staff_pin) and isinstance(state.stage, stages)


def corner_down(state: Kiosk, touch: str, target: str, now: int) -> Kiosk:
    """A finger came down in a corner."""
    side = target.removeprefix("corner:")
    corners = state.corners
    if corners.first and now > corners.first_until:
        corners = replace(corners, first="")
    return replace(state, corners=_held(corners, side, (touch, now)))


def lifted(state: Kiosk, touch: str, now: int) -> Kiosk:
    """A finger left the screen; perhaps it was in a corner, perhaps for long enough."""
    corners = state.corners
    for side, held in (("left", corners.left), ("right", corners.right)):
        if held is not None and held[0] == touch:
            corners = _held(corners, side, None)
            if now - held[1] >= HOLD_FOR:
                corners = replace(corners, first=side, first_until=now + NEXT_WITHIN)
    return state if corners == state.corners else replace(state, corners=corners)


def _held(corners: Corners, side: str, finger: tuple[str, int] | None) -> Corners:
    return replace(corners, left=finger) if side == "left" else replace(corners, right=finger)


def corners_due(state: Kiosk) -> int | None:
    """When the corners will have been held long enough; None: they are not held."""
    left, right, first = state.corners.left, state.corners.right, state.corners.first
    if not can_open(state):
        return None
    if left and right:
        return max(left[1], right[1]) + HOLD_FOR
    if left and first == "right":
        return left[1] + HOLD_FOR
    return right[1] + HOLD_FOR if right and first == "left" else None


def opened(state: Kiosk, now: int) -> Kiosk:
    """The corners were held: show the number pad."""
    behind = state.stage if isinstance(state.stage, OutOfService) else None
    locked = now < state.locked_until
    pad = Typing(now, locked=locked, touched_at=now, behind=behind)
    return replace(rest(state, now), stage=pad, corners=Corners())


def left(state: Kiosk, stage: Typing | Attending, now: int) -> Kiosk:
    """Back to where it was; a store that had failed is tried at once."""
    if stage.behind is None:
        return rest(state, now)
    return to(rest(state, now), replace(stage.behind, retry_at=now))


# --- the PIN -------------------------------------------------------------------------------------------


def pad_is_live(stage: Typing, target: str) -> bool:
    """Whether this key does something now."""
    if target == "leave":
        return True
    if stage.locked or stage.checking:
        return False
    if target == "done":
        return len(stage.digits) >= SHORTEST
    return target == "back" or (target in DIGITS and len(stage.digits) < LONGEST)


def typed(state: Kiosk, stage: Typing, target: str, now: int) -> Step:
    """A key of the pad was touched."""
    if target == "leave":
        return left(state, stage, now), ()
    if target == "done":
        check = CheckPin(stage.digits, settings_of(state).staff_pin)
        return replace(state, stage=replace(stage, checking=True)), (check,)
    digits = stage.digits[:-1] if target == "back" else stage.digits + target[-1]
    return replace(state, stage=replace(stage, digits=digits, wrong=False)), ()


def checked(state: Kiosk, event: PinChecked, now: int) -> Step:
    """The PIN was right or wrong. A wrong one counts even if nobody waits for the outcome."""
    stage = state.stage
    waits = isinstance(stage, Typing) and stage.checking
    if event.right:
        if not isinstance(stage, Typing) or not waits:
            return state, ()
        inside = Attending(now, now, now + LOOK_EVERY, behind=stage.behind)
        return replace(to(state, inside), wrong_pins=0), (Examine(),)
    state = replace(count(state, "wrong_pin"), wrong_pins=state.wrong_pins + 1)
    if state.wrong_pins >= TRIES:
        state = replace(state, wrong_pins=0, locked_until=now + LOCKED_FOR)
    if isinstance(stage, Typing):
        locked = now < state.locked_until
        state = to(state, replace(stage, digits="", checking=False, wrong=True, locked=locked))
    return state, ()


def pad_due(state: Kiosk, stage: Typing) -> int:
    """When the pad is left, or unlocked."""
    leaves = stage.touched_at + LEAVES_AFTER
    return min(leaves, state.locked_until) if stage.locked else leaves


def pad_tick(state: Kiosk, stage: Typing, now: int) -> Step:
    """Unlock, or leave."""
    if now >= stage.touched_at + LEAVES_AFTER:
        return left(state, stage, now), ()
    return replace(state, stage=replace(stage, locked=False, wrong=False)), ()


# --- inside --------------------------------------------------------------------------------------------


def activated(state: Kiosk, stage: Attending, target: str, now: int) -> Step:
    """One of the acts was touched; what cannot be undone asks for a second touch."""
    if target == "leave":
        return left(state, stage, now), ()
    if target == "test":
        return _tested(state, stage)
    if target == "network":
        return replace(state, stage=replace(stage, network=not stage.network, sure="")), ()
    if target == stage.sure:
        effect: Effect = Exit() if target == "exit" else ForgetIdentity(state.link.pending > 0)
        return replace(state, stage=replace(stage, sure="")), (effect,)
    return replace(state, stage=replace(stage, sure="exit" if target == "exit" else "pair")), ()


def examined(state: Kiosk, event: HealthFound) -> Kiosk:
    """The figures have come."""
    stage = state.stage
    return (
        replace(state, stage=replace(stage, health=event.health)) if isinstance(stage, Attending) else state
    )


def due(_: Kiosk, stage: Attending) -> int:
    """When to look again, or to leave."""
    return min(stage.look_at, stage.touched_at + LEAVES_AFTER)


def tick(state: Kiosk, stage: Attending, now: int) -> Step:
    """Look again, or leave."""
    if now >= stage.touched_at + LEAVES_AFTER:
        return left(state, stage, now), ()
    return replace(state, stage=replace(stage, look_at=now + LOOK_EVERY)), (Examine(),)


def _tested(state: Kiosk, stage: Attending) -> Step:
    """A tap that is sent like any other and counted nowhere."""
    if state.ask is None or stage.test == "keeping":
        return state, ()
    question, number = state.ask.question, state.number + 1
    best = question.scale.levels[-1].value
    keep = Keep(number, state.ask.questionnaire, question.id, question.scale.id, best, "staff", test=True)
    stage = replace(stage, test="keeping", test_number=number, sure="")
    return replace(state, stage=stage, number=number), (keep,)
