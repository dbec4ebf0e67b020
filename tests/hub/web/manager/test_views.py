"""What a page may say of a score, and which hours it is about."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hub.insight.nps import Nps
from hub.insight.satisfaction import Satisfaction
from hub.insight.tree import Rolled
from hub.web.manager.drawing import trend
from hub.web.manager.periods import period
from hub.web.manager.score_view import ScoreView, axis, heat, nps_score, score, signed
from hub.web.manager.times import ago, size
from hub.web.manager.times import day as day_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = int(datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI).timestamp() * 1000)


def hour(*at):
    return int(datetime(*at, tzinfo=SHANGHAI).timestamp()) // 3600


def rolled(n, satisfied, degree=None, coverage=0.0):
    return Rolled(
        pooled=Satisfaction(n, satisfied, n - satisfied, 50.0 * n), degree=degree, coverage=coverage
    )


def test_of_four_answers_only_their_number_is_said():
    assert score(rolled(4, 4), rolled(100, 90)) == ScoreView(4, 100, shown=False, enough=False)


def test_of_nineteen_answers_no_change_is_said():
    view = score(rolled(19, 2), rolled(1000, 900))
    assert view.shown
    assert not view.enough
    assert (view.change, view.points) == ("unknown", 0)


def test_a_score_says_its_share_interval_index_and_coverage():
    view = score(rolled(400, 320, degree=71.6, coverage=0.996), rolled(400, 200))
    assert (view.rate, view.range, view.degree, view.coverage) == (80, "76–84%", 72, 99)
    assert (view.change, view.points) == ("up", 30)


def test_the_parts_of_an_nps_add_up_to_a_hundred():
    view = nps_score(Nps(1, 1, 1), Nps(0, 0, 0))
    assert not view.shown
    view = nps_score(Nps(333, 333, 334), Nps(0, 0, 0))
    assert view.promoters + view.passives + view.detractors == 100
    assert view.change == "unknown"


def test_a_real_fall_of_the_nps_is_said_in_points():
    view = nps_score(Nps(300, 300, 400), Nps(500, 300, 200))
    assert (view.change, view.points, view.score) == ("down", -40, -10)


@pytest.mark.parametrize(("value", "text"), [(3.4, "+3"), (-0.4, "0"), (-12, "−12")])
def test_a_signed_number_has_a_real_minus(value, text):
    assert signed(value) == text


def test_the_axis_begins_at_the_ten_below_the_lowest_interval_with_enough_answers():
    views = [score(rolled(400, 320), rolled(0, 0)), score(rolled(10, 1), rolled(0, 0))]
    scale = axis(views, views[0])
    assert scale.bottom == 70
    assert scale.at(70) == 0
    assert scale.at(100) == 100
    assert scale.at(5) == 0
    assert axis([], views[1]).bottom == 0


def test_an_hour_is_coloured_only_beyond_chance_and_deeply_when_far_off():
    assert [heat(Satisfaction(100, n), 0.7) for n in (45, 58, 65, 82, 95)] == [0, 1, 2, 3, 4]
    assert heat(Satisfaction(6, 2), 0.7) == 2


def test_today_begins_at_local_midnight_and_is_compared_with_yesterday():
    today = period("today", NOW, SHANGHAI)
    assert (today.from_hour, today.until_hour) == (hour(2026, 11, 23, 0), hour(2026, 11, 23, 21))
    assert (today.before.from_hour, today.before.until_hour) == (
        hour(2026, 11, 22, 0),
        hour(2026, 11, 22, 21),
    )


def test_seven_days_are_today_and_six_before_and_the_seven_before_those():
    week = period("7d", NOW, SHANGHAI)
    assert week.from_hour == hour(2026, 11, 17, 0)
    assert week.before.until_hour == hour(2026, 11, 16, 21)


def test_a_period_that_is_not_known_is_seven_days():
    assert period("a year", NOW, SHANGHAI).name == "7d"


def test_the_trend_breaks_where_fewer_than_five_answered():
    points = [Satisfaction(20, 18), Satisfaction(20, 16), Satisfaction(4, 4), Satisfaction(20, 19)]
    drawn = trend(points)
    assert len(drawn.lines) == 2
    assert [mark.index for mark in drawn.marks] == [0, 1, 3]
    assert all(0 <= mark.y <= 100 for mark in drawn.marks)


def test_a_trend_without_answers_is_empty():
    assert trend([Satisfaction()] * 3).marks == ()


def say(key, **values):
    return f"{key}{values or ''}"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (0, "time.just_now"),
        (59_000, "time.seconds_ago{'n': 59}"),
        (3_599_000, "time.minutes_ago{'n': 59}"),
        (47 * 3_600_000, "time.hours_ago{'n': 47}"),
        (72 * 3_600_000, "time.days_ago{'n': 3}"),
        (-5_000, "time.just_now"),
    ],
)
def test_how_long_ago_in_words(passed, words):
    assert ago(NOW - passed, NOW, say) == words


def test_never_a_day_and_a_size_in_words():
    assert ago(None, NOW, say) == "time.never"
    assert day_words(20261123, say) == "2026-11-23"
    assert day_words(0, say) == "time.day_unknown"
    assert [size(n) for n in (999, 1500, 23_400_000_000, 2_000_000_000_000)] == [
        "999 B",
        "1.5 kB",
        "23 GB",
        "2.0 TB",
    ]
