"""Whatever the sequence of touches, time, failures, configs and losses of the line."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import flow
from kiosk.stages import (
    Asking,
    ConfigChanged,
    Event,
    Keep,
    KeepFailed,
    Kept,
    Kiosk,
    Link,
    LinkChanged,
    OpenStore,
    OutOfService,
    StoreLost,
    StoreReady,
    Thanked,
    Tick,
    TouchDown,
    TouchUp,
    Waiting,
)
from link.questionnaire import FACES_4
from tests.kiosk.asks import ask

CELLS = st.one_of(st.none(), st.integers(0, 4))
MILLIMETRES = st.floats(0, 300)
STEPS = st.one_of(
    st.builds(TouchDown, st.sampled_from("abc"), CELLS, MILLIMETRES, MILLIMETRES),
    st.builds(TouchDown, st.sampled_from("abc"), CELLS, st.just(50.0), st.just(50.0)),
    st.builds(TouchUp, st.sampled_from("abc"), CELLS),
    st.just(Tick()),
    st.sampled_from(["disk works", "disk full", "disk slow", "store lost"]),
    st.builds(ConfigChanged, st.sampled_from([ask(), ask(FACES_4, revision=8), None])),
    st.builds(LinkChanged, st.sampled_from([Link(online=True), Link(online=False), Link(paired=False)])),
)
PAUSES = st.one_of(st.integers(0, 120), st.integers(120, 1_500), st.integers(1_500, 15_000))
VISITS = st.lists(st.tuples(PAUSES, STEPS), max_size=60)


@dataclass
class House:
    """The kiosk with a disk that works, is full, or takes its time; counts what goes in and comes out."""

    state: Kiosk = field(default_factory=lambda: flow.begin(ask(), Link(online=True), 0))
    now: int = 10_000
    disk: str = "disk works"
    waiting: list[Keep] = field(default_factory=list)
    kept: list[Keep] = field(default_factory=list)
    answers: set[int] = field(default_factory=set)
    downs: int = 0
    beside: int = 0
    ended_thanks: int = 0

    def post(self, event: Event) -> None:
        before = self.state
        self.state, effects = flow.advance(before, event, self.now)
        self._account(before, event)
        if isinstance(self.state.stage, Thanked) and not isinstance(before.stage, Thanked):
            assert isinstance(event, Kept), "a thank-you before the answer was on disk"
            assert self.kept[-1].number == event.number
        for effect in effects:
            if isinstance(effect, Keep):
                self._keep(effect, before)
            elif isinstance(effect, OpenStore):
                self.post(StoreReady() if self.disk == "disk works" else StoreLost("broken"))

    def _keep(self, keep: Keep, before: Kiosk) -> None:
        if keep.number in self.answers:
            assert isinstance(before.stage, OutOfService), "an answer given twice"
        assert keep.number <= len(self.answers) + 1, "a number was left out"
        self.answers.add(keep.number)
        if self.disk == "disk full":
            self.post(KeepFailed(keep.number, "full"))
        elif self.disk == "store lost":
            self.post(StoreLost("broken"))
        else:
            self.waiting.append(keep)
            if self.disk == "disk works":
                self.finish()

    def finish(self) -> None:
        """The disk has done what it was given."""
        while self.waiting:
            keep = self.waiting.pop(0)
            if keep.number not in {done.number for done in self.kept}:
                self.kept.append(keep)
            self.post(Kept(keep.number))

    def _account(self, before: Kiosk, event: Event) -> None:
        if not isinstance(event, TouchDown):
            return
        self.downs += 1
        if before.counts != self.state.counts:
            return
        self.beside += isinstance(before.stage, Asking) and event.cell is None
        self.ended_thanks += isinstance(before.stage, Thanked)

    def accounted(self) -> int:
        """Every touch-down is somewhere: an answer, a press, a reason why not."""
        counts = self.state.counts
        pressing = isinstance(self.state.stage, Asking) and self.state.stage.press is not None
        dropped = counts.duplicate + counts.too_soon + counts.slid_off + counts.held + counts.unasked
        return len(self.answers) + dropped + self.beside + self.ended_thanks + pressing

    def play(self, visits: list[tuple[int, Event | str]]) -> None:
        for pause, step in visits:
            self.wait(pause)
            if isinstance(step, str):
                self.disk = step
                if step == "disk works":
                    self.finish()
            else:
                self.post(step)

    def wait(self, pause: int) -> None:
        """Time passes; the app's timer fires when the state asked for it."""
        end = self.now + pause
        while (due := flow.due_at(self.state)) is not None and due <= end:
            self.now = max(self.now, due)
            self.post(Tick())
        self.now = end


@settings(deadline=None, max_examples=400)
@given(VISITS)
def test_every_touch_is_accounted_for(visits):
    house = House()
    house.play(visits)
    assert house.accounted() == house.downs


@settings(deadline=None, max_examples=400)
@given(VISITS)
def test_every_visit_ends_on_the_question_and_every_answer_is_kept_once(visits):
    house = House()
    house.play([*visits, (0, "disk works")])
    house.wait(60_000)
    expected = Asking if house.state.ask and house.state.link.paired else Waiting
    assert isinstance(house.state.stage, expected)
    assert sorted(keep.number for keep in house.kept) == sorted(house.answers)


@settings(deadline=None, max_examples=300)
@given(VISITS, st.integers(0, 3), st.integers(1, 5_000))
def test_after_anything_the_next_person_has_exactly_one_answer(visits, cell, held):
    house = House()
    house.play([*visits, (0, "disk works"), (0, ConfigChanged(ask())), (0, LinkChanged(Link(online=False)))])
    house.wait(60_000)
    before = len(house.kept)
    house.post(TouchDown("z", cell, 10.0, 10.0))
    house.wait(held)
    house.post(TouchUp("z", cell))
    house.wait(60_000)
    assert [keep.rating for keep in house.kept[before:]] == [cell + 1]
    assert house.kept[-1].questionnaire == "lobby@7"
