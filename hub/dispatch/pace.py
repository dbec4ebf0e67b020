"""How many requests a provider takes, and when letters are better joined into one; pure.

In: when requests were sent to a sink lately, how many letters wait. Out: how many letters the next request
carries, or when to ask again. Counted from the store, so neither a restart nor a second worker forgets one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`most` requests within any `window` ms; from `calm` of them on, waiting letters are joined."""

    most: int
    window: int
    calm: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The next request carries up to `take` letters; 0: not before `ask_at`."""

    take: int
    ask_at: int = 0


def plan(pace: Pace | None, sent_ats: Sequence[int], waiting: int, now: int) -> Plan:
    """Decide on the next request; times in milliseconds UTC.

    While few requests went out lately each letter goes alone, so that people read one matter a message. Near
    the limit all that wait go together: 60 letters at once never need more than the limit allows.
    """
    if pace is None:
        return Plan(min(waiting, 1))
    lately = sorted(at for at in sent_ats if at > now - pace.window)
    if len(lately) >= pace.most:
        return Plan(0, lately[len(lately) - pace.most] + pace.window)
    return Plan(waiting if len(lately) >= pace.calm else min(waiting, 1))
