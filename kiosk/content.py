"""What the hub's config means for this screen; pure.

In: a `Config` off the line or out of memory. Out: an `Ask` that can be drawn, or BadQuestionnaire.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from link import questionnaire
from link.messages import Config
from link.questionnaire import BadQuestionnaire, Question, Text

NOTHING = b"null"
"""A config without a questionnaire: the terminal is known, but stands nowhere yet."""

LONGEST = 64
"""Characters in the longest name that a tap can carry."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as it is put to people here."""

    questionnaire: str
    """`id@revision`, as taps carry it."""
    question: Question
    name: Text = field(default_factory=dict)
    """The touchpoint: 3 号楼大堂."""
    place: Text = field(default_factory=dict)
    """Where it is: 云栖花园."""
    languages: tuple[str, ...] = ("zh-CN", "en")


def ask_from(config: Config) -> Ask | None:
    """What this config asks; None when it asks nothing. Raises BadQuestionnaire."""
    raw = bytes(config.questionnaire)
    if raw == NOTHING:
        return None
    asked = questionnaire.decode(raw)
    question = asked.questions[0]
    if not config.languages:
        raise BadQuestionnaire("languages: at least one is needed")
    for place, name in (("id", asked.name), ("question", question.id), ("scale", question.scale.id)):
        if not 1 <= len(name) <= LONGEST:
            raise BadQuestionnaire(f"{place}: {name!r} has not between 1 and {LONGEST} characters")
    words = config.touchpoint
    return Ask(
        asked.name,
        question,
        {"zh-CN": words.get("name", ""), "en": words.get("name_en", "")},
        {"zh-CN": words.get("place", ""), "en": words.get("place_en", "")},
        config.languages,
    )


def texts(ask: Ask) -> tuple[str, ...]:
    """Every wording of the hub's that this screen may draw, for the check of the font."""
    found: list[Text] = [ask.name, ask.place, ask.question.words]
    found += [level.words for level in ask.question.scale.levels]
    found += [reason.words for reason in ask.question.reasons]
    return tuple(text for words in found for text in words.values())
