"""The flow of the kiosk, step by step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk import flow
from kiosk.custody import RETRY_AFTER, SLOW_AFTER
from kiosk.events import (
    Keep,
    KeepFailed,
    Kept,
    Link,
    LinkChanged,
    OpenStore,
    Sound,
    StoreLost,
    StoreReady,
    Tick,
)
from kiosk.stages import Asking, Counts, Keeping, Kiosk, OutOfService, Thanked, Waiting
from kiosk.thanks import READY_AFTER, THANKS_FOR, UNDO_FOR
from kiosk.touching import DUPLICATE_FOR, DUPLICATE_NEAR, HELD_FOR, SEEN_AFTER, SLIDE_FOR
from link.questionnaire import NPS_11
from tests.kiosk.asks import plan
from tests.kiosk.fingers import ONLINE, START, down, play, up


@pytest.fixture
def asking() -> Kiosk:
    return flow.begin(plan(), ONLINE, 0)


def test_a_kiosk_with_a_question_asks_at_once_though_the_hub_is_away():
    assert isinstance(flow.begin(plan(), Link(online=False), 0).stage, Asking)


def test_a_kiosk_without_a_question_waits():
    assert isinstance(flow.begin(None, ONLINE, 0).stage, Waiting)


def test_an_unpaired_kiosk_waits_though_it_remembers_a_question():
    assert isinstance(flow.begin(plan(), Link(paired=False), 0).stage, Waiting)


def test_the_face_is_pressed_and_heard_in_the_step_of_the_touch_down(asking):
    state, effects = play(asking, (START, down(3)))
    assert isinstance(state.stage, Asking)
    assert state.press is not None
    assert state.press.target == "level:3"
    assert effects == [Sound()]


def test_one_touch_is_one_answer_with_all_that_a_tap_carries(asking):
    state, effects = play(asking, (START, down(3)), (START + 90, up(3)))
    assert isinstance(state.stage, Keeping)
    assert effects == [Sound(), Keep(1, "lobby@7", "clean", "faces-5", 4, "row-5")]


def test_zero_is_an_answer():
    state = flow.begin(plan(NPS_11), ONLINE, 0)
    _, effects = play(state, (START, down(0)), (START + 90, up(0)))
    assert effects[-1] == Keep(1, "lobby@7", "clean", "nps-11", 0, "row-11", bad=True)


def test_the_thank_you_comes_only_when_the_answer_is_on_disk(asking):
    state, _ = play(asking, (START, down(4)), (START + 90, up(4)))
    state, _ = play(state, (START + 500, Tick()), (START + 900, LinkChanged(Link(online=False))))
    assert isinstance(state.stage, Keeping)
    state, _ = play(state, (START + 950, Kept(1)))
    assert state.stage == Thanked(5, START + 950, START + 950 + UNDO_FOR, START + 950 + UNDO_FOR)


def test_a_finger_that_slides_off_at_once_is_still_counted(asking):
    for end in (2, None):
        _, effects = play(asking, (START, down(3)), (START + SLIDE_FOR, up(end)))
        assert effects[-1] == Keep(1, "lobby@7", "clean", "faces-5", 4, "row-5")


def test_a_finger_that_leaves_its_face_slowly_takes_the_answer_back(asking):
    for end in (2, None):
        state, effects = play(asking, (START, down(3)), (START + SLIDE_FOR + 1, up(end)))
        assert effects == [Sound()]
        assert state.stage == Asking(START + SLIDE_FOR + 1)
        assert state.counts.slid_off == 1


def test_a_long_press_on_one_face_is_an_answer(asking):
    _, effects = play(asking, (START, down(1)), (START + 5_000, up(1)))
    assert isinstance(effects[-1], Keep)


def test_something_that_leans_on_the_screen_gives_no_answer(asking):
    state, _ = play(asking, (START, down(1)))
    assert flow.due_at(state, START) == START + HELD_FOR
    state, effects = play(state, (START + HELD_FOR, Tick()), (START + HELD_FOR + 50, up(1)))
    assert effects == []
    assert state.counts == Counts(held=1)


@pytest.mark.parametrize("stage", ["asking", "thanked", "waiting"])
def test_a_finger_read_twice_is_one_finger_and_is_counted(asking, stage):
    state = asking
    if stage == "thanked":
        state = replace(asking, stage=Thanked(5, 0, THANKS_FOR))
    if stage == "waiting":
        state = replace(asking, stage=Waiting())
    state, _ = play(state, (START, down(None, x=10.0)))
    state, effects = play(state, (START + DUPLICATE_FOR, down(2, "b", x=10.0 + DUPLICATE_NEAR)))
    assert state.counts.duplicate == 1
    assert effects == []


def test_the_second_reading_of_a_finger_does_not_end_the_first(asking):
    steps = ((START, down(2)), (START + 4, down(2, "b")), (START + 80, up(2, "b")), (START + 84, up(2)))
    state, effects = play(asking, *steps)
    assert [type(effect) for effect in effects] == [Sound, Keep]
    assert state.counts.duplicate == 1


@pytest.mark.parametrize(("later", "away"), [(DUPLICATE_FOR + 1, 0.0), (10, DUPLICATE_NEAR + 0.1)])
def test_a_touch_later_or_farther_away_is_another_finger(asking, later, away):
    state, _ = play(asking, (START, down(None)), (START + later, down(2, "b", x=away)))
    assert isinstance(state.stage, Asking)
    assert state.press is not None
    assert state.counts.duplicate == 0


def test_a_second_finger_while_one_presses_is_counted_and_ignored(asking):
    steps = (
        (START, down(0)),
        (START + 100, down(4, "b", x=200.0)),
        (START + 150, up(4, "b")),
        (START + 200, up(0)),
    )
    state, effects = play(asking, *steps)
    assert [effect.rating for effect in effects if isinstance(effect, Keep)] == [1]
    assert state.counts.unasked == 1


def test_a_touch_beside_the_faces_does_nothing(asking):
    state, effects = play(asking, (START, down(None)), (START + 90, up(None)))
    assert effects == []
    assert state.stage == asking.stage


def test_a_face_that_has_just_appeared_cannot_have_been_meant(asking):
    state, effects = play(asking, (SEEN_AFTER - 1, down(0)))
    assert effects == []
    assert state.counts.too_soon == 1
    _, effects = play(asking, (SEEN_AFTER, down(0)))
    assert effects == [Sound()]


def test_the_thank_you_ends_by_itself(asking):
    state = replace(asking, stage=Thanked(5, START, START + THANKS_FOR))
    assert flow.due_at(state, START) == START + THANKS_FOR
    early, _ = play(state, (START + THANKS_FOR - 1, Tick()))
    assert early == state
    late, _ = play(state, (START + THANKS_FOR, Tick()))
    assert late.stage == Asking(START + THANKS_FOR)


def test_a_second_tap_of_the_same_hand_on_the_thank_you_is_too_soon(asking):
    state, effects = play(
        replace(asking, stage=Thanked(5, START, START + THANKS_FOR)), (START + READY_AFTER - 1, down(None))
    )
    assert isinstance(state.stage, Thanked)
    assert (effects, state.counts.too_soon) == ([], 1)


def test_the_next_person_ends_the_thank_you_and_then_answers(asking):
    state = replace(asking, stage=Thanked(5, START, START + THANKS_FOR))
    state, effects = play(state, (START + READY_AFTER, down(None)), (START + 1_100, up(None)))
    assert isinstance(state.stage, Asking)
    assert effects == []
    _, effects = play(state, (START + 1_400, down(0, "b")), (START + 1_500, up(0, "b")))
    assert [type(effect) for effect in effects] == [Sound, Keep]


def test_a_full_disk_takes_the_kiosk_out_of_service_and_holds_on_to_the_answer(asking):
    state, effects = play(asking, (START, down(3)), (START + 90, up(3)), (START + 100, KeepFailed(1, "full")))
    keep = effects[-1]
    assert state.stage == OutOfService("full", keep, START + 100 + RETRY_AFTER)
    state, effects = play(state, (START + 100 + RETRY_AFTER, Tick()))
    assert effects == [keep]
    assert flow.due_at(state, START) is None
    state, _ = play(state, (START + 100 + RETRY_AFTER + 5, KeepFailed(1, "full")))
    assert flow.due_at(state, START) == START + 105 + 2 * RETRY_AFTER
    state, _ = play(state, (90_000, Kept(1)))
    assert isinstance(state.stage, Asking)


def test_a_slow_disk_says_so_and_thanks_when_it_is_done(asking):
    state, _ = play(asking, (START, down(3)), (START + 90, up(3)))
    assert flow.due_at(state, START) == START + 90 + SLOW_AFTER
    state, effects = play(state, (START + 90 + SLOW_AFTER, Tick()))
    assert isinstance(state.stage, OutOfService)
    assert (state.stage.trouble, effects) == ("slow", [])
    assert flow.due_at(state, START) is None
    state, _ = play(state, (20_000, Kept(1)))
    assert state.stage == Thanked(4, 20_000, 20_000 + UNDO_FOR, 20_000 + UNDO_FOR)


def test_touches_out_of_service_are_counted(asking):
    state, effects = play(replace(asking, stage=OutOfService("full", None, 99_000)), (START, down(None)))
    assert (effects, state.counts.unasked) == ([], 1)


def test_without_a_store_the_kiosk_tries_to_open_one(asking):
    state, _ = play(asking, (START, StoreLost("broken")))
    assert state.stage == OutOfService("broken", None, START + RETRY_AFTER)
    state, effects = play(state, (START + RETRY_AFTER, Tick()))
    assert effects == [OpenStore()]
    state, effects = play(state, (START + RETRY_AFTER + 9, StoreReady()))
    assert isinstance(state.stage, Asking)
    assert effects == []


def test_an_answer_that_met_no_store_is_kept_by_the_new_one(asking):
    state, effects = play(asking, (START, down(3)), (START + 90, up(3)), (START + 91, StoreLost("broken")))
    state, again = play(state, (START + 500, StoreReady()))
    assert again == [effects[-1]]
    state, _ = play(state, (START + 510, Kept(1)))
    assert isinstance(state.stage, Asking)


def test_news_of_another_answer_changes_nothing(asking):
    keeping, _ = play(asking, (START, down(3)), (START + 90, up(3)))
    for state in (asking, keeping):
        for event in (Kept(7), KeepFailed(7, "full")):
            assert play(state, (START + 95, event)) == (state, [])
    assert play(asking, (START, StoreReady())) == (asking, [])


def test_a_cell_that_the_question_does_not_have_gives_no_answer(asking):
    state, effects = play(asking, (START, down(9)), (START + 90, up(9)))
    assert effects == []
    assert state.press is None
