"""Opening hours, campaigns and rotation, by tables."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import schedule
from link.kiosk_settings import KioskSettings, Opening, Turn

WORKDAYS = (1, 2, 3, 4, 5)
HOURS = KioskSettings(
    opening=(
        Opening("08:00", "12:00", WORKDAYS),
        Opening("13:30", "20:00", WORKDAYS),
        Opening("10:00", "24:00", (6,)),
    )
)
CAMPAIGN = Turn("spring", 20261101, 20261130, priority=5)
KNOWN = {"own", "spring", "a", "b", "weekend"}


def at(day: int, clock: str = "12:00") -> int:
    """A day of November 2026 (the 23rd is a Monday) as local milliseconds."""
    hours, minutes = (int(part) for part in clock.split(":"))
    return int(datetime(2026, 11, day, hours, minutes, tzinfo=UTC).timestamp()) * 1000


def test_a_moment_is_told_as_the_calendar_does():
    assert schedule.moment(at(23, "07:05")) == (20261123, 1, 425)
    assert schedule.moment(at(29, "23:59")) == (20261129, 7, 1439)


@pytest.mark.parametrize(
    ("day", "clock", "is_open"),
    [
        (23, "07:59", False),
        (23, "08:00", True),
        (23, "11:59", True),
        (23, "12:00", False),
        (23, "13:30", True),
        (23, "20:00", False),
        (28, "09:59", False),
        (28, "23:59", True),
        (29, "00:00", False),
        (29, "12:00", False),
    ],
)
def test_people_are_asked_within_the_opening_hours(day, clock, is_open):
    assert schedule.is_open(HOURS, at(day, clock)) is is_open


def test_without_hours_or_without_a_clock_it_is_always_open():
    assert schedule.is_open(KioskSettings(), at(23, "03:00"))
    assert schedule.is_open(HOURS, None)


@pytest.mark.parametrize(
    ("turns", "day", "expected"),
    [
        ((), 23, None),
        ((CAMPAIGN,), 23, "spring"),
        ((Turn("spring", 20261124, 20261130),), 23, None),
        ((Turn("spring", 20261101, 20261122),), 23, None),
        ((Turn("spring", 20261123, 20261123),), 23, "spring"),
        ((Turn("weekend", weekdays=(6, 7)),), 23, None),
        ((Turn("weekend", weekdays=(6, 7)),), 28, "weekend"),
        ((Turn("a"), CAMPAIGN), 23, "spring"),
        ((Turn("missing", priority=9), Turn("a")), 23, "a"),
        ((Turn("missing"),), 23, None),
    ],
)
def test_the_turn_with_the_highest_priority_that_holds_is_asked(turns, day, expected):
    assert schedule.asked(KioskSettings(turns=turns), at(day), 0, KNOWN) == expected


def test_turns_of_one_priority_rotate_by_their_share_visit_by_visit():
    settings = KioskSettings(turns=(Turn("a", share=3), Turn("b", share=1), Turn("own", share=1)))
    asked = [schedule.asked(settings, at(23), visit, KNOWN) for visit in range(100)]
    assert Counter(asked) == {"a": 60, "b": 20, "own": 20}
    assert asked[:5] == asked[5:10]


def test_without_a_clock_only_turns_that_always_hold_are_asked():
    settings = KioskSettings(turns=(CAMPAIGN, Turn("a", share=2, priority=1)))
    assert schedule.asked(settings, None, 0, KNOWN) == "a"
    assert schedule.asked(KioskSettings(turns=(CAMPAIGN,)), None, 0, KNOWN) is None


@pytest.mark.parametrize(
    ("clock", "changes"),
    [("07:00", "08:00"), ("08:00", "10:00"), ("12:00", "13:30"), ("19:59", "20:00")],
)
def test_the_next_change_is_known(clock, changes):
    assert schedule.next_change(HOURS, at(23, clock)) == at(23, changes)


def test_days_of_campaigns_begin_at_midnight():
    assert schedule.next_change(KioskSettings(turns=(CAMPAIGN,)), at(23)) == at(24, "00:00")
    assert schedule.next_change(KioskSettings(), at(23)) is None


@given(st.integers(at(1), at(30)), st.integers(0, 6 * 3_600_000))
def test_nothing_changes_before_the_next_change(now, later):
    change = schedule.next_change(HOURS, now)
    assert change is not None
    assert change > now
    if now + later < change:
        assert schedule.is_open(HOURS, now) == schedule.is_open(HOURS, now + later)
