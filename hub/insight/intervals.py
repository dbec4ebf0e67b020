"""How sure a share is: Wilson's interval, and Newcombe's for the difference of two shares; pure.

In: counts. Out: intervals as shares, 0 to 1. They cover chance only: who chose to answer is not in them.
Sources: Wilson (1927), J. Am. Stat. Assoc. 22, 209; Newcombe (1998), Stat. Med. 17, 857 (method 3) and
873 (method 10).
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


class Interval(NamedTuple):
    """Lower and upper end, both included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether `value` lies inside."""
        return self.low <= value <= self.high


def wilson(hits: int, n: int, z: float = Z95) -> Interval:
    """Wilson's score interval of the share hits / n; ValueError unless 0 ≤ hits ≤ n and n ≥ 1."""
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    share = hits / n
    middle = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if hits == 0 else (middle - spread) / scale
    high = 1.0 if hits == n else (middle + spread) / scale
    return Interval(low, high)


def difference(hits: int, n: int, hits_before: int, n_before: int, z: float = Z95) -> Interval:
    """Newcombe's interval of hits / n − hits_before / n_before, −1 to 1."""
    now, before = wilson(hits, n, z), wilson(hits_before, n_before, z)
    share, share_before = hits / n, hits_before / n_before
    return Interval(
        share - share_before - sqrt((share - now.low) ** 2 + (before.high - share_before) ** 2),
        share - share_before + sqrt((now.high - share) ** 2 + (share_before - before.low) ** 2),
    )
