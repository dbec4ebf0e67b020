"""A score as a page says it: figures in whole per cent, and only what its number of answers allows; pure.

In: rolled-up scores of a period and of the one before. Out: values that templates print as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.insight.intervals import Interval
from hub.insight.nps import Nps
from hub.insight.satisfaction import ENOUGH, SHOWN_FROM, Change, Satisfaction, direction
from hub.insight.tree import Rolled


@dataclass(frozen=True, slots=True)
class ScoreView:
    """满意率 and 满意度 of one touchpoint with all below it, in whole per cent; intervals 0 to 100."""

    n: int
    n_before: int
    shown: bool
    """False: fewer than 5 answers, only `n` may be printed."""
    enough: bool
    rate: int = 0
    low: float = 0.0
    high: float = 0.0
    degree: int | None = None
    coverage: int = 0
    change: str = Change.UNKNOWN.value
    points: int = 0
    """By how many percentage points 满意率 differs from the period before."""
    mapped: bool = False

    @property
    def range(self) -> str:
        """The interval as it is printed: `79–88%`."""
        return f"{round(self.low)}–{round(self.high)}%"


def score(now: Rolled, before: Rolled) -> ScoreView:
    """What may be said of a touchpoint."""
    pooled = now.pooled
    if not pooled.shown:
        return ScoreView(pooled.n, before.pooled.n, shown=False, enough=False)
    change = pooled.change_since(before.pooled)
    points = 0 if change is Change.UNKNOWN else round(100 * (pooled.rate - before.pooled.rate))
    return ScoreView(
        n=pooled.n,
        n_before=before.pooled.n,
        shown=True,
        enough=pooled.enough,
        rate=round(100 * pooled.rate),
        low=100 * pooled.interval.low,
        high=100 * pooled.interval.high,
        degree=None if now.degree is None else round(now.degree),
        coverage=_whole(now.coverage),
        change=change.value,
        points=points,
        mapped=pooled.mapped,
    )


def _whole(share: float) -> int:
    """Per cent that says 100 only when it is all, and 0 only when it is nothing."""
    return 100 if share >= 1 else 0 if share <= 0 else min(99, max(1, round(100 * share)))


@dataclass(frozen=True, slots=True)
class NpsView:
    """NPS with its parts in whole per cent that add up to 100."""

    n: int
    shown: bool
    enough: bool
    score: int = 0
    low: float = 0.0
    high: float = 0.0
    promoters: int = 0
    passives: int = 0
    detractors: int = 0
    change: str = Change.UNKNOWN.value
    points: int = 0

    @property
    def range(self) -> str:
        """The interval as it is printed: `−3 … +24`."""
        return f"{signed(self.low)}…{signed(self.high)}"


def nps_score(now: Nps, before: Nps) -> NpsView:
    """What may be said of an NPS."""
    if now.n < SHOWN_FROM:
        return NpsView(now.n, shown=False, enough=False)
    compared = now.n >= ENOUGH and before.n >= ENOUGH
    change = direction(now.change_since(before)) if compared else Change.UNKNOWN
    interval: Interval = now.interval
    promoters, detractors = round(100 * now.promoters / now.n), round(100 * now.detractors / now.n)
    return NpsView(
        n=now.n,
        shown=True,
        enough=now.n >= ENOUGH,
        score=round(now.score),
        low=interval.low,
        high=interval.high,
        promoters=promoters,
        passives=100 - promoters - detractors,
        detractors=detractors,
        change=change.value,
        points=round(now.score - before.score) if compared else 0,
    )


def signed(value: float) -> str:
    """A whole number with its sign, a real minus: `+12`, `−3`, `0`."""
    whole = round(value)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


@dataclass(frozen=True, slots=True)
class Axis:
    """The scale that all interval bars of a page share, from `bottom` to 100 per cent.

    The bars show places, not lengths, so that they need not begin at 0; `whole` is marked on each of them.
    """

    bottom: int
    whole: int | None

    def at(self, per_cent: float) -> float:
        """Where a value lies, 0 to 100."""
        return max(0.0, min(100.0, 100 * (per_cent - self.bottom) / (100 - self.bottom)))


def axis(views: Iterable[ScoreView], whole: ScoreView) -> Axis:
    """The axis that begins at the ten below the lowest interval of those with enough answers."""
    lowest = min((view.low for view in views if view.enough), default=0.0)
    return Axis(min(90, int(lowest // 10) * 10), whole.rate if whole.enough else None)


FAR = 0.2
"""Difference of shares from which a colour is a deep one."""


def heat(cell: Satisfaction, whole: float) -> int:
    """Which of five colours an hour has beside the share satisfied of all hours, 0 to 1.

    2 while the hour's 95 % interval holds the whole: chance alone paints nothing. Below it 1, above it 3;
    0 and 4 when the shares are 20 points apart or more.
    """
    if cell.interval.holds(whole):
        return 2
    if cell.rate < whole:
        return 0 if whole - cell.rate >= FAR else 1
    return 4 if cell.rate - whole >= FAR else 3
