"""The address in the QR code of the question: rotating while a key is good, else the label's own; pure.

In: the state, the flow's clock. Out: the code of this half minute, when it changes, the address.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.stages import Asking, Keeping, Kiosk, Sleeping
from link import door_code


def is_shown(state: Kiosk) -> bool:
    """Whether a QR code of the question is on the screen."""
    stage = state.stage
    if state.plan is None or not state.plan.survey_url or not isinstance(stage, Asking | Keeping | Sleeping):
        return False
    return state.plan.settings.qr != "none"


def renewed(state: Kiosk, now: int) -> Kiosk:
    """The state with the code of this half minute; without one when nothing vouches for key or time."""
    key = _good_key(state, now)
    code = door_code.make(key, state.clock.wall(now)) if key else ""
    return replace(state, code=code) if code != state.code else state


def next_code_at(state: Kiosk, now: int) -> int | None:
    """When the code on the screen has to change; None: none is shown."""
    if not state.code:
        return None
    return now + door_code.STEP_MS - state.clock.wall(now) % door_code.STEP_MS


def address(state: Kiosk) -> str:
    """What the QR code says; empty when there is no page for this touchpoint."""
    page = state.plan.survey_url if state.plan else ""
    return f"{page}?p={state.code}" if page and state.code else page


def _good_key(state: Kiosk, now: int) -> bytes | None:
    door, plan = state.door, state.plan
    if door is None or plan is None or not state.clock.trusted or not is_shown(state):
        return None
    good = door.label == plan.label and state.clock.wall(now) < door.valid_until
    return door.key if good else None
