"""Published figures, recomputed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.insight.intervals import Interval, difference, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, 857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_newcombes_published_intervals(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(("n", "low", "high"), [(20, 58, 92), (50, 67, 89), (100, 71, 87), (400, 76, 84)])
def test_wilson_at_eighty_per_cent(n, low, high):
    interval = wilson(n * 8 // 10, n)
    assert (round(100 * interval.low), round(100 * interval.high)) == (low, high)


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17, 873, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_a_difference_gives_newcombes_published_intervals(now, before, low, high):
    assert difference(*now, *before) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(hits, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, n)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_inside(counts):
    hits, n = counts
    interval = wilson(hits, n)
    assert 0 <= interval.low <= hits / n <= interval.high <= 1


def test_an_interval_holds_its_ends():
    assert Interval(0, 1).holds(0)
    assert Interval(0, 1).holds(1)
    assert not Interval(0.1, 1).holds(0)
