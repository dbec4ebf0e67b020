"""Forms: one-time form ids that were used, and the taps that came of them. In: a connection. Out: rows.

The intake writes a form id in the transaction of its tap; this file only reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, select

from hub.store.schema import forms, questions, taps


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A tap as the person who made it may see it again; `questionnaire` is `id@revision`."""

    tap_id: int
    touchpoint_id: int | None
    questionnaire: str
    question: str
    scale: str
    rating: int
    received_at: int


def find(connection: Connection, form_id: str) -> AnswerRow | None:
    """The answer for which this form id was used, or None: it is still unused."""
    query = _answers().join(forms, forms.c.tap_id == taps.c.tap_id).where(forms.c.form_id == form_id)
    return _row(connection.execute(query).one_or_none())


def answer(connection: Connection, tap_id: int) -> AnswerRow | None:
    """The answer that is this tap, or None."""
    return _row(connection.execute(_answers().where(taps.c.tap_id == tap_id)).one_or_none())


def _answers() -> Select[tuple[object, ...]]:
    return select(
        taps.c.tap_id,
        taps.c.touchpoint_id,
        questions.c.questionnaire,
        questions.c.question,
        questions.c.scale,
        taps.c.rating,
        taps.c.received_at,
    ).join_from(taps, questions, taps.c.question_no == questions.c.question_no)


def _row(found: Row[tuple[object, ...]] | None) -> AnswerRow | None:
    return None if found is None else AnswerRow(**found._mapping)
