"""What a label offers to answer, looked up in the store.

In: a connection and a code as typed, scanned or signed. Out: an `Offer`, or `NotOffered` with the kind of
page that explains it. This is the only file of the survey page that reads labels and questionnaires.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.store import labels, questionnaires
from hub.store.database import Connection
from hub.store.labels import LabelRow
from hub.web.survey.form_ids import Asked
from link import label_code, slip_code
from link.label_code import BadCode
from link.questionnaire import Level, Question, Questionnaire, Text

STATUS = {"unknown": 404, "retired": 410, "unasked": 404, "gone": 404}
"""HTTP status by kind of page; a malformed code is 400."""


class NotOffered(Exception):
    """There is nothing to answer here; `kind` names the wording `wrong.<kind>`."""

    def __init__(self, kind: str, typed: str = "", name: Text | None = None, **values: str) -> None:
        super().__init__(f"{kind}: {typed}")
        self.kind = kind
        self.typed = typed
        self.status = STATUS.get(kind, 400)
        self.name = name
        """Name of the touchpoint, when the label led to one."""
        self.values = values


@dataclass(frozen=True, slots=True)
class Offer:
    """One label in use and the questionnaire of its touchpoint; the first question is asked."""

    label: LabelRow
    questionnaire: Questionnaire

    @property
    def question(self) -> Question:
        """The one question of the page."""
        return self.questionnaire.questions[0]

    @property
    def asked(self) -> Asked:
        """What the form will be signed for."""
        return Asked(self.label.code, self.label.touchpoint_id, self.questionnaire.name, self.question.id)


def code_of(text: str) -> str:
    """A label's code in normal form; raise NotOffered naming what is wrong. A pasted address is read too."""
    return _read(label_code.normalise, text)


def slip_of(text: str) -> str:
    """A slip's code in normal form; raise NotOffered naming what is wrong. A pasted address is read too."""
    return _read(slip_code.normalise, text)


def address_of(text: str) -> str:
    """Where a typed code leads: one as long as a slip's to its page, every other to a label's.

    Raises NotOffered.
    """
    if len(_read(label_code.plain, text)) == slip_code.LENGTH:
        return f"/s/{slip_of(text)}"
    return f"/t/{code_of(text)}"


def _read(normalise: Callable[[str], str], text: str) -> str:
    typed = text.strip().rstrip("/").rpartition("/")[2].partition("?")[0]
    try:
        return normalise(typed)
    except BadCode as wrong:
        raise NotOffered(
            wrong.fault, typed[:24], n=wrong.detail, letter=wrong.detail, code=_shown(wrong.detail)
        ) from wrong


def find(connection: Connection, code: str) -> Offer:
    """What the label of this (normal) code offers; raise NotOffered."""
    label = labels.find(connection, code)
    if label is None:
        raise NotOffered("unknown", code, code=label_code.show(code))
    if label.retired_at is not None:
        raise NotOffered("retired", code, label.touchpoint)
    questionnaire = questionnaires.effective_for(connection, label.touchpoint_id)
    if questionnaire is None:
        raise NotOffered("unasked", code, label.touchpoint)
    return Offer(label, questionnaire)


def question(connection: Connection, questionnaire: str, question_id: str) -> Question | None:
    """The question as it was in that revision (`id@revision`), or None."""
    found = questionnaires.by_name(connection, questionnaire)
    questions = found.questions if found else ()
    return next((one for one in questions if one.id == question_id), None)


def level(question: Question | None, rating: int) -> Level | None:
    """The level of the question's scale with this raw value, or None."""
    levels = question.scale.levels if question else ()
    return next((one for one in levels if one.value == rating), None)


def _shown(code: str) -> str:
    return label_code.show(code) if len(code) == label_code.LENGTH else code
