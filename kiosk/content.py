"""What the hub's config means for this screen; pure.

In: a `Config` off the line or out of memory. Out: a `Plan` that can be drawn, or BadConfig that says where
it is wrong. Nothing of a broken config comes into force.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from kiosk.faces import FACES
from link import kiosk_settings, questionnaire
from link.kiosk_settings import BadSettings, KioskSettings
from link.messages import Card, Config
from link.questionnaire import BadQuestionnaire, Question, Text

NOTHING = b"null"
"""A config without a questionnaire: the terminal is known, but stands nowhere yet."""

LONGEST = 64
"""Characters in the longest name that a tap can carry."""
DRAWN = frozenset({*FACES, "star", "none"})
"""What can stand for an answer."""


class BadConfig(ValueError):
    """The config cannot be brought into force; the message begins with the part that is wrong."""


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

    @property
    def id(self) -> str:
        """The questionnaire without its revision, as turns name it."""
        return self.questionnaire.rpartition("@")[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a config means for this screen."""

    asks: tuple[Ask, ...] = ()
    """The touchpoint's own question first, then those that turns may name; empty: nothing is asked."""
    settings: KioskSettings = field(default_factory=KioskSettings)
    label: str = ""
    survey_url: str = ""
    hub_url: str = ""
    hotline: str = ""
    lift_code: str = ""
    cards: tuple[Card, ...] = ()

    def ask(self, name: str | None) -> Ask | None:
        """The question of a questionnaire (id without revision); None: the touchpoint's own."""
        own = self.asks[0] if self.asks else None
        return next((one for one in self.asks if one.id == name), own)

    @property
    def names(self) -> frozenset[str]:
        """Ids of all questionnaires that can be asked."""
        return frozenset(one.id for one in self.asks)


def plan_from(config: Config) -> Plan:
    """What this config means. Raises BadConfig."""
    try:
        own = ask_from(config)
    except BadQuestionnaire as error:
        raise BadConfig(f"questionnaire: {error}") from error
    try:
        settings = kiosk_settings.decode(bytes(config.settings))
    except BadSettings as error:
        raise BadConfig(f"settings: {error}") from error
    asks = (own, *_more(config)) if own else ()
    for place, address in (("survey_url", config.survey_url), ("hub_url", config.hub_url)):
        if address and not address.startswith(("http://", "https://")):
            raise BadConfig(f"{place}: {address!r} is no web address")
    return Plan(
        asks,
        settings,
        config.touchpoint.get("label", ""),
        config.survey_url,
        config.hub_url.rstrip("/"),
        config.hotline,
        config.lift_code,
        config.cards,
    )


def _more(config: Config) -> tuple[Ask, ...]:
    found = []
    for number, raw in enumerate(config.more_questionnaires):
        try:
            ask = ask_from(msgspec.structs.replace(config, questionnaire=raw))
        except BadQuestionnaire as error:
            raise BadConfig(f"more_questionnaires[{number}]: {error}") from error
        if ask is None:
            raise BadConfig(f"more_questionnaires[{number}]: empty")
        found.append(ask)
    return tuple(found)


def ask_from(config: Config) -> Ask | None:
    """What the touchpoint's own questionnaire asks; None when there is none. Raises BadQuestionnaire."""
    raw = bytes(config.questionnaire)
    if raw == NOTHING:
        return None
    asked = questionnaire.decode(raw)
    question = asked.questions[0]
    if not config.languages:
        raise BadQuestionnaire("languages: at least one is needed")
    _check(asked.name, question)
    words = config.touchpoint
    return Ask(
        asked.name,
        question,
        {"zh-CN": words.get("name", ""), "en": words.get("name_en", "")},
        {"zh-CN": words.get("place", ""), "en": words.get("place_en", "")},
        config.languages,
    )


def _check(asked: str, question: Question) -> None:
    names = [("id", asked), ("question", question.id), ("scale", question.scale.id)]
    names += [(f"reasons[{number}]", reason.id) for number, reason in enumerate(question.reasons)]
    for place, name in names:
        if not 1 <= len(name) <= LONGEST:
            raise BadQuestionnaire(f"{place}: {name!r} has not between 1 and {LONGEST} characters")
    if len({reason.id for reason in question.reasons}) < len(question.reasons):
        raise BadQuestionnaire("reasons: two of them have the same id")
    for number, level in enumerate(question.scale.levels):
        if level.face not in DRAWN:
            raise BadQuestionnaire(f"levels[{number}]: there is no face {level.face!r}")


def texts(ask: Ask) -> tuple[str, ...]:
    """Every wording of the question that this screen may draw, for the check of the font."""
    found: list[Text] = [ask.name, ask.place, ask.question.words]
    found += [level.words for level in ask.question.scale.levels]
    found += [reason.words for reason in ask.question.reasons]
    return tuple(text for words in found for text in words.values())


def plan_texts(plan: Plan) -> tuple[str, ...]:
    """Every wording of the hub's that this screen may draw."""
    cards = (text for card in plan.cards for words in (card.said, card.done) for text in words.values())
    return (*(text for ask in plan.asks for text in texts(ask)), *cards, plan.hotline, plan.lift_code)
