from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alerts.rules import (
    SLOT_MS,
    Answer,
    BadSetting,
    BadShare,
    Counts,
    OpenAlert,
    Verdict,
    first_slot,
    judge,
    read_setting,
    tally,
)

NOW = 1_763_900_000_000
DEFAULT = BadShare()


@st.composite
def settings(draw: st.DrawFn) -> BadShare:
    share = draw(st.floats(0.05, 1))
    return BadShare(
        share=share,
        min_answers=draw(st.integers(1, 50)),
        window_s=draw(st.integers(60, 86_400)),
        clear_share=draw(st.floats(0, share, exclude_max=True)),
        cooldown_s=draw(st.integers(0, 86_400)),
    )


@st.composite
def windows(draw: st.DrawFn) -> Counts:
    n = draw(st.integers(0, 200))
    return Counts(n, draw(st.integers(0, n)))


def opened(counts: Counts | None = None) -> OpenAlert:
    return OpenAlert(1, NOW - 60_000, counts or Counts(4, 4))


@pytest.mark.parametrize(
    ("n", "bad", "verdict"),
    [
        (4, 2, Verdict.FIRE),
        (4, 1, Verdict.NOTHING),
        (3, 3, Verdict.NOTHING),
        (0, 0, Verdict.NOTHING),
        (7, 5, Verdict.FIRE),
    ],
)
def test_half_of_four_answers_within_a_quarter_of_an_hour_fires(n: int, bad: int, verdict: Verdict) -> None:
    assert judge(DEFAULT, Counts(n, bad), None, None, NOW) is verdict


@pytest.mark.parametrize(
    ("n", "bad", "verdict"),
    [
        (10, 3, Verdict.RESOLVE),
        (10, 4, Verdict.HOLD),
        (10, 9, Verdict.HOLD),
        (1, 0, Verdict.HOLD),
        (0, 0, Verdict.RESOLVE),
    ],
)
def test_an_open_alert_closes_at_the_lower_share_or_in_silence(n: int, bad: int, verdict: Verdict) -> None:
    assert judge(DEFAULT, Counts(n, bad), opened(), None, NOW) is verdict


@given(settings(), windows(), st.integers(0, 10**7))
def test_no_alert_fires_on_fewer_answers_than_the_minimum(
    setting: BadShare, window: Counts, since_ms: int
) -> None:
    if window.n < setting.min_answers:
        assert judge(setting, window, None, NOW - since_ms, NOW) is Verdict.NOTHING


@given(settings(), windows())
def test_no_alert_fires_during_the_cooldown_and_the_same_window_fires_after_it(
    setting: BadShare, window: Counts
) -> None:
    ends_at = NOW + setting.cooldown_s * 1_000
    if setting.cooldown_s:
        assert judge(setting, window, None, NOW, ends_at - 1) is Verdict.NOTHING
    assert judge(setting, window, None, NOW, ends_at) is judge(setting, window, None, None, ends_at)


@given(settings(), st.lists(windows(), min_size=1, max_size=40))
def test_an_alert_neither_closes_nor_reopens_while_the_share_is_between_the_two_limits(
    setting: BadShare, seen: list[Counts]
) -> None:
    for window in seen:
        if window.n and setting.clear_share < window.bad / window.n < setting.share:
            assert judge(setting, window, opened(), None, NOW) is Verdict.HOLD
            assert judge(setting, window, None, None, NOW) is Verdict.NOTHING


@given(settings(), windows())
def test_what_fires_does_not_resolve_on_the_same_counts(setting: BadShare, window: Counts) -> None:
    if judge(setting, window, None, None, NOW) is Verdict.FIRE:
        assert judge(setting, window, opened(window), None, NOW) is Verdict.HOLD


@given(settings())
def test_an_alert_resolves_when_its_window_is_empty(setting: BadShare) -> None:
    assert judge(setting, Counts(0, 0), opened(), None, NOW) is Verdict.RESOLVE


@given(settings(), windows(), st.booleans())
def test_judging_twice_gives_the_same_verdict(setting: BadShare, window: Counts, is_open: bool) -> None:
    alert = opened() if is_open else None
    assert judge(setting, window, alert, None, NOW) is judge(setting, window, alert, None, NOW)


@given(settings(), st.integers(10**12, 2 * 10**12))
def test_no_slot_of_a_window_holds_an_answer_older_than_the_window(setting: BadShare, now: int) -> None:
    oldest = first_slot(setting, now) * SLOT_MS
    assert now - setting.window_s * 1_000 <= oldest < now - setting.window_s * 1_000 + SLOT_MS


def test_answers_are_counted_by_touchpoint_and_slot_and_bad_by_their_own_question() -> None:
    answers = [
        Answer(1, 7, 1, 1, 3),
        Answer(1, 7, 1, 5, 2),
        Answer(1, 7, 2, 1, 4),
        Answer(1, 8, 1, 2, 1),
        Answer(2, 7, 9, 1, 5),
    ]
    assert tally(answers, {1: {1, 2}, 2: {0}}) == {
        (1, 7): Counts(9, 3),
        (1, 8): Counts(1, 1),
        (2, 7): Counts(5, 0),
    }


@pytest.mark.parametrize(
    "stored",
    [
        {"share": 0},
        {"share": 1.2},
        {"min_answers": 0},
        {"window_s": 5},
        {"cooldown_s": -1},
        {"share": 0.3, "clear_share": 0.3},
        {"share": "half"},
        [],
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_its_reason(stored: object) -> None:
    with pytest.raises(BadSetting, match=r"\w"):
        read_setting(stored)


def test_an_empty_setting_is_the_default() -> None:
    assert read_setting({}) == BadShare(0.5, 4, 900, 0.3, 1_800)
