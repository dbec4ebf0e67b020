"""Between people: announcements, opening hours, light, the rotating QR."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk import asking, door, flow, visit
from kiosk.between import CARD_FOR
from kiosk.content import Plan, plan_from
from kiosk.events import (
    Brightness,
    ClockChanged,
    ConfigChanged,
    Door,
    DoorChanged,
    Keep,
    PhotosChanged,
    ScreenMeasured,
    Sound,
    Tick,
    WallClock,
)
from kiosk.stages import Asking, Attracting, Kiosk, Sleeping
from kiosk.thanks import UNDO_FOR
from kiosk.view import view
from kiosk.views import AttractView, CodeView, NoticeView, QuestionView, SleepView
from kiosk.visit import IDLE_FOR
from link import door_code
from link.questionnaire import NPS_11
from tests.kiosk.asks import CARDS, config, plan, questionnaire_json, whole_plan
from tests.kiosk.fingers import ONLINE, START, answer, down, play, tap, up

ZONE = 8 * 3_600_000
HOURS = [{"opens": "08:00", "closes": "20:00"}]
KEY = Door(b"k" * 32, "7K3QX9TF", 1_800_000_000_000)


def clock(day: int, hour: int, minute: int = 0, *, trusted: bool = True) -> WallClock:
    """A clock that shows this local time of November 2026 when the flow's clock shows 0."""
    local = int(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp()) * 1000
    return WallClock(local - ZONE, ZONE, trusted)


def at(plan_: Plan, clock_: WallClock, now: int = 0) -> Kiosk:
    return play(flow.begin(plan_, ONLINE, now), (now, ClockChanged(clock_)))[0]


def asked(state: Kiosk) -> str:
    assert state.ask is not None
    return state.ask.id


# --- announcements -------------------------------------------------------------------------------------


@pytest.fixture
def attracting() -> Kiosk:
    state = flow.begin(whole_plan(attract_after=30), ONLINE, 0)
    assert flow.due_at(state, 0) == 30_000
    state, _ = play(state, (30_000, Tick()))
    assert isinstance(state.stage, Attracting)
    return state


def test_after_a_while_announcements_take_turns(attracting):
    shown = view(attracting)
    assert isinstance(shown, AttractView)
    assert (shown.said.main, shown.done.sub, shown.day.main) == ("电梯太慢", "New drive", "2026年11月20日")
    assert (shown.number, shown.of, len(shown.cells)) == (1, 2, 5)
    state, _ = play(attracting, (30_000 + CARD_FOR, Tick()))
    assert view(state).number == 2
    state, _ = play(state, (30_000 + 2 * CARD_FOR, Tick()))
    assert view(state).number == 1


def test_a_photo_is_shown_once_it_is_here(attracting):
    state, _ = play(attracting, (30_000 + CARD_FOR, Tick()))
    assert view(state).photo == ""
    state, _ = play(state, (50_000, PhotosChanged((("/c/2.jpg", "/data/2.jpg"),))))
    assert view(state).photo == "/data/2.jpg"


def test_the_first_touch_on_a_face_counts(attracting):
    _, effects = play(attracting, (40_000, down(4)), (40_050, up(4)))
    assert isinstance(effects[-1], Keep)


def test_a_touch_beside_the_faces_begins_a_visit(attracting):
    state, effects = play(attracting, (40_000, down("card")), (40_050, up("card")))
    assert effects == []
    assert isinstance(state.stage, Asking)
    assert flow.due_at(state, 0) == 40_000 + IDLE_FOR


def test_without_announcements_the_question_stays():
    assert flow.due_at(flow.begin(plan(), ONLINE, 0), 0) is None


def test_other_announcements_begin_anew(attracting):
    state, _ = play(
        attracting, (42_000, Tick()), (43_000, ConfigChanged(replace(attracting.plan, cards=CARDS[:1])))
    )
    assert isinstance(state.stage, Asking)
    state, _ = play(state, (73_000, Tick()), (85_000, Tick()))
    assert view(state).of == 1


def test_a_card_without_a_day_shows_none():
    bare = replace(whole_plan(), cards=(msgspec.structs.replace(CARDS[0], day=0),))
    state, _ = play(flow.begin(bare, ONLINE, 0), (45_000, Tick()))
    assert view(state).day == ("", "")


# --- hours and light -----------------------------------------------------------------------------------


def test_a_black_screen_is_woken_by_the_first_touch_and_answers_the_second():
    state = at(whole_plan(opening=HOURS, dim_to=0), clock(23, 21))
    assert isinstance(view(state), SleepView)
    assert state.brightness == 0
    state, effects = play(state, (START, down(4)), (START + 50, up(4)))
    assert effects == [Brightness(100)]
    assert isinstance(view(state), QuestionView)
    assert state.counts.woke == 1
    _, effects = tap(state, START + 1_000, 4)
    assert isinstance(effects[-1], Keep)


def test_a_dimmed_screen_takes_the_first_touch():
    state = at(whole_plan(opening=HOURS, dim_to=25), clock(23, 21))
    assert isinstance(state.stage, Sleeping)
    assert state.brightness == 25
    assert isinstance(view(state), QuestionView)
    state, effects = play(state, (START, down(4)))
    assert effects == [Sound(), Brightness(100)]
    state, effects = play(state, (START + 50, up(4)))
    assert isinstance(effects[-1], Keep)


def test_it_sleeps_again_when_the_visit_is_over():
    state = at(whole_plan(opening=HOURS, dim_to=0), clock(23, 21))
    state, _ = play(state, (START, down(None)))
    state, effects = play(state, (START + IDLE_FOR, Tick()))
    assert isinstance(state.stage, Sleeping)
    assert effects == [Brightness(0)]


def test_it_closes_and_opens_by_the_clock():
    state = at(whole_plan(opening=HOURS), clock(23, 19, 59))
    due = flow.due_at(state, 0)
    assert due == 45_000
    state, _ = play(state, (45_000, Tick()))
    assert isinstance(state.stage, Attracting)
    state, _ = play(state, (57_000, Tick()), (60_000, Tick()))
    assert isinstance(state.stage, Sleeping)
    assert flow.due_at(state, 60_000) == 60_000 + 12 * 3_600_000
    state, effects = play(state, (60_000 + 12 * 3_600_000, Tick()))
    assert isinstance(state.stage, Asking)
    assert effects == [Brightness(100)]


def test_nobody_is_put_to_bed_in_the_middle_of_a_visit():
    state = at(plan(settings={"opening": HOURS}), clock(23, 19, 59))
    state = answer(state, 59_900, 4)
    state, _ = play(state, (60_100, Tick()))
    assert not isinstance(state.stage, Sleeping)
    state, _ = play(state, (59_960 + UNDO_FOR, Tick()))
    assert isinstance(state.stage, Sleeping)


def test_a_clock_that_nobody_trusts_closes_nothing():
    state = at(whole_plan(opening=HOURS), clock(23, 3, trusted=False))
    assert isinstance(state.stage, Asking)
    state, _ = play(state, (10, ClockChanged(clock(23, 3))))
    assert isinstance(state.stage, Sleeping)


# --- what is asked when --------------------------------------------------------------------------------


def test_a_campaign_begins_at_midnight_and_ends_with_its_last_day():
    turns = [{"questionnaire": "spring", "from_day": 20261124, "until_day": 20261124}]
    spring = questionnaire_json(name="spring", revision=3)
    both = plan_from(config(settings={"turns": turns}, more_questionnaires=(spring,)))
    state = at(both, clock(23, 23, 59))
    assert asked(state) == "lobby"
    assert flow.due_at(state, 0) == 60_000
    state, _ = play(state, (60_000, Tick()))
    assert asked(state) == "spring"
    _, effects = tap(state, 61_000, 4)
    assert effects[-1].questionnaire == "spring@3"
    state, _ = play(state, (60_000 + 86_400_000, Tick()))
    assert asked(state) == "lobby"


def test_questionnaires_rotate_visit_by_visit():
    turns = [{"questionnaire": "lobby"}, {"questionnaire": "b"}]
    more = (questionnaire_json(name="b"),)
    state = at(plan_from(config(settings={"turns": turns}, more_questionnaires=more)), clock(23, 12))
    found = []
    for number in range(4):
        found.append(asked(state))
        state, _ = play(state, (START + number * 30_000, down(None)))
        state, _ = play(state, (START + number * 30_000 + IDLE_FOR, Tick()))
    assert found == ["lobby", "b", "lobby", "b"]


# --- the QR --------------------------------------------------------------------------------------------


def test_the_rotating_code_changes_every_half_minute():
    state = at(whole_plan(qr="full", attract_after=3600), clock(23, 12))
    assert view(state).code.text == "https://pj.cn/t/7K3QX9TF"
    state, _ = play(state, (1_000, DoorChanged(KEY)))
    shown = view(state)
    assert isinstance(shown, CodeView)
    first = door_code.make(KEY.key, state.clock.wall(1_000))
    assert shown.code.text == f"https://pj.cn/t/7K3QX9TF?p={first}"
    assert [one.target for one in shown.buttons] == ["language", "elder"]
    assert flow.due_at(state, 1_000) == 30_000
    state, _ = play(state, (30_000, Tick()))
    second = door_code.make(KEY.key, state.clock.wall(30_000))
    assert second != first
    assert view(state).code.text.endswith(second)
    assert door_code.proves(KEY.key, first, state.clock.wall(60_000))


@pytest.mark.parametrize(
    ("key", "trusted"),
    [
        (replace(KEY, label="OTHER000"), True),
        (replace(KEY, valid_until=1_700_000_000_000), True),
        (KEY, False),
        (None, True),
    ],
)
def test_without_a_good_key_or_clock_the_label_itself_is_shown(key, trusted):
    state = at(whole_plan(qr="beside"), clock(23, 12, trusted=trusted))
    state, _ = play(state, (1_000, DoorChanged(key)))
    shown = view(state)
    assert isinstance(shown, QuestionView)
    assert shown.code is not None
    assert shown.code.text == "https://pj.cn/t/7K3QX9TF"


def test_a_touch_on_the_code_answers_nothing():
    state = flow.begin(whole_plan(qr="full"), ONLINE, 0)
    state, effects = tap(state, START, 4)
    assert effects == []
    state, effects = tap(state, START + 1_000, "elder")
    assert effects == [Sound()]
    assert state.visit.elder


def test_keys_too_small_for_a_finger_are_left_to_the_phone():
    with_page = replace(whole_plan(), asks=plan(NPS_11).asks)
    state, _ = play(flow.begin(with_page, ONLINE, 0), (0, ScreenMeasured(217, 136)))
    assert isinstance(view(state), CodeView)
    without, _ = play(flow.begin(plan(NPS_11), ONLINE, 0), (0, ScreenMeasured(217, 136)))
    shown = view(without)
    assert isinstance(shown, NoticeView)
    assert "手机" in shown.note.main
    large, _ = play(state, (10, ScreenMeasured(345, 194)))
    assert view(large).ends[1].main == "极有可能"


def test_a_face_that_went_away_under_the_finger_is_no_answer():
    state = flow.begin(plan(NPS_11), ONLINE, 0)
    state, _ = play(state, (START, down(3)), (START + 20, ScreenMeasured(217, 136)))
    state, effects = play(state, (START + 60, up(3)))
    assert effects == []
    assert state.counts.unasked == 1


def test_a_kiosk_without_a_question_offers_nothing():
    state = flow.begin(None, ONLINE, 0)
    assert (visit.layout(state), asking.buttons(state), door.is_shown(state)) == (None, (), False)
