"""The question on the screen: a touch on a face becomes an answer, a button changes the manners; pure."""

from __future__ import annotations

from dataclasses import replace

from kiosk import burst
from kiosk.content import Ask
from kiosk.events import Keep
from kiosk.stages import Asking, Attracting, Keeping, Kiosk
from kiosk.visit import IDLE_FOR, Step, count, lasting, layout, rest, settings_of, to

LEVEL = "level:"


def buttons(state: Kiosk) -> tuple[str, ...]:
    """What can be touched besides the answers."""
    if state.ask is None:
        return ()
    some = ("language",) if len(state.ask.languages) > 1 else ()
    return (*some, "elder") if layout(state) is None else (*some, "elder", "low_row")


def level_of(state: Kiosk, target: str | None) -> int | None:
    """Which answer a target is, counted from the worst; None: none that is on the screen."""
    number = target.removeprefix(LEVEL) if target and target.startswith(LEVEL) else ""
    if state.ask is None or layout(state) is None or not number.isdecimal():
        return None
    return int(number) if int(number) < len(state.ask.question.scale.levels) else None


def is_live(state: Kiosk, target: str) -> bool:
    """Whether this target does something now."""
    return level_of(state, target) is not None or target in buttons(state)


def bounces(state: Kiosk, target: str, now: int) -> bool:
    """Whether a face is touched again so soon that it cannot be the next person."""
    if level_of(state, target) is None or state.visit.given is not None:
        return False
    return burst.bounces(state.commits, now, settings_of(state).minimum_interval)


def hurried(state: Kiosk, stage: Asking) -> Kiosk:
    """A bounce: counted, and told to whoever it was."""
    until = state.commits[-1][0] + settings_of(state).minimum_interval * 1000
    return replace(count(state, "bounced"), stage=replace(stage, hurried_until=until))


def activated(state: Kiosk, target: str, now: int) -> Step:
    """A target was touched and let go."""
    level = level_of(state, target)
    if level is not None and state.ask is not None:
        return _answered(state, state.ask, level, target, now)
    visit = state.visit
    if target == "language" and state.ask is not None:
        visit = replace(visit, language=next_language(state.ask.languages, visit.language))
    elif target == "elder":
        visit = replace(visit, elder=not visit.elder)
    elif target == "low_row":
        visit = replace(visit, low_row=not visit.low_row)
    return replace(state, visit=visit), ()


def due(state: Kiosk, stage: Asking) -> int | None:
    """When the visit is over, or when announcements begin."""
    if stage.hurried_until is not None:
        return stage.hurried_until
    if state.visit.touched_at is not None:
        return state.visit.touched_at + lasting(state, IDLE_FOR)
    if state.plan is None or not state.plan.cards or layout(state) is None:
        return None
    return stage.shown_at + settings_of(state).attract_after * 1000


def tick(state: Kiosk, stage: Asking, now: int) -> Step:
    """The next answer may come, or nobody has touched the screen for a while."""
    if stage.hurried_until is not None:
        return replace(state, stage=replace(stage, hurried_until=None)), ()
    if state.visit.touched_at is not None:
        return rest(state, now), ()
    return to(state, Attracting(now, 0, now)), ()


def _answered(state: Kiosk, ask: Ask, level: int, target: str, now: int) -> Step:
    given, scale = state.visit.given, ask.question.scale
    rating = scale.levels[level].value
    commits = state.commits if given else burst.remembered(state.commits, now, rating)
    marked = given.burst if given else burst.is_burst(commits)
    keep = Keep(
        state.number + 1,
        ask.questionnaire,
        ask.question.id,
        scale.id,
        rating,
        _layout_id(state),
        amends=given.number if given else 0,
        bad=rating in scale.bad,
        burst=marked,
    )
    state = count(state, "burst") if marked and not given else state
    behind = state.stage if isinstance(state.stage, Asking) else Asking(now)
    return replace(to(state, Keeping(keep, target, behind, now)), number=keep.number, commits=commits), (
        keep,
    )


def _layout_id(state: Kiosk) -> str:
    """How the answers lay when one was touched: `row-5`, `row-5-elder-low`."""
    manners = ("-elder" if state.visit.elder else "") + ("-low" if state.visit.low_row else "")
    return f"{layout(state)}{manners}"


def next_language(languages: tuple[str, ...], now: str) -> str:
    """The language after `now`, empty for the first: that is where every visit begins."""
    place = languages.index(now) if now in languages else 0
    following = languages[(place + 1) % len(languages)]
    return "" if following == languages[0] else following
