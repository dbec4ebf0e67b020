"""What a new config and a changed line do to a visit."""

from __future__ import annotations

import pytest

from kiosk import flow
from kiosk.events import ConfigChanged, Keep, Kept, Link, LinkChanged, Tick
from kiosk.stages import Asking, Kiosk, Waiting
from kiosk.thanks import UNDO_FOR
from link.questionnaire import FACES_4
from tests.kiosk.asks import plan
from tests.kiosk.fingers import ONLINE, START, down, play, up


@pytest.fixture
def asking() -> Kiosk:
    return flow.begin(plan(), ONLINE, 0)


def test_a_new_question_is_asked_at_once_when_nobody_answers(asking):
    other = plan(FACES_4, revision=8)
    state, _ = play(asking, (START, ConfigChanged(other)))
    assert (state.plan, state.stage) == (other, Asking(START))


def test_a_new_question_waits_for_the_finger_that_answers_the_old_one(asking):
    other = plan(FACES_4, revision=8)
    state, _ = play(asking, (START, down(4)), (START + 50, ConfigChanged(other)))
    state, effects = play(state, (START + 90, up(4)))
    assert effects == [Keep(1, "lobby@7", "clean", "faces-5", 5, "row-5")]
    state, _ = play(state, (START + 95, Kept(1)))
    assert state.ask == asking.ask
    state, _ = play(state, (START + 95 + UNDO_FOR, Tick()))
    assert state.plan == other


def test_the_same_question_again_does_not_restart_the_screen(asking):
    state, _ = play(asking, (START, ConfigChanged(plan())))
    assert state.stage == asking.stage


def test_no_question_makes_the_kiosk_wait_and_a_new_one_wakes_it(asking):
    state, _ = play(asking, (START, ConfigChanged(None)))
    assert isinstance(state.stage, Waiting)
    assert flow.due_at(state, START) is None
    state, _ = play(state, (START + 5, ConfigChanged(plan())))
    assert isinstance(state.stage, Asking)


def test_pairing_wakes_a_kiosk_that_has_a_question():
    state = flow.begin(plan(), Link(paired=False), 0)
    state, _ = play(state, (START, LinkChanged(ONLINE)))
    assert isinstance(state.stage, Asking)
