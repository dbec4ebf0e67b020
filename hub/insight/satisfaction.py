"""满意率 (share satisfied) and 满意度 (0–100) of answers, and whether they changed; pure.

In: answers as question_no → rating → how often, and each question's scale. Out: counts, shares, intervals.
Answers on several scales are counted by each scale's own cut and weights, and the result says that it is
mapped. NPS questions are never part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from hub.insight.intervals import Interval, difference, wilson
from link.questionnaire import Scale

Answers = Mapping[int, Mapping[int, int]]
"""question_no → rating → how often."""

ENOUGH = 20
"""Answers below which a score is not compared or rolled up."""
SHOWN_FROM = 5
"""Answers below which only their number is shown: fewer could point at a person."""
NPS_SCALE = "nps-11"


class Change(Enum):
    """What can honestly be said about two periods."""

    UP = "up"
    DOWN = "down"
    NONE = "none"
    UNKNOWN = "unknown"
    """Too few answers in one of the two."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Counts over one or more questions; `points` is the sum of the answers' weights (0–100 each)."""

    n: int = 0
    satisfied: int = 0
    bad: int = 0
    points: float = 0.0
    scales: frozenset[str] = frozenset()

    def __add__(self, other: Satisfaction) -> Satisfaction:
        return Satisfaction(
            self.n + other.n,
            self.satisfied + other.satisfied,
            self.bad + other.bad,
            self.points + other.points,
            self.scales | other.scales,
        )

    @property
    def shown(self) -> bool:
        """Whether more than the number of answers may be shown."""
        return self.n >= SHOWN_FROM

    @property
    def enough(self) -> bool:
        """Whether there are answers enough to compare and roll up."""
        return self.n >= ENOUGH

    @property
    def rate(self) -> float:
        """满意率: satisfied / all, 0 to 1."""
        return self.satisfied / self.n

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval of the rate."""
        return wilson(self.satisfied, self.n)

    @property
    def degree(self) -> float:
        """满意度: the mean weight of the answers, 0 to 100."""
        return self.points / self.n

    @property
    def mapped(self) -> bool:
        """Whether answers on different scales were put together."""
        return len(self.scales) > 1

    def change_since(self, before: Satisfaction) -> Change:
        """Up or down only when the 95 % interval of the difference in 满意率 leaves out zero."""
        if not (self.enough and before.enough):
            return Change.UNKNOWN
        return direction(difference(self.satisfied, self.n, before.satisfied, before.n))


def direction(interval: Interval) -> Change:
    """What the interval of a difference says."""
    if interval.holds(0):
        return Change.NONE
    return Change.UP if interval.low > 0 else Change.DOWN


def satisfaction(answers: Answers, scales: Mapping[int, Scale]) -> Satisfaction:
    """Put the answers together; an NPS question, or one whose scale is not known, is left out."""
    total = Satisfaction()
    for question_no, ratings in answers.items():
        scale = scales.get(question_no)
        if scale is not None and scale.id != NPS_SCALE:
            total += _one(ratings, scale)
    return total


def _one(ratings: Mapping[int, int], scale: Scale) -> Satisfaction:
    weights = {level.value: level.weight for level in scale.levels}
    known = {rating: n for rating, n in ratings.items() if rating in weights and n > 0}
    if not known:
        return Satisfaction()
    return Satisfaction(
        n=sum(known.values()),
        satisfied=sum(n for rating, n in known.items() if rating in scale.satisfied),
        bad=sum(n for rating, n in known.items() if rating in scale.bad),
        points=sum(n * weights[rating] for rating, n in known.items()),
        scales=frozenset({scale.id}),
    )


def nps_ratings(answers: Answers, scales: Mapping[int, Scale]) -> dict[int, int]:
    """The ratings 0–10 given on NPS questions only."""
    ratings: dict[int, int] = {}
    for question_no, given in answers.items():
        scale = scales.get(question_no)
        if scale is not None and scale.id == NPS_SCALE:
            for rating, n in given.items():
                ratings[rating] = ratings.get(rating, 0) + n
    return ratings
