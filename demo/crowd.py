"""How a crowd of owners taps: how often, at which hour, how satisfied; pure.

In: a touchpoint's character and a source of chance (an argument, so that the same seed gives the same crowd).
Out: moments and ratings on five faces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SHANGHAI_MS = 8 * HOUR_MS

BY_HOUR = (1, 0.5, 0.3, 0.2, 0.3, 1, 4, 10, 12, 7, 5, 6, 8, 6, 5, 5, 6, 9, 13, 11, 8, 6, 4, 2)
"""Weight of each hour of the day: people leave at eight and come home at six."""

CONTENT = (0.02, 0.04, 0.12, 0.38, 0.44)
UPSET = (0.34, 0.30, 0.18, 0.12, 0.06)


class Chance(Protocol):
    """A source of chance; `random.Random` is one."""

    def random(self) -> float:
        """A number in [0, 1)."""

    def gauss(self, mu: float, sigma: float, /) -> float:
        """A normally distributed number."""

    def expovariate(self, lambd: float, /) -> float:
        """An exponentially distributed number."""

    def randrange(self, stop: int, /) -> int:
        """A whole number in [0, stop)."""

    def choices(self, population: Sequence[int], weights: Sequence[float], /) -> list[int]:
        """One of the population, by weight, in a list."""


@dataclass(frozen=True, slots=True)
class Character:
    """What a touchpoint is like: taps a day, share of upset people, and a bad spell with its worse share."""

    taps_a_day: float
    upset: float
    spell_from_day: int = -1
    spell_until_day: int = -1
    spell_upset: float = 0.0
    upset_now: float | None = None
    """Share of upset people while the demo runs, when it differs from today's."""

    def upset_on(self, day: int) -> float:
        """The share of upset people `day` days before today."""
        in_spell = self.spell_until_day <= day <= self.spell_from_day
        return self.spell_upset if in_spell else self.upset


@dataclass(frozen=True, slots=True)
class Moment:
    """One tap to be: when, and the raw value on its scale."""

    at: int
    rating: int


def rating(upset: float, chance: Chance) -> int:
    """One person's rating, 1 (worst) to 5, when a share of `upset` people is unhappy."""
    weights = UPSET if chance.random() < upset else CONTENT
    return chance.choices((1, 2, 3, 4, 5), weights)[0]


def recommendation(upset: float, chance: Chance) -> int:
    """One person's answer, 0 to 10, to whether they would recommend the service."""
    middle = 4.0 if chance.random() < upset else 9.0
    return min(10, max(0, round(chance.gauss(middle, 1.6))))


def history(
    character: Character,
    days: int,
    now: int,
    chance: Chance,
    answer: Callable[[float, Chance], int] = rating,
) -> list[Moment]:
    """The taps of the last `days` days before `now` (ms), oldest first."""
    found: list[Moment] = []
    for ago in range(days, -1, -1):
        found += _one_day(character, ago, now, chance, answer)
    return sorted(found, key=lambda moment: moment.at)


def _one_day(
    character: Character, ago: int, now: int, chance: Chance, answer: Callable[[float, Chance], int]
) -> Iterator[Moment]:
    midnight = (now + SHANGHAI_MS) // DAY_MS * DAY_MS - SHANGHAI_MS - ago * DAY_MS
    weekend = (midnight + SHANGHAI_MS) // DAY_MS % 7 in (2, 3)  # 1970-01-01 was a Thursday
    expected = character.taps_a_day * (1.25 if weekend else 1.0)
    for _ in range(max(0, round(chance.gauss(expected, expected**0.5)))):
        hour = chance.choices(range(24), BY_HOUR)[0]
        at = midnight + hour * HOUR_MS + chance.randrange(HOUR_MS)
        if at < now:
            yield Moment(at, answer(character.upset_on(ago), chance))


def pause(average_s: float, chance: Chance) -> float:
    """Seconds until the next person comes, when one comes each `average_s` on average; at least 0.4."""
    return max(0.4, chance.expovariate(1 / average_s))
