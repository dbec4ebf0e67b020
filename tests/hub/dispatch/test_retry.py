from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.dispatch import retry

NOW = 1_763_900_000_000


def test_eight_tries_from_five_seconds_to_ten_hours_then_the_end() -> None:
    waits = [retry.next_try_at(failures, 0, 0, 0.5) for failures in range(1, 9)]
    assert waits == [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000, None]


@given(st.integers(1, 7), st.floats(0, 1))
def test_waits_are_spread_by_a_fifth_and_no_more(failures: int, chance: float) -> None:
    at = retry.next_try_at(failures, 0, NOW, chance)
    assert at is not None
    assert 0.8 * retry.SCHEDULE[failures - 1] <= at - NOW <= 1.2 * retry.SCHEDULE[failures - 1]


@given(st.integers(1, 7), st.integers(0, 10**12), st.floats(0, 1))
def test_the_receivers_wish_is_kept_up_to_an_hour(failures: int, asked: int, chance: float) -> None:
    at = retry.next_try_at(failures, asked, NOW, chance)
    assert at is not None
    assert at - NOW >= min(asked, retry.LONGEST_ASKED)
    assert at - NOW <= max(1.2 * retry.SCHEDULE[failures - 1], retry.LONGEST_ASKED)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", 120_000),
        ("0", 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("99999999999999999999", 3_600_000),
        ("Sun, 23 Nov 2025 12:14:20 GMT", 60_000),
        ("Sun, 23 Nov 2025 12:12:20 GMT", 0),
        ("Mon, 23 Nov 2099 12:12:20 GMT", 3_600_000),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(text: str, wait: int) -> None:
    assert retry.retry_after({"retry-after": text}, 1_763_900_000_000) == wait


def test_a_single_failure_does_not_open_the_breaker() -> None:
    assert retry.breaker(None, 0, NOW) == (NOW, None)


def test_a_sink_that_keeps_failing_rests_longer_and_longer_up_to_five_minutes() -> None:
    since, until, rests = NOW, NOW, []
    for _ in range(30):
        at = until
        since, opened = retry.breaker(since, 0, at)
        assert since == NOW
        assert opened is not None
        rests.append(opened - at)
        until = opened
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (5_000, 300_000)


def test_a_sink_rests_as_long_as_it_asked_from_the_first_failure_on() -> None:
    assert retry.breaker(None, 60_000, NOW) == (NOW, NOW + 60_000)
    assert retry.breaker(NOW - 10, 10**10, NOW) == (NOW - 10, NOW + retry.LONGEST_ASKED)


@pytest.mark.parametrize(
    ("status", "outcome", "disables"),
    [
        (200, "sent", False),
        (204, "sent", False),
        (301, "refused", False),
        (307, "refused", False),
        (400, "refused", False),
        (401, "refused", False),
        (404, "refused", False),
        (410, "refused", True),
        (408, "postponed", False),
        (409, "postponed", False),
        (425, "postponed", False),
        (429, "postponed", False),
        (500, "postponed", False),
        (503, "postponed", False),
        (599, "postponed", False),
        (101, "postponed", False),
    ],
)
def test_a_status_says_whether_another_try_makes_sense(status: int, outcome: str, disables: bool) -> None:
    verdict = retry.by_status(status, {}, NOW)
    assert (verdict.outcome, verdict.disables) == (outcome, disables)


def test_too_many_requests_means_a_minute_unless_the_receiver_says_otherwise() -> None:
    assert retry.by_status(429, {}, NOW).wait_for == 60_000
    assert retry.by_status(429, {"retry-after": "7"}, NOW).wait_for == 7_000
    assert retry.by_status(503, {"retry-after": "90"}, NOW).wait_for == 90_000
