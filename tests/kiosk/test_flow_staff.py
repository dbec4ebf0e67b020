"""The staff corner: two corners, a PIN, figures and acts."""

from __future__ import annotations

import pytest

from kiosk import flow, staff
from kiosk.events import (
    CheckPin,
    Effect,
    Event,
    Examine,
    Exit,
    ForgetIdentity,
    Health,
    HealthFound,
    Keep,
    KeepFailed,
    Kept,
    Link,
    LinkChanged,
    OpenStore,
    PinChecked,
    StoreLost,
    StoreReady,
    Tick,
)
from kiosk.stages import Asking, Attending, Kiosk, OutOfService, Typing, Waiting
from kiosk.view import view
from kiosk.views import PadView, StaffView
from tests.kiosk.asks import whole_plan
from tests.kiosk.fingers import ONLINE, START, answer, down, play, tap, up

HASH = "pbkdf2-sha256$1$00$00"
LEFT, RIGHT = "corner:left", "corner:right"
OPEN_AT = START + 100 + staff.HOLD_FOR


@pytest.fixture
def asking() -> Kiosk:
    return flow.begin(whole_plan(staff_pin=HASH), ONLINE, 0)


def hold_both(state: Kiosk, now: int = START) -> Kiosk:
    state, _ = play(state, (now, down(LEFT, "l")), (now + 100, down(RIGHT, "r", x=300.0)))
    state, _ = play(state, (now + 100 + staff.HOLD_FOR, Tick()))
    return play(state, (now + 5_200, up(LEFT, "l")), (now + 5_200, up(RIGHT, "r")))[0]


def type_pin(state: Kiosk, now: int, pin: str) -> tuple[Kiosk, list[Effect]]:
    effects: list[Effect] = []
    for number, digit in enumerate(pin):
        state, _ = tap(state, now + number * 200, f"digit:{digit}")
    state, effects = tap(state, now + len(pin) * 200, "done")
    return state, effects


@pytest.fixture
def inside(asking: Kiosk) -> Kiosk:
    state, effects = type_pin(hold_both(asking), OPEN_AT + 500, "471100")
    assert effects[-1] == CheckPin("471100", HASH)
    state, effects = play(state, (OPEN_AT + 2_000, PinChecked(True)))
    assert effects == [Examine()]
    assert isinstance(state.stage, Attending)
    return state


NOW = OPEN_AT + 2_500


def rows(state: Kiosk) -> dict[str, tuple[str, str]]:
    shown = view(state)
    assert isinstance(shown, StaffView)
    return {name.main: (value, tone) for name, value, tone in shown.rows}


def test_two_corners_held_for_five_seconds_open_the_number_pad(asking):
    state, _ = play(asking, (START, down(LEFT, "l")), (START + 100, down(RIGHT, "r", x=300.0)))
    assert flow.due_at(state, START) == OPEN_AT
    state, _ = play(state, (OPEN_AT, Tick()))
    shown = view(state)
    assert isinstance(shown, PadView)
    assert (shown.dots, len(shown.buttons)) == (0, 13)


@pytest.mark.parametrize(("first", "second"), [(LEFT, RIGHT), (RIGHT, LEFT)])
def test_a_panel_that_feels_one_finger_takes_one_corner_after_the_other(asking, first, second):
    state, _ = play(asking, (START, down(first, "l")), (START + 5_000, up(first, "l")))
    state, _ = play(state, (START + 7_000, down(second, "r", x=300.0)))
    assert flow.due_at(state, START) == START + 12_000
    state, _ = play(state, (START + 12_000, Tick()))
    assert isinstance(state.stage, Typing)


@pytest.mark.parametrize(
    "steps",
    [
        [
            (START, down(LEFT, "l")),
            (START + 4_900, up(LEFT, "l")),
            (START + 5_000, down(RIGHT, "r", x=300.0)),
        ],
        [
            (START, down(LEFT, "l")),
            (START + 5_000, up(LEFT, "l")),
            (START + 8_100, down(RIGHT, "r", x=300.0)),
        ],
        [(START, down(LEFT, "l")), (START + 5_000, up(LEFT, "l")), (START + 6_000, down(LEFT, "m"))],
        [(START, down(LEFT, "l"))],
    ],
)
def test_anything_less_opens_nothing(asking, steps: list[tuple[int, Event]]):
    state, effects = play(asking, *steps, (START + 20_000, Tick()))
    assert effects == []
    assert isinstance(state.stage, Asking)


def test_a_screen_without_a_pin_has_no_corner():
    state = flow.begin(whole_plan(), ONLINE, 0)
    state = hold_both(state)
    assert isinstance(state.stage, Asking)


def test_a_pin_is_typed_corrected_and_checked_elsewhere(asking):
    state, _ = tap(hold_both(asking), OPEN_AT + 500, "digit:4")
    state, _ = tap(state, OPEN_AT + 700, "done")
    assert not state.stage.checking
    state, _ = tap(state, OPEN_AT + 900, "back")
    assert view(state).dots == 0
    state, effects = type_pin(state, OPEN_AT + 1_100, "471100")
    assert effects[-1] == CheckPin("471100", HASH)
    assert "471100" not in repr(effects[-1])
    assert "471100" not in repr(state)
    assert view(state).note.main == "正在核对"


def test_five_wrong_pins_lock_the_pad_for_five_minutes(asking):
    state, now = hold_both(asking), OPEN_AT + 500
    for left in (4, 3, 2, 1, 0):
        state, _ = type_pin(state, now, "081500")
        state, _ = play(state, (now + 1_500, PinChecked(False)))
        assert f"{left}" in view(state).note.main or left == 0
        now += 2_000
    assert view(state).note.main == "输错太多次，请 5 分钟后再试"
    assert state.counts.wrong_pin == 5
    state, effects = type_pin(state, now, "471100")
    assert effects == []
    state, _ = tap(state, now + 2_000, "leave")
    again = hold_both(state, now + 10_000)
    assert again.stage.locked
    unlocked, _ = play(again, (state.locked_until, Tick()))
    assert isinstance(unlocked.stage, Asking | Typing)


def test_a_lock_ends_while_the_pad_is_shown(asking):
    state = hold_both(flow.replace(asking, locked_until=OPEN_AT + 30_000))
    assert state.stage.locked
    assert flow.due_at(state, OPEN_AT) == OPEN_AT + 30_000
    state, _ = play(state, (OPEN_AT + 30_000, Tick()))
    assert not state.stage.locked


def test_a_wrong_pin_counts_though_nobody_waits_for_it(asking):
    state, _ = type_pin(hold_both(asking), OPEN_AT + 500, "081500")
    state, _ = tap(state, OPEN_AT + 2_000, "leave")
    state, _ = play(state, (OPEN_AT + 2_500, PinChecked(False)))
    assert (state.wrong_pins, state.counts.wrong_pin) == (1, 1)
    assert play(state, (OPEN_AT + 3_000, PinChecked(True))) == (state, [])


def test_pad_and_corner_are_left_alone_for_a_minute_at_most(asking, inside):
    pad = hold_both(asking)
    state, _ = play(pad, (OPEN_AT + staff.LEAVES_AFTER, Tick()))
    assert isinstance(state.stage, Asking)
    state, effects = play(inside, (OPEN_AT + 2_000 + staff.LOOK_EVERY, Tick()))
    assert effects == [Examine()]
    state, _ = play(state, (OPEN_AT + 2_000 + staff.LEAVES_AFTER, Tick()))
    assert isinstance(state.stage, Asking)


def test_figures_are_shown_with_what_they_mean(inside):
    health = Health("taploop-kiosk 1", 12, 200_000, 150_000_000, 84.0, ("disk_full", "hot"))
    state, _ = play(inside, (NOW, HealthFound(health)), (NOW, LinkChanged(Link(online=False, pending=3))))
    shown = rows(state)
    assert shown["剩余空间"] == ("0.1 GB", "bad")
    assert shown["温度"] == ("84 ℃", "bad")
    assert shown["待上报"] == ("3", "warn")
    assert shown["最早一条已等"] == ("3 min", "plain")
    assert shown["故障"] == ("存储已满 storage full; hot", "bad")
    assert shown["与服务器的连接"] == ("断开 down", "bad")
    state, _ = tap(state, NOW + 500, "network")
    assert "本机地址" in rows(state)
    outside, _ = tap(state, NOW + 1_000, "leave")
    assert play(outside, (NOW + 1_500, HealthFound(health))) == (outside, [])


def test_a_test_tap_is_kept_as_a_test_and_seen_through(inside):
    state, effects = tap(inside, NOW, "test")
    keep = effects[-1]
    assert isinstance(keep, Keep)
    assert (keep.test, keep.amends, keep.layout) == (True, 0, "staff")
    assert rows(state)["试点结果"] == ("正在保存 being saved", "warn")
    state, effects = tap(state, NOW + 100, "test")
    assert not any(isinstance(effect, Keep) for effect in effects)
    state, _ = play(state, (NOW + 200, Kept(1)), (NOW + 300, LinkChanged(Link(online=True, pending=1))))
    assert rows(state)["试点结果"][0].startswith("已保存")
    state, _ = play(state, (NOW + 400, LinkChanged(ONLINE)))
    assert rows(state)["试点结果"] == ("服务器已收到 the hub has it", "good")


def test_a_test_tap_that_cannot_be_kept_says_so(inside):
    state, _ = tap(inside, NOW, "test")
    failed, _ = play(state, (NOW + 200, KeepFailed(1, "full")))
    assert rows(failed)["试点结果"] == ("没有保存成功 not saved", "bad")
    lost, _ = play(state, (NOW + 200, StoreLost("broken")))
    assert rows(lost)["试点结果"][1] == "bad"
    lost, _ = tap(lost, NOW + 500, "leave")
    assert isinstance(lost.stage, OutOfService)


@pytest.mark.parametrize(("act", "effect"), [("exit", Exit()), ("pair", ForgetIdentity())])
def test_what_cannot_be_undone_is_asked_twice(inside, act, effect):
    state, effects = tap(inside, NOW, act)
    assert effect not in effects
    shown = view(state)
    assert isinstance(shown, StaffView)
    assert any(one.words.main.startswith("再点一次") for one in shown.buttons)
    _, effects = tap(state, NOW + 500, act)
    assert effects[-1] == effect
    state, _ = tap(state, NOW + 500, "network")
    _, effects = tap(state, NOW + 1_000, act)
    assert effect not in effects


def test_answers_that_wait_are_named_before_the_identity_goes(inside):
    state, _ = play(inside, (NOW, LinkChanged(Link(online=False, pending=12))))
    state, _ = tap(state, NOW + 100, "pair")
    assert any("12 条" in one.words.main for one in view(state).buttons)
    _, effects = tap(state, NOW + 500, "pair")
    assert effects[-1] == ForgetIdentity(sure=True)


def test_a_lost_identity_ends_the_corner(inside):
    state, _ = play(inside, (NOW, LinkChanged(Link(paired=False))))
    assert isinstance(state.stage, Waiting)


def test_the_corner_opens_out_of_service_and_leads_back_to_it(asking):
    state, effects = tap(asking, START, 0)
    keep = effects[-1]
    state, _ = play(state, (START + 60, KeepFailed(1, "full")))
    state = hold_both(state, START + 200)
    assert isinstance(state.stage, Typing)
    failed, _ = play(state, (START + 5_600, KeepFailed(1, "broken")))
    assert failed.stage.behind.trouble == "broken"
    back, _ = tap(failed, START + 6_000, "leave")
    assert isinstance(back.stage, OutOfService)
    back, effects = play(back, (START + 6_100, Tick()))
    assert effects == [keep]
    kept, _ = play(state, (START + 5_600, Kept(1)))
    kept, _ = tap(kept, START + 6_000, "leave")
    assert isinstance(kept.stage, Asking)


def test_a_store_that_comes_back_behind_the_corner_is_noticed(asking):
    state, _ = play(asking, (START, StoreLost("broken")))
    state = hold_both(state, START + 200)
    assert play(state, (START + 5_500, Kept(99))) == (state, [])
    ready, _ = play(state, (START + 5_600, StoreReady()))
    ready, _ = tap(ready, START + 6_000, "leave")
    assert isinstance(ready.stage, Asking)
    back, _ = tap(state, START + 6_000, "leave")
    assert play(back, (START + 6_100, Tick()))[1] == [OpenStore()]


def test_nothing_of_a_visit_is_left_when_staff_come_and_go(asking):
    state = answer(asking, START, 4)
    state, _ = play(state, (START + 2_000, down(None, x=150.0)))
    state, _ = tap(state, START + 3_000, "language")
    state = hold_both(state, START + 4_000)
    state, _ = tap(state, START + 10_000, "leave")
    assert state.visit.language == ""
    assert state.visits == 2
