"""Visits: one person after the other, and none sees what the last one did; pure.

In: a state. Out: the state as the next person finds it, and small steps that every stage needs.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk import schedule
from kiosk.content import Ask, Plan
from kiosk.events import Effect
from kiosk.layouts import layout_of
from kiosk.stages import Asking, Attracting, Kiosk, Sleeping, Stage, Visit, Waiting
from link.kiosk_settings import KioskSettings

IDLE_FOR = 20_000
"""So long (ms) after the last touch the person is gone."""
SLOWLY = 2
"""Elder mode takes this many times as long for everything."""

Step = tuple[Kiosk, tuple[Effect, ...]]


def settings_of(state: Kiosk) -> KioskSettings:
    """The settings in force; the defaults while there are none."""
    return state.plan.settings if state.plan else KioskSettings()


def lasting(state: Kiosk, ms: int) -> int:
    """A time in the pace of this visit."""
    return ms * SLOWLY if state.visit.elder else ms


def layout(state: Kiosk) -> str | None:
    """How the answers lie on this screen; None: the question is answered on a phone."""
    if state.ask is None or state.plan is None:
        return None
    if state.plan.settings.qr == "full" and state.plan.survey_url:
        return None
    return layout_of(state.ask.question.scale, state.screen)


def to(state: Kiosk, stage: Stage) -> Kiosk:
    """Another stage, which no finger presses yet."""
    return replace(state, stage=stage, press=None)


def touched(state: Kiosk, now: int) -> Kiosk:
    """Somebody is there."""
    return replace(state, visit=replace(state.visit, touched_at=now))


def count(state: Kiosk, reason: str) -> Kiosk:
    """One touch more that became no tap, for this reason."""
    counts = replace(state.counts, **{reason: getattr(state.counts, reason) + 1})
    return replace(state, counts=counts)


def rest(state: Kiosk, now: int) -> Kiosk:
    """The visit is over: everything as the next person is to find it, with the newest plan."""
    plan = state.next_plan if state.plan_waits else state.plan
    settings = plan.settings if plan else KioskSettings()
    visits = state.visits + (state.visit.touched_at is not None)
    local = local_time(state, now)
    ask = plan.ask(schedule.asked(settings, local, visits, plan.names)) if plan else None
    return replace(
        state,
        stage=_resting(state, ask, settings, now),
        plan=plan,
        ask=ask,
        next_plan=None,
        plan_waits=False,
        visit=Visit(elder=settings.elder, low_row=settings.low_row),
        press=None,
        visits=visits,
    )


def settled(state: Kiosk, now: int) -> Kiosk:
    """Let a new plan, pairing or hour come into force, unless somebody is in the middle of a visit."""
    if state.press or state.visit.touched_at is not None:
        return state
    if not isinstance(state.stage, Asking | Attracting | Sleeping | Waiting):
        return state
    after = rest(state, now)
    if _shown(after) == _shown(state) and after.plan == state.plan:
        return replace(state, next_plan=None, plan_waits=False) if state.plan_waits else state
    return after


def change_due(state: Kiosk, now: int) -> int | None:
    """When the hour alone will change what is shown to nobody in particular; None: never."""
    if not isinstance(state.stage, Asking | Attracting | Sleeping) or not state.clock.trusted:
        return None
    local = state.clock.local(now)
    change = schedule.next_change(settings_of(state), local)
    return None if change is None else now + change - local


def local_time(state: Kiosk, now: int) -> int | None:
    """The time of day in milliseconds; None while the clock cannot be trusted."""
    return state.clock.local(now) if state.clock.trusted else None


def planned(state: Kiosk, plan: Plan | None, now: int) -> Kiosk:
    """A plan has come: into force at once, or after this visit."""
    return settled(replace(state, next_plan=plan, plan_waits=True), now)


def _resting(state: Kiosk, ask: Ask | None, settings: KioskSettings, now: int) -> Stage:
    if ask is None or not state.link.paired:
        return Waiting()
    return Asking(now) if schedule.is_open(settings, local_time(state, now)) else Sleeping(now)


def _shown(state: Kiosk) -> tuple[type[Stage], Ask | None]:
    kind = type(state.stage)
    return (Asking if kind is Attracting else kind), state.ask
