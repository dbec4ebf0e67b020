"""Whatever the sequence of touches, time, failures, configs and losses of the line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import flow
from kiosk.events import (
    ClockChanged,
    ConfigChanged,
    Door,
    DoorChanged,
    Health,
    HealthFound,
    Keep,
    Link,
    LinkChanged,
    PhotosChanged,
    PinChecked,
    ScreenMeasured,
    StoreLost,
    StoreReady,
    Tick,
    TouchDown,
    TouchUp,
    WallClock,
)
from kiosk.stages import Asking, Attracting, Kiosk, Waiting, Warned
from kiosk.view import view
from link.questionnaire import FACES_4, NPS_11
from tests.kiosk.asks import plan, whole_plan
from tests.kiosk.fingers import play
from tests.kiosk.house import House, begin, fresh

PIN = {"staff_pin": "pbkdf2-sha256$1$00$00"}
HOURS = [{"opens": "08:00", "closes": "22:00"}]
TARGETS = st.one_of(
    st.none(),
    st.sampled_from([f"level:{number}" for number in (0, 0, 1, 2, 3, 4, 9)]),
    st.sampled_from(["reason:dirty", "reason:smell", "reason:trapped", "reason:none"]),
    st.sampled_from(["done", "skip", "undo", "known", "language", "elder", "low_row", "card"]),
    st.sampled_from(["corner:left", "corner:right", "digit:1", "digit:2", "back", "leave"]),
    st.sampled_from(["test", "network", "pair", "exit"]),
)
PLANS = st.sampled_from(
    [
        whole_plan(**PIN),
        whole_plan(**PIN, elder=True, sound=True, attract_after=15),
        whole_plan(opening=HOURS, dim_to=0),
        whole_plan(opening=HOURS, dim_to=30, qr="beside"),
        whole_plan(qr="full", **PIN),
        plan(FACES_4, revision=8),
        plan(NPS_11, revision=9),
        None,
    ]
)
LINKS = st.sampled_from([Link(online=True), Link(online=False, pending=3), Link(paired=False)])
CLOCKS = st.builds(
    WallClock,
    st.integers(1_790_000_000_000, 1_790_000_000_000 + 7 * 86_400_000),
    st.just(8 * 3_600_000),
    st.booleans(),
)
MILLIMETRES = st.floats(0, 300)
STEPS = st.one_of(
    st.builds(TouchDown, st.sampled_from("abc"), TARGETS, MILLIMETRES, MILLIMETRES),
    st.builds(TouchDown, st.sampled_from("abc"), TARGETS, st.just(50.0), st.just(50.0)),
    st.builds(TouchUp, st.sampled_from("abc"), TARGETS),
    st.just(Tick()),
    st.sampled_from(["disk works", "disk full", "disk slow", "store lost", "right", "wrong"]),
    st.builds(ConfigChanged, PLANS),
    st.builds(LinkChanged, LINKS),
    st.builds(ClockChanged, CLOCKS),
    st.sampled_from([ScreenMeasured(340, 210), ScreenMeasured(210, 130)]),
    st.sampled_from([DoorChanged(Door(b"k" * 32, "7K3QX9TF", 2_000_000_000_000)), DoorChanged(None)]),
    st.sampled_from([StoreReady(), StoreLost("full"), PinChecked(False), HealthFound(Health("1"))]),
    st.just(PhotosChanged((("/c/2.jpg", "/data/2.jpg"),))),
)
PAUSES = st.one_of(st.integers(0, 120), st.integers(120, 1_500), st.integers(1_500, 15_000))
VISITS = st.lists(st.tuples(PAUSES, STEPS), max_size=60)
TAPS = st.lists(st.tuples(PAUSES, TARGETS, st.integers(10, 400)), max_size=40)
"""What a hand does: down and up on the same target, after a pause."""


def house_of(first: object) -> House:
    house = House()
    house.post(ConfigChanged(first))  # type: ignore[arg-type] # a Plan or None
    return house


def tap_through(house: House, taps: list[tuple[int, str | None, int]]) -> None:
    for number, (pause, target, held) in enumerate(taps):
        house.wait(pause)
        house.post(TouchDown(f"f{number}", target, number * 31.0 % 300, 50.0))
        house.wait(held)
        house.post(TouchUp(f"f{number}", target))
        assert house.state.press is None


@settings(deadline=None, max_examples=400)
@given(PLANS, VISITS)
def test_no_touch_is_dropped_silently_and_no_answer_is_lost_or_doubled(first, visits):
    house = house_of(first)
    house.play(visits)
    house.leave()
    assert sorted(house.kept) == sorted(house.given)


@settings(deadline=None, max_examples=400)
@given(PLANS, VISITS)
def test_every_visit_ends_and_the_next_person_sees_nothing_of_it(first, visits):
    house = house_of(first)
    house.play(visits)
    house.leave()
    assert house.is_at_rest()
    assert house.looks_fresh()


@settings(deadline=None, max_examples=400)
@given(PLANS, TAPS)
def test_whenever_nobody_is_there_the_screen_shows_nothing_of_anybody_before(first, taps):
    house = house_of(first)
    for one in taps:
        tap_through(house, [one])
        if house.state.visit.touched_at is None and isinstance(house.state.stage, Asking):
            assert view(house.state) == view(fresh(house.state, house.now))


@settings(deadline=None, max_examples=300)
@given(PLANS, TAPS)
def test_one_touch_on_a_face_is_one_answer_and_everything_else_amends_it(first, taps):
    house = house_of(first)
    tap_through(house, taps)
    house.leave()
    counted = [keep for keep in house.kept.values() if not keep.amends and not keep.test]
    versions = {keep.amends for keep in house.kept.values() if keep.amends}
    assert len(versions) == sum(1 for keep in house.kept.values() if keep.amends)
    assert all(not keep.reasons for keep in counted), "reasons without the answer they belong to"


@settings(deadline=None, max_examples=300)
@given(VISITS, st.integers(0, 3), st.integers(1, 5_000))
def test_after_anything_the_next_person_has_exactly_one_answer(visits, level, held):
    house = House()
    house.play(visits)
    house.do("disk works")
    house.do(ConfigChanged(plan()))
    house.do(LinkChanged(Link(online=False)))
    house.do(ScreenMeasured(340, 210))
    house.leave()
    before = len(house.kept)
    house.post(TouchDown("z", f"level:{level}", 10.0, 10.0))
    house.wait(held)
    house.post(TouchUp("z", f"level:{level}"))
    house.leave()
    new = list(house.kept.values())[before:]
    assert [keep.rating for keep in new] == [level + 1]
    assert new[0].questionnaire == "lobby@7"


@settings(deadline=None, max_examples=200)
@given(TAPS)
def test_a_safety_reason_goes_to_the_disk_in_the_step_that_warns(taps):
    house = House()
    for one in taps:
        before = house.state
        tap_through(house, [one])
        if isinstance(house.state.stage, Warned) and not isinstance(before.stage, Warned):
            newest = house.given[max(house.given)]
            assert newest.urgent
            assert "trapped" in newest.reasons


@settings(deadline=None, max_examples=300)
@given(PLANS, VISITS)
def test_whatever_can_be_touched_is_understood(first, visits):
    house = house_of(first)
    house.play(visits)
    house.do("disk works")
    house.wait(300)
    shown = view(house.state)
    drawn = [one.target for name in ("cells", "buttons", "chips") for one in getattr(shown, name, ())]
    if house.state.press or isinstance(house.state.stage, Attracting):
        return
    for target in drawn:
        state, _ = play(house.state, (house.now + 300, TouchDown("y", target, 900.0, 900.0)))
        understood = state.press is not None and state.press.target == target
        refused = state.counts != house.state.counts
        idle_key = target.startswith("digit") or target in ("back", "done")
        assert understood or refused or idle_key, target


@pytest.mark.parametrize("first", [whole_plan(**PIN), None])
def test_the_first_state_is_the_one_that_everybody_finds(first):
    state = flow.begin(first, Link(), 5)
    assert isinstance(state.stage, Asking if first else Waiting)
    assert view(state) == view(fresh(state, 5))


def test_the_house_sees_what_it_watches_for():
    house = House(begin())
    tap_through(house, [(500, "level:4", 50)])
    assert [type(keep) for keep in house.kept.values()] == [Keep]
    assert isinstance(house.state, Kiosk)
