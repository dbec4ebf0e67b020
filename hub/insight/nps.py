"""Net Promoter Score of answers from 0 to 10, with its interval; pure.

In: how often each rating was given on an 0–10 question (never taps on faces). Out: score and interval,
−100 to 100. Interval: adjusted Wald (n + 3, ¾ added to promoters and to detractors), the best of those
compared by Rocks (2016), The American Statistician 70, 365.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from hub.insight.intervals import Z95, Interval

PROMOTER_FROM = 9
DETRACTOR_UPTO = 6


@dataclass(frozen=True, slots=True)
class Nps:
    """How many of each kind; every figure follows from these three."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """How many answered."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """100 × (share of promoters − share of detractors); ZeroDivisionError without an answer."""
        return 100 * (self.promoters - self.detractors) / self.n

    @property
    def interval(self) -> Interval:
        """95 % adjusted Wald interval, kept within −100 to 100."""
        score, error = self._adjusted()
        return Interval(max(-100.0, score - Z95 * error), min(100.0, score + Z95 * error))

    def _adjusted(self) -> tuple[float, float]:
        n = self.n + 3
        p, d = (self.promoters + 0.75) / n, (self.detractors + 0.75) / n
        return 100 * (p - d), 100 * sqrt(variance(p, d, n))

    def change_since(self, before: Nps) -> Interval:
        """95 % interval of this score minus the one `before`: the two errors add as squares."""
        score, error = self._adjusted()
        score_before, error_before = before._adjusted()
        spread = Z95 * sqrt(error**2 + error_before**2)
        return Interval(score - score_before - spread, score - score_before + spread)


def variance(p: float, d: float, n: float) -> float:
    """Variance of p − d over n answers: (p + d − (p − d)²) / n."""
    return (p + d - (p - d) ** 2) / n


def count(ratings: Mapping[int, int]) -> Nps:
    """Sort ratings 0–10 (rating → how often) into the three kinds; ValueError outside 0–10."""
    if any(not 0 <= rating <= 10 for rating in ratings):
        raise ValueError("NPS is asked from 0 to 10")
    promoters = sum(n for rating, n in ratings.items() if rating >= PROMOTER_FROM)
    detractors = sum(n for rating, n in ratings.items() if rating <= DETRACTOR_UPTO)
    return Nps(promoters, sum(ratings.values()) - promoters - detractors, detractors)
