"""A child, a cleaning cloth, a family: which answers are bounces and which are bursts."""

from __future__ import annotations

import pytest

from kiosk import burst, flow
from kiosk.events import Keep, Kept, Tick
from kiosk.view import view
from tests.kiosk.asks import plan
from tests.kiosk.fingers import ONLINE, START, play, tap

CLOTH = [(at, 1) for at in range(0, 4_000, 500)]
CHILD = [(0, 1), (1_500, 3), (3_000, 5)]
FAMILY = [(0, 5), (5_000, 4), (10_500, 5), (16_000, 2), (21_000, 5)]


def marks(given: list[tuple[int, int]]) -> list[bool]:
    commits: burst.Commits = ()
    found = []
    for at, rating in given:
        commits = burst.remembered(commits, at, rating)
        found.append(burst.is_burst(commits))
    return found


def test_a_cleaning_cloth_is_a_burst_from_its_fourth_answer_on():
    assert marks(CLOTH) == [False, False, False, True, True, True, True, True]


def test_a_child_that_tries_every_face_is_a_burst():
    assert marks(CHILD) == [False, False, True]


def test_a_family_of_five_is_five_people():
    assert not any(marks(FAMILY))


def test_after_a_pause_the_burst_is_over():
    assert marks([*CLOTH, (20_000, 4)])[-1] is False


def test_nothing_given_is_no_burst():
    assert not burst.is_burst(())
    assert not burst.bounces((), 0, 3)


@pytest.mark.parametrize(("now", "bounces"), [(2_999, True), (3_000, False)])
def test_an_answer_bounces_within_the_minimum_interval(now, bounces):
    assert burst.bounces(((0, 5),), now, 3) is bounces


def test_a_face_touched_again_too_soon_is_counted_and_keeps_nothing():
    state = flow.begin(plan(settings={"minimum_interval": 10}), ONLINE, 0)
    state, _ = tap(state, START, 4)
    state, _ = play(state, (START + 60, Kept(1)))
    state, _ = tap(state, START + 2_000, "nothing")
    state, effects = tap(state, START + 5_000, 4)
    assert effects == []
    assert state.counts.bounced == 1
    assert view(state).status.main == "刚收到一条评价，请过几秒再点"
    assert flow.due_at(state, START) == START + 10_050
    state, _ = play(state, (START + 10_050, Tick()))
    assert view(state).status.main == "点一下就完成评价，不记名"
    _, effects = tap(state, START + 10_100, 4)
    assert isinstance(effects[-1], Keep)


def test_answers_of_a_burst_are_kept_and_marked():
    state = flow.begin(plan(settings={"minimum_interval": 0}), ONLINE, 0)
    kept: list[Keep] = []
    for number in range(4):
        at = START + number * 2_200
        state, effects = tap(state, at, 4)
        kept += [effect for effect in effects if isinstance(effect, Keep)]
        state, _ = play(state, (at + 60, Kept(number + 1)))
        state, _ = tap(state, at + 1_200, "nothing")
    assert [keep.burst for keep in kept] == [False, False, False, True]
    assert state.counts.burst == 1
