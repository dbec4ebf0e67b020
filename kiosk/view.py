"""What the state looks like, in words; pure.

In: the state of the flow. Out: one view that a screen draws without deciding anything.
"""

from __future__ import annotations

from typing import Literal

from kiosk import between, view_answered, view_asking, view_staff, wording
from kiosk.events import Link
from kiosk.saying import HOUSE_LANGUAGES, languages, pair
from kiosk.stages import (
    Attending,
    Attracting,
    Choosing,
    Keeping,
    Kiosk,
    OutOfService,
    Thanked,
    Typing,
    Waiting,
    Warned,
)
from kiosk.views import NoticeView, SleepView, View


def view(state: Kiosk) -> View:
    """What is to be drawn."""
    stage = state.stage
    if isinstance(stage, OutOfService):
        return _out_of_service(stage, languages(state))
    if isinstance(stage, Typing):
        return view_staff.pad(state, stage)
    if isinstance(stage, Attending):
        return view_staff.corner(state, stage)
    if isinstance(stage, Warned):
        return view_answered.warning(state, stage)
    return _around_the_question(state)


def _around_the_question(state: Kiosk) -> View:
    stage, ask = state.stage, state.ask
    if ask is None or isinstance(stage, Waiting):
        return _waiting(state.link)
    if isinstance(stage, Thanked):
        return view_answered.thank(state, stage)
    chosen = stage.behind if isinstance(stage, Keeping) else stage
    if isinstance(chosen, Choosing):
        return view_answered.why(state, chosen)
    if isinstance(stage, Attracting):
        return view_asking.attract(state, ask, stage)
    if between.is_black(state):
        return SleepView(pair(wording.ASLEEP, languages(state)), 0)
    return view_asking.question(state, ask)


def _out_of_service(stage: OutOfService, spoken: tuple[str, ...]) -> NoticeView:
    headline = wording.SAVING if stage.trouble == "slow" else wording.CLOSED
    mark: Literal["pause", "wait"] = "wait" if stage.trouble == "slow" else "pause"
    return NoticeView(mark, pair(headline, spoken), pair(wording.TROUBLES[stage.trouble], spoken), ())


def _waiting(link: Link) -> NoticeView:
    mark: Literal["link", "wait"] = "wait"
    if not link.paired:
        mark, headline, note = "link", wording.UNPAIRED, wording.UNPAIRED_NEXT
    elif link.online:
        headline, note = wording.NOT_PLACED, wording.NOT_PLACED_NEXT
    else:
        headline, note = wording.NO_CONFIG, wording.NO_CONFIG_NEXT
    words = (pair(headline, HOUSE_LANGUAGES), pair(note, HOUSE_LANGUAGES))
    return NoticeView(mark, *words, view_staff.details(link))
