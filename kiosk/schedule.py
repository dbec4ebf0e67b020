"""Opening hours, and which questionnaire is asked when; pure.

In: the settings of a screen, the local time in milliseconds (as if it were UTC), the visit's number. Out:
open or not, a questionnaire's id, and when either may change.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from typing import NamedTuple

from link.kiosk_settings import KioskSettings, Turn

DAY = 86_400_000
MINUTE = 60_000


class Moment(NamedTuple):
    """A local time: day as 20261123, weekday from Monday 1 to Sunday 7, minutes since midnight."""

    day: int
    weekday: int
    minute: int


def moment(local: int) -> Moment:
    """The calendar's view of a local time."""
    then = datetime.fromtimestamp(local // 1000, UTC)
    day = then.year * 10_000 + then.month * 100 + then.day
    return Moment(day, then.isoweekday(), then.hour * 60 + then.minute)


def is_open(settings: KioskSettings, local: int | None) -> bool:
    """Whether people are asked now. A clock that cannot be trusted (None) never closes anything."""
    if local is None or not settings.opening:
        return True
    now = moment(local)
    return any(
        now.weekday in one.weekdays and _minutes(one.opens) <= now.minute < _minutes(one.closes)
        for one in settings.opening
    )


def asked(settings: KioskSettings, local: int | None, visit: int, known: Container[str]) -> str | None:
    """Id of the questionnaire whose turn it is; None: the touchpoint's own.

    Of the turns that hold now the highest priority counts; those of equal priority rotate by share, visit by
    visit. A turn whose questionnaire did not come with the config is passed over.
    """
    holding = [turn for turn in settings.turns if turn.questionnaire in known and _holds(turn, local)]
    if not holding:
        return None
    highest = max(turn.priority for turn in holding)
    rotation = [turn for turn in holding if turn.priority == highest]
    place = visit % sum(turn.share for turn in rotation)
    for turn in rotation:
        place -= turn.share
        if place < 0:
            return turn.questionnaire
    raise AssertionError("a share is at least 1")


def next_change(settings: KioskSettings, local: int) -> int | None:
    """The next local time (ms) at which it opens, closes, or another day's turn begins; None: never."""
    minutes = {0} if settings.turns else set()
    for one in settings.opening:
        minutes |= {_minutes(one.opens), _minutes(one.closes)}
    midnight = local - local % DAY
    later = [midnight + day * DAY + minute * MINUTE for minute in minutes for day in (0, 1)]
    return min((at for at in later if at > local), default=None)


def _holds(turn: Turn, local: int | None) -> bool:
    if local is None:
        return turn == Turn(turn.questionnaire, share=turn.share, priority=turn.priority)
    now = moment(local)
    return turn.from_day <= now.day <= turn.until_day and now.weekday in turn.weekdays


def _minutes(time_of_day: str) -> int:
    hours, _, minutes = time_of_day.partition(":")
    return int(hours) * 60 + int(minutes)
