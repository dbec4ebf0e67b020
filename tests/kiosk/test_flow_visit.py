"""A visit after its first answer: reasons, undo, slips, safety, languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk import flow
from kiosk.custody import RETRY_AFTER
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
from kiosk.reasons import REASONS_FOR, WARNED_FOR
from kiosk.stages import Asking, Choosing, Keeping, Kiosk, OutOfService, Thanked, Warned
from kiosk.thanks import READY_AFTER, SLIP_FOR, THANKS_FOR, UNDO_FOR
from kiosk.touching import HELD_FOR
from kiosk.view import view
from kiosk.views import Code, QuestionView, ReasonsView, SafetyView, ThanksView
from kiosk.visit import IDLE_FOR
from tests.kiosk.asks import plan, whole_plan
from tests.kiosk.fingers import ONLINE, SLIP, START, answer, down, play, tap, up

KEPT_AT = START + 60


@pytest.fixture
def asking() -> Kiosk:
    return flow.begin(whole_plan(), ONLINE, 0)


@pytest.fixture
def choosing(asking: Kiosk) -> Kiosk:
    state = answer(asking, START, 0)
    assert isinstance(state.stage, Choosing)
    return state


def reasons(state: Kiosk) -> ReasonsView:
    found = view(state)
    assert isinstance(found, ReasonsView)
    return found


def thanks(state: Kiosk) -> ThanksView:
    found = view(state)
    assert isinstance(found, ThanksView)
    return found


def pick(state: Kiosk, now: int, *targets: str) -> Kiosk:
    for number, target in enumerate(targets):
        state, _ = tap(state, now + number * 400, target)
    return state


def test_a_good_answer_is_thanked_and_asks_nothing_more(asking):
    state = answer(asking, START, 4)
    assert isinstance(state.stage, Thanked)
    assert [one.words.main for one in thanks(state).buttons] == ["点错了？重选"]
    assert thanks(state).code is None


def test_a_bad_answer_is_asked_why_with_a_countdown_and_a_way_to_say_more(choosing):
    shown = reasons(choosing)
    assert [chip.words.main for chip in shown.chips] == ["地面脏", "有异味", "有人被困"]
    assert [chip.safety for chip in shown.chips] == [False, False, True]
    assert [one.target for one in shown.buttons] == ["undo", "skip"]
    assert shown.code == Code(f"https://pj.cn/s/{SLIP}", shown.code.caption, "7K3Q-X9TF-2M4A")
    assert (shown.countdown.since, shown.countdown.until) == (KEPT_AT, KEPT_AT + REASONS_FOR)


def test_without_a_hub_there_is_no_code_to_a_dead_page(choosing):
    state, _ = play(choosing, (START + 500, LinkChanged(Link(online=False))))
    assert reasons(state).code is None
    assert reasons(state).note.main == "已保存在本机，联网后自动上报。"


def test_reasons_are_chosen_and_taken_back_and_kept_as_an_amendment(choosing):
    state = pick(choosing, START + 1_000, "reason:dirty", "reason:smell", "reason:dirty")
    assert [chip.chosen for chip in reasons(state).chips] == [False, True, False]
    state, effects = tap(state, START + 3_000, "done")
    keep = effects[-1]
    assert keep == Keep(2, "lobby@7", "clean", "faces-5", 1, "row-5", amends=1, reasons=("smell",), bad=True)
    assert isinstance(view(state), ReasonsView)
    state, _ = play(state, (START + 3_100, Kept(2, SLIP)))
    assert isinstance(state.stage, Thanked)
    assert state.stage.undo_until is None
    assert thanks(state).code is not None
    assert thanks(state).countdown is not None
    assert flow.due_at(state, 0) == START + 3_100 + SLIP_FOR


def test_every_touch_restarts_the_countdown(choosing):
    state, _ = play(choosing, (START + 9_000, down(None)))
    assert isinstance(state.stage, Choosing)
    assert state.stage.until == START + 9_000 + REASONS_FOR


def test_reasons_left_alone_are_kept_when_the_time_is_over(choosing):
    state = pick(choosing, START + 4_000, "reason:dirty")
    assert flow.due_at(state, 0) == KEPT_AT + UNDO_FOR
    state, effects = play(state, (KEPT_AT + UNDO_FOR, Tick()), (START + 4_000 + REASONS_FOR, Tick()))
    assert [keep.reasons for keep in effects if isinstance(keep, Keep)] == [("dirty",)]
    assert isinstance(state.stage, Keeping)


def test_nobody_there_any_more_goes_back_to_the_question(choosing):
    state, effects = play(choosing, (KEPT_AT + UNDO_FOR, Tick()), (KEPT_AT + REASONS_FOR, Tick()))
    assert (effects, state.visit.given) == ([], None)
    assert isinstance(state.stage, Asking)


def test_skipping_thanks_with_the_slip(choosing):
    state, effects = tap(choosing, START + 1_000, "skip")
    assert [type(effect) for effect in effects] == [Sound]
    assert isinstance(state.stage, Thanked)
    assert thanks(state).sorry


def test_offline_thanks_spell_the_slip(choosing):
    state, _ = tap(choosing, START + 1_000, "skip")
    state, _ = play(state, (START + 1_200, LinkChanged(Link(online=False))))
    assert thanks(state).code is None
    assert "7K3Q-X9TF-2M4A" in thanks(state).note.main
    assert "pj.cn" in thanks(state).note.main
    bare = replace(state, plan=replace(whole_plan(), hub_url=""))
    assert "7K3Q-X9TF-2M4A" in thanks(bare).note.sub


def test_what_was_chosen_goes_with_a_store_that_is_lost(choosing):
    state = pick(choosing, START + 1_000, "reason:dirty")
    state, _ = play(state, (START + 2_000, StoreLost("broken")))
    assert isinstance(state.stage, OutOfService)
    assert state.stage.keep is not None
    assert state.stage.keep.reasons == ("dirty",)
    _, effects = play(state, (START + 3_000, StoreReady()))
    assert effects == [state.stage.keep]


@pytest.mark.parametrize("level", [0, 4])
def test_the_wrong_face_is_replaced_and_not_added_to(asking, level):
    state = answer(asking, START, level)
    state, _ = tap(state, START + 1_000, "undo")
    shown = view(state)
    assert isinstance(shown, QuestionView)
    assert shown.status.main == "请重新选择，会替换刚才的评价"
    state, effects = tap(state, START + 1_500, 3)
    keep = effects[-1]
    assert isinstance(keep, Keep)
    assert (keep.number, keep.amends, keep.rating, keep.bad) == (2, 1, 4, False)
    state, _ = play(state, (START + 1_600, Kept(2, SLIP if level == 0 else "")))
    assert isinstance(state.stage, Thanked)
    assert thanks(state).code is None


def test_changing_ones_mind_again_amends_the_newest_version(asking):
    state = answer(asking, START, 4)
    for number in (1, 2):
        state, _ = tap(state, START + number * 1_000, "undo")
        state, effects = tap(state, START + number * 1_000 + 400, 3)
        assert effects[-1].amends == number
        state, _ = play(state, (START + number * 1_000 + 460, Kept(number + 1)))


def test_the_undo_goes_away_after_three_seconds(asking):
    state = answer(asking, START, 0)
    state, _ = play(state, (KEPT_AT + UNDO_FOR, Tick()))
    assert [one.target for one in reasons(state).buttons] == ["skip"]
    state, effects = tap(state, KEPT_AT + UNDO_FOR + 100, "undo")
    assert effects == []
    assert isinstance(state.stage, Choosing)


def test_an_undo_that_is_pressed_in_time_does_not_run_away_under_the_finger(asking):
    state = answer(asking, START, 4)
    state, _ = play(state, (KEPT_AT + UNDO_FOR - 100, down("undo", "u", x=90.0)))
    assert flow.due_at(state, 0) == KEPT_AT + UNDO_FOR - 100 + HELD_FOR
    state, _ = play(state, (KEPT_AT + UNDO_FOR, Tick()), (KEPT_AT + UNDO_FOR + 100, up("undo", "u")))
    assert isinstance(state.stage, Asking)
    assert state.visit.given is not None


def test_the_slip_stays_when_the_undo_has_gone():
    state = answer(flow.begin(replace(whole_plan(), asks=plan().asks), ONLINE, 0), START, 0)
    assert [one.target for one in thanks(state).buttons] == ["undo"]
    state, _ = play(state, (KEPT_AT + UNDO_FOR, Tick()))
    assert thanks(state).buttons == ()
    assert thanks(state).code is not None


def test_an_undo_that_is_not_used_leaves_the_first_answer(asking):
    state = answer(asking, START, 4)
    state, _ = tap(state, START + 1_000, "undo")
    state, effects = play(state, (START + 1_000 + IDLE_FOR, Tick()))
    assert (effects, state.visit.given) == ([], None)
    _, effects = tap(state, START + 30_000, 2)
    assert effects[-1].amends == 0


def test_a_thank_you_gives_way_to_the_next_person(asking):
    state = answer(asking, START, 4)
    assert flow.due_at(state, 0) == KEPT_AT + UNDO_FOR
    state, _ = play(state, (KEPT_AT + READY_AFTER, down(4, "n")))
    assert isinstance(state.stage, Asking)
    assert state.visits == 1


def test_thanks_after_skipped_reasons_without_a_slip_are_short(asking):
    state = answer(asking, START, 0, slip="")
    state, _ = tap(state, START + 1_000, "skip")
    assert flow.due_at(state, 0) == START + 1_050 + THANKS_FOR


def test_danger_shows_whom_to_call_at_once_and_is_kept_as_urgent(choosing):
    state = pick(choosing, START + 1_000, "reason:dirty")
    state, effects = tap(state, START + 2_000, "reason:trapped")
    keep = effects[-1]
    assert isinstance(keep, Keep)
    assert (keep.urgent, keep.reasons, keep.amends) == (True, ("dirty", "trapped"), 1)
    shown = view(state)
    assert isinstance(shown, SafetyView)
    assert (shown.hotline, shown.lift_code) == ("400-820-0001", "31-0042")
    assert flow.due_at(state, 0) == START + 2_050 + WARNED_FOR
    state, _ = play(state, (START + 2_100, Kept(2, SLIP)))
    state, _ = play(state, (START + 2_050 + WARNED_FOR, Tick()))
    assert isinstance(state.stage, Thanked)


def test_an_estate_without_a_hotline_shows_119(choosing):
    state, _ = tap(choosing, START + 2_000, "reason:trapped")
    shown = view(replace(state, plan=replace(whole_plan(), hotline="")))
    assert isinstance(shown, SafetyView)
    assert shown.hotline == "119"


def test_a_warning_stays_though_the_disk_fails_and_what_is_owed_is_told_afterwards(choosing):
    state, effects = tap(choosing, START + 2_000, "reason:trapped")
    keep = effects[-1]
    state, _ = play(state, (START + 2_100, KeepFailed(2, "full")))
    assert isinstance(state.stage, Warned)
    assert flow.due_at(state, 0) == START + 2_100 + RETRY_AFTER
    state, effects = play(state, (START + 2_100 + RETRY_AFTER, Tick()))
    assert effects == [keep]
    state, _ = tap(state, START + 20_000, "known")
    assert state.stage == OutOfService("full", keep, None)


def test_a_warning_outlasts_a_lost_store(choosing):
    state, effects = tap(choosing, START + 2_000, "reason:trapped")
    keep = effects[-1]
    state, _ = play(state, (START + 2_100, Kept(2, SLIP)), (START + 2_200, StoreLost("broken")))
    assert isinstance(state.stage, Warned)
    again, effects = play(state, (START + 2_200 + RETRY_AFTER, Tick()))
    assert effects == [OpenStore()]
    again, effects = play(again, (START + 13_000, StoreReady()))
    assert effects == []
    state, _ = tap(again, START + 14_000, "known")
    assert isinstance(state.stage, Thanked)
    waits, _ = tap(choosing, START + 2_000, "reason:trapped")
    lost, _ = play(waits, (START + 2_200, StoreLost("broken")))
    assert play(lost, (START + 3_000, StoreReady()))[1] == [keep]
    waits, _ = tap(waits, START + 3_000, "known")
    assert isinstance(waits.stage, Keeping)


def test_the_language_turns_round_and_ends_with_the_visit(asking):
    state, _ = tap(asking, START, "language")
    shown = view(state)
    assert isinstance(shown, QuestionView)
    assert shown.question.main == "How clean is the lobby?"
    assert shown.buttons[0].words.main == "中文"
    back, _ = tap(state, START + 1_000, "language")
    assert back.visit.language == ""
    state, _ = play(state, (START + IDLE_FOR, Tick()))
    assert view(state) == view(asking)


def test_elder_mode_says_one_thing_at_a_time_and_takes_its_time(asking):
    state, _ = tap(asking, START, "elder")
    shown = view(state)
    assert isinstance(shown, QuestionView)
    assert (shown.manners.elder, shown.question.sub) == (True, "")
    assert flow.due_at(state, 0) == START + 2 * IDLE_FOR
    state = answer(state, START + 1_000, 0)
    assert isinstance(state.stage, Choosing)
    assert state.stage.until == START + 1_060 + 2 * REASONS_FOR
    _, effects = play(state, (START + 2_000, down("skip", "b")))
    assert effects == [Sound(wanted=True)]


def test_the_low_row_is_for_this_visit(asking):
    state, _ = tap(asking, START, "low_row")
    assert view(state).manners.low_row
    again, _ = tap(state, START + 1_000, "low_row")
    assert not view(again).manners.low_row
    state, _ = play(state, (START + IDLE_FOR, Tick()))
    assert not view(state).manners.low_row


def test_settings_can_start_every_visit_in_elder_mode_with_sound():
    state = flow.begin(whole_plan(elder=True, low_row=True, sound=True), ONLINE, 0)
    assert (state.visit.elder, state.visit.low_row) == (True, True)
    state, effects = tap(state, START, "elder")
    assert effects == [Sound(wanted=True)]
    assert not state.visit.elder
