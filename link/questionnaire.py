"""What a touchpoint asks: question, scale, faces, reasons, wordings; pure.

In: the JSON of a questionnaire (from the hub's store or from a config off the line). Out: a checked value
that kiosk, survey page and scores share. A questionnaire is never edited in place: each change is a new
revision.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Text = dict[str, str]
"""A wording in several languages: {"zh-CN": "满意", "en": "Satisfied"}."""


class BadQuestionnaire(ValueError):
    """The questionnaire cannot be asked; the message says where it is wrong."""


class Level(Struct, frozen=True):
    """One answer of a scale, worst first: its raw value, its words, the face drawn for it, its weight."""

    value: Annotated[int, Meta(ge=0, le=10)]
    words: Text
    face: str
    """`very_bad`, `bad`, `fair`, `good`, `very_good`, or `none` for a bare key."""
    weight: Annotated[float, Meta(ge=0, le=100)]
    """满意度 of this level, 0 to 100."""


class Scale(Struct, frozen=True):
    """The answers that can be given. Which of them count as satisfied or as bad is a visible setting."""

    id: str
    levels: tuple[Level, ...]
    satisfied: tuple[int, ...]
    bad: tuple[int, ...]

    def values(self) -> tuple[int, ...]:
        """The raw values, worst first."""
        return tuple(level.value for level in self.levels)


class Reason(Struct, frozen=True, omit_defaults=True):
    """Why somebody was not satisfied; at most six are offered."""

    id: str
    words: Text
    safety: bool = False
    """Shows the emergency hotline at once and passes every limit."""


class Question(Struct, frozen=True):
    """One question with its scale and the reasons offered after a bad answer."""

    id: str
    words: Text
    scale: Scale
    reasons: tuple[Reason, ...] = ()


class Questionnaire(Struct, frozen=True):
    """What one touchpoint asks; `name` of a tap's questionnaire is `id@revision`."""

    id: str
    revision: Annotated[int, Meta(ge=1)]
    title: Text
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]

    @property
    def name(self) -> str:
        """The name that taps carry: `id@revision`."""
        return f"{self.id}@{self.revision}"


_decoder = msgspec.json.Decoder(Questionnaire)
_encoder = msgspec.json.Encoder()


def decode(data: bytes | str) -> Questionnaire:
    """Read and check a questionnaire; raise BadQuestionnaire naming the place."""
    try:
        questionnaire = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadQuestionnaire(str(error)) from error
    for question in questionnaire.questions:
        _check(question)
    return questionnaire


def encode(questionnaire: Questionnaire) -> bytes:
    """The JSON of a questionnaire."""
    return _encoder.encode(questionnaire)


def _check(question: Question) -> None:
    values = question.scale.values()
    if len(values) < 2 or len(set(values)) != len(values):
        raise BadQuestionnaire(f"question {question.id}: a scale needs at least two different values")
    for name, chosen in (("satisfied", question.scale.satisfied), ("bad", question.scale.bad)):
        if not set(chosen) <= set(values):
            raise BadQuestionnaire(
                f"question {question.id}: {name} names a value that the scale does not have"
            )
    if set(question.scale.satisfied) & set(question.scale.bad):
        raise BadQuestionnaire(f"question {question.id}: a value cannot be satisfied and bad at once")
    if len(question.reasons) > 6:
        raise BadQuestionnaire(
            f"question {question.id}: {len(question.reasons)} reasons; at most 6 are offered"
        )


def say(text: Text, language: str) -> str:
    """The wording in `language`, else in zh-CN, else any; empty when there is none."""
    return text.get(language) or text.get("zh-CN") or next(iter(text.values()), "")


def _level(value: int, zh: str, en: str, face: str, weight: float) -> Level:
    return Level(value, {"zh-CN": zh, "en": en}, face, weight)


FACES_5 = Scale(
    id="faces-5",
    levels=(
        _level(1, "非常不满意", "Very dissatisfied", "very_bad", 0),
        _level(2, "不满意", "Dissatisfied", "bad", 25),
        _level(3, "基本满意", "Fairly satisfied", "fair", 50),
        _level(4, "满意", "Satisfied", "good", 75),
        _level(5, "非常满意", "Very satisfied", "very_good", 100),
    ),
    satisfied=(4, 5),
    bad=(1, 2),
)
"""The default: worst on the left, 好差评's five words."""

FACES_4 = Scale(
    id="faces-4",
    levels=(
        _level(1, "很不满意", "Very unhappy", "very_bad", 0),
        _level(2, "不满意", "Unhappy", "bad", 100 / 3),
        _level(3, "满意", "Happy", "good", 200 / 3),
        _level(4, "很满意", "Very happy", "very_good", 100),
    ),
    satisfied=(3, 4),
    bad=(1, 2),
)


def _keys(scale_id: str, values: range, satisfied: range, bad: range) -> Scale:
    span = values[-1] - values[0]
    levels = tuple(_level(v, str(v), str(v), "none", 100 * (v - values[0]) / span) for v in values)
    return Scale(scale_id, levels, tuple(satisfied), tuple(bad))


KEYS_7 = _keys("keys-7", range(1, 8), range(6, 8), range(1, 4))
KEYS_10 = _keys("keys-10", range(1, 11), range(8, 11), range(1, 6))
NPS_11 = _keys("nps-11", range(11), range(9, 11), range(7))
"""0 is an answer. Satisfied are the promoters (9–10), bad the detractors (0–6)."""

SCALES: dict[str, Scale] = {scale.id: scale for scale in (FACES_5, FACES_4, KEYS_7, KEYS_10, NPS_11)}
