from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.dispatch.pace import Pace, Plan, plan

ROBOT = Pace(most=20, window=60_000, calm=10)


def test_without_a_limit_letters_go_one_by_one() -> None:
    assert plan(None, range(1_000), 500, 1_000) == Plan(1)
    assert plan(None, [], 0, 1_000) == Plan(0)


def test_near_the_limit_all_that_wait_go_together() -> None:
    assert plan(ROBOT, range(9), 50, 10_000) == Plan(1)
    assert plan(ROBOT, range(10), 50, 10_000) == Plan(50)


def test_at_the_limit_nothing_goes_until_the_oldest_request_leaves_the_window() -> None:
    sent = [1_000 * second for second in range(20)]
    assert plan(ROBOT, sent, 50, 20_000) == Plan(0, 60_000)
    assert plan(ROBOT, sent, 50, 59_999) == Plan(0, 60_000)
    assert plan(ROBOT, sent, 50, 60_000).take == 50


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=200), st.integers(1, 30), st.integers(1, 60_000))
def test_no_window_ever_holds_more_requests_than_the_limit(pauses: list[int], most: int, window: int) -> None:
    pace = Pace(most, window, max(most // 2, 1))
    now, sent = 0, []
    for pause in pauses:
        now += pause
        next_one = plan(pace, sent, 3, now)
        if next_one.take:
            sent.append(now)
        else:
            assert next_one.ask_at > now
            assert plan(pace, sent, 3, next_one.ask_at).take
        assert sum(at > now - window for at in sent) <= most
