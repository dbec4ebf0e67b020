"""Published figures, recomputed."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.insight.nps import Nps, count, variance


@pytest.mark.parametrize(("n", "margin"), [(30, 27), (50, 21), (100, 15), (200, 11), (400, 8)])
def test_the_margin_at_50_30_20(n, margin):
    nps = Nps(n * 5 // 10, n * 3 // 10, n * 2 // 10)
    assert nps.score == pytest.approx(30)
    assert round((nps.interval.high - nps.interval.low) / 2) == margin


def test_twenty_answers_are_pulled_from_20_to_17_with_30_either_way():
    interval = Nps(8, 8, 4).interval
    assert (interval.low + interval.high) / 2 == pytest.approx(17.4, abs=0.05)
    assert (interval.high - interval.low) / 2 == pytest.approx(30, abs=0.5)


@pytest.mark.parametrize(("n", "margin"), [(100, 14.7), (400, 7.3), (1000, 4.6)])
def test_the_variance_gives_the_plain_margin_at_40_40_20(n, margin):
    assert 196 * sqrt(variance(0.4, 0.2, n)) == pytest.approx(margin, abs=0.05)


def test_zero_is_an_answer_and_a_detractor():
    assert count({0: 3, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1}) == Nps(promoters=2, passives=2, detractors=4)


def test_an_answer_that_is_not_from_0_to_10_is_refused():
    with pytest.raises(ValueError, match="0 to 10"):
        count({11: 1})


def test_a_small_change_is_no_change_and_a_large_one_is():
    assert Nps(50, 30, 20).change_since(Nps(45, 33, 22)).holds(0)
    assert Nps(500, 300, 200).change_since(Nps(300, 300, 400)).low > 0


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_score_and_interval_stay_within_plus_and_minus_100(promoters, passives, detractors):
    nps = Nps(promoters, passives, detractors)
    assert -100 <= nps.interval.low <= nps.interval.high <= 100
    if nps.n:
        assert -100 <= nps.score <= 100
