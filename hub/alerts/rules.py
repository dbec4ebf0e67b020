"""When a share of bad answers opens an alert, keeps it open, and closes it; pure.

In: a rule's setting, the counts of its window, the open alert if there is one, when the last one closed.
Out: one verdict. Judged anew each time from the counts alone, so a restart or a lost wake-up changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

KIND = "bad_share"
SLOT_MS = 5_000
"""Fresh taps are counted in slots of this length; a window is a whole number of slots."""

Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[int, Meta(ge=60, le=86_400)]


class BadSetting(ValueError):
    """The setting of an alert rule cannot be used; the message says why."""


class BadShare(Struct, frozen=True):
    """Fire at `share` bad of at least `min_answers` within `window_s`; close at `clear_share` or in silence.

    Between the two shares an open alert stays open (hysteresis). After closing, none opens for `cooldown_s`.
    """

    share: Annotated[float, Meta(gt=0, le=1)] = 0.5
    min_answers: Annotated[int, Meta(ge=1, le=10_000)] = 4
    window_s: Seconds = 15 * 60
    clear_share: Share = 0.3
    cooldown_s: Annotated[int, Meta(ge=0, le=7 * 86_400)] = 30 * 60


class Counts(NamedTuple):
    """Answers in the window: all, and the bad ones among them."""

    n: int
    bad: int


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """The alert that is open for this rule at this touchpoint, with the counts it last showed."""

    alert_id: int
    opened_at: int
    counts: Counts


class Answer(NamedTuple):
    """How many times a rating was given to a question at a touchpoint within one slot."""

    touchpoint_id: int
    slot: int
    question_no: int
    rating: int
    many: int


class Verdict(StrEnum):
    """What is to happen now."""

    FIRE = "fire"
    HOLD = "hold"
    RESOLVE = "resolve"
    NOTHING = "nothing"


def judge(
    setting: BadShare, window: Counts, alert: OpenAlert | None, last_closed_at: int | None, now: int
) -> Verdict:
    """Judge one rule at one touchpoint; times in milliseconds UTC.

    An open alert is closed by an empty window, or by a share at or under `clear_share` of enough answers:
    one friendly tap after a quarter of an hour of silence is no recovery.
    """
    enough = window.n >= setting.min_answers
    if alert is not None:
        cleared = window.n == 0 or (enough and window.bad / window.n <= setting.clear_share)
        return Verdict.RESOLVE if cleared else Verdict.HOLD
    cooling = last_closed_at is not None and now - last_closed_at < setting.cooldown_s * 1_000
    if enough and not cooling and window.bad / window.n >= setting.share:
        return Verdict.FIRE
    return Verdict.NOTHING


def read_setting(stored: object) -> BadShare:
    """The setting from its JSON object; raise BadSetting naming what is wrong."""
    try:
        setting = msgspec.convert(stored, BadShare)
    except msgspec.ValidationError as error:
        raise BadSetting(str(error)) from error
    if setting.clear_share >= setting.share:
        raise BadSetting(f"clear_share {setting.clear_share} must be lower than share {setting.share}")
    return setting


def first_slot(setting: BadShare, now: int) -> int:
    """The oldest slot wholly inside the window that ends at `now`: what is older counts no more."""
    return -((setting.window_s * 1_000 - now) // SLOT_MS)


def tally(answers: Iterable[Answer], bad: Mapping[int, Collection[int]]) -> dict[tuple[int, int], Counts]:
    """Fold answers into counts by (touchpoint, slot); `bad` holds the bad ratings of each question."""
    found: dict[tuple[int, int], Counts] = {}
    for touchpoint, slot, question, rating, many in answers:
        n, so_far = found.get((touchpoint, slot), Counts(0, 0))
        is_bad = rating in bad.get(question, ())
        found[touchpoint, slot] = Counts(n + many, so_far + (many if is_bad else 0))
    return found
