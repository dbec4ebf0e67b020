"""What the survey page shows, put into words and shapes; pure.

In: an offer, a question, ratings, a language. Out: the values that the templates print.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from hub.web import faces
from hub.web.words import Say
from link.questionnaire import Question, Reason, Scale, Text, say

_HAN = ("\u3400", "\u9fff")
_ROW_LEVELS, _ROW_CHARS = 5, 6
Layout = Literal["row", "tall", "keys"]
"""row: faces side by side, words under them · tall: one below the other on a phone · keys: bare numbers."""


@dataclass(frozen=True, slots=True)
class Where:
    """The head of a page: site, site and places in one line, and the touchpoint's name."""

    site: str
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: raw value, drawing, words, what stands at the end of a bare scale, chosen before."""

    value: int
    face: Markup
    words: Markup
    end: Markup
    kept: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One reason that can be ticked."""

    id: str
    words: str
    safety: bool
    chosen: bool


class Said(NamedTuple):
    """One answer with what was added to it, as it is shown to the one who gave it."""

    face: Markup
    choice: str
    bad: bool
    reasons: list[Chip]
    """Offered after a bad answer only."""
    comment: str
    added: bool
    added_text: str
    danger: bool
    """A ticked reason is about safety."""


class Told(NamedTuple):
    """One card, 您说我做: what owners said, what was done, and on which day."""

    said: str
    done: str
    day: str


def where(site_name: Text, places: Iterable[Text], touchpoint: Text, language: str) -> Where:
    """The head for a touchpoint; a place that says the same as the site or the touchpoint is left out."""
    site, name = say(site_name, language), say(touchpoint, language)
    path = [site]
    for place in (say(one, language) for one in places):
        if place not in (*path, name):
            path.append(place)
    return Where(site, " · ".join(path), name)


def layout(scale: Scale, language: str) -> Layout:
    """How the levels are laid out on a narrow screen; a wide one always has them in one row."""
    if any(level.face == "none" for level in scale.levels):
        return "keys"
    short = all(_is_short(say(level.words, language)) for level in scale.levels)
    return "row" if short and len(scale.levels) <= _ROW_LEVELS else "tall"


def choices(scale: Scale, language: str, words: Say, kept: int | None) -> list[Choice]:
    """The buttons, worst first, as on every kiosk and pad."""
    return [
        Choice(
            value=level.value,
            face=drawn(level.face),
            words=breakable(say(level.words, language)),
            end=breakable(_end(scale, level.value, words) if level.face == "none" else ""),
            kept=level.value == kept,
        )
        for level in scale.levels
    ]


def chips(reasons: Iterable[Reason], language: str, chosen: Iterable[str]) -> list[Chip]:
    """The reasons offered after a bad answer."""
    ticked = set(chosen)
    return [Chip(one.id, say(one.words, language), one.safety, one.id in ticked) for one in reasons]


def answer(question: Question, rating: int, reasons: tuple[str, ...], comment: str, language: str) -> Said:
    """An answer with ids of reasons and a comment; a rating that the scale does not have gets no face."""
    level = next((one for one in question.scale.levels if one.value == rating), None)
    bad = rating in question.scale.bad
    return Said(
        face=drawn(level.face if level else "none", 72),
        choice=say(level.words, language) if level else "",
        bad=bad,
        reasons=chips(question.reasons if bad else (), language, reasons),
        comment=comment,
        added=bool(reasons or comment),
        added_text=added_text(question, language, reasons, comment),
        danger=is_urgent(question, reasons),
    )


def told(said: Text, done: Text, day: int, language: str) -> Told:
    """A card in words; `day` is 20261123."""
    shown = f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}"
    return Told(say(said, language), say(done, language), shown)


def minute(at: int, timezone: str, language: str) -> str:
    """A time of the site to the minute: `2026年11月23日 21:13`, `23 Nov 2026, 21:13`."""
    there = datetime.fromtimestamp(at / 1000, ZoneInfo(timezone))
    if language == "en":
        return there.strftime("%-d %b %Y, %H:%M")
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"


def added_text(question: Question, language: str, reasons: Iterable[str], comment: str) -> str:
    """What was added to a tap, to be read again by the one who added it."""
    ticked = set(reasons)
    words = [say(one.words, language) for one in question.reasons if one.id in ticked]
    return "\n".join(filter(None, ((", " if language == "en" else "、").join(words), comment)))


def is_urgent(question: Question, reasons: Iterable[str] | None = None) -> bool:
    """Whether any reason (of the ticked ones, when given) is about safety."""
    ticked = None if reasons is None else set(reasons)
    return any(one.safety and (ticked is None or one.id in ticked) for one in question.reasons)


def breakable(words: str) -> Markup:
    """Four or more Chinese characters may break into two lines in their middle only: 非常|不满意."""
    if len(words) < 4 or not all(_HAN[0] <= char <= _HAN[1] for char in words):
        return escape(words)
    return Markup("{}<wbr>{}").format(words[: len(words) // 2], words[len(words) // 2 :])


def drawn(face: str, size: int = 60) -> Markup:
    """The drawing of a face, ready for a template."""
    return Markup(faces.svg(face, size))  # noqa: S704 our own drawing, looked up by name


def _is_short(words: str) -> bool:
    return len(words) <= _ROW_CHARS and all(_HAN[0] <= char <= _HAN[1] for char in words)


def _end(scale: Scale, value: int, words: Say) -> str:
    suffix = "_nps" if scale.id.startswith("nps") else ""
    values = scale.values()
    if value == values[0]:
        return words(f"ends.worst{suffix}")
    return words(f"ends.best{suffix}") if value == values[-1] else ""
