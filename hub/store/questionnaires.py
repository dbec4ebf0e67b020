"""Questionnaires and the questions that taps answer. In: a connection. Out: questionnaires, rows.

A questionnaire is never edited in place: `publish` adds a revision. Taps name `id@revision`, the question and
the scale; those three are kept once and taps carry their number.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from hub.store import touchpoints
from hub.store.schema import questionnaires, questions
from hub.store.upsert import insert_into
from link import questionnaire as model
from link.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What a `question_no` stands for; `questionnaire` is `id@revision`."""

    question_no: int
    questionnaire: str
    question: str
    scale: str


def publish(connection: Connection, questionnaire: Questionnaire, now: int) -> Questionnaire:
    """Keep it as the next revision of its id and return it so; what is already the latest stays as it is.

    The revision that `questionnaire` carries is not looked at. Raises BadQuestionnaire.
    """
    newest = latest(connection, questionnaire.id)
    number = newest.revision if newest else 1
    same = msgspec.structs.replace(questionnaire, revision=number)
    if newest is not None and same == newest:
        return newest
    published = msgspec.structs.replace(questionnaire, revision=number + 1 if newest else 1)
    body = model.encode(published)
    model.decode(body)
    row = {"questionnaire_id": published.id, "revision": published.revision, "body": body.decode()}
    connection.execute(questionnaires.insert().values(**row, created_at=now))
    return published


def latest(connection: Connection, questionnaire_id: str) -> Questionnaire | None:
    """The newest revision, or None when the id is not known."""
    query = (
        select(questionnaires.c.body)
        .where(questionnaires.c.questionnaire_id == questionnaire_id)
        .order_by(questionnaires.c.revision.desc())
        .limit(1)
    )
    body = connection.execute(query).scalar_one_or_none()
    return None if body is None else model.decode(body)


def by_name(connection: Connection, name: str) -> Questionnaire | None:
    """The revision that taps call `name` (`id@revision`), or None when this hub never published it."""
    questionnaire_id, _, revision = name.rpartition("@")
    if not revision.isascii() or not revision.isdecimal() or len(revision) > 9:
        return None
    body = connection.execute(
        select(questionnaires.c.body).where(
            questionnaires.c.questionnaire_id == questionnaire_id,
            questionnaires.c.revision == int(revision),
        )
    ).scalar_one_or_none()
    return None if body is None else model.decode(body)


def every(connection: Connection) -> list[Questionnaire]:
    """The newest revision of each, by id."""
    query = select(questionnaires.c.questionnaire_id).distinct().order_by(questionnaires.c.questionnaire_id)
    found = (latest(connection, name) for name in connection.execute(query).scalars())
    return [questionnaire for questionnaire in found if questionnaire is not None]


def effective_for(connection: Connection, touchpoint_id: int) -> Questionnaire | None:
    """What is asked at a touchpoint: its own questionnaire, else the nearest one above it, else None."""
    for node in reversed(touchpoints.path(connection, touchpoint_id)):
        if node.questionnaire_id is not None:
            return latest(connection, node.questionnaire_id)
    return None


def question_no(connection: Connection, questionnaire: str, question: str, scale: str) -> int:
    """The number of (questionnaire `id@revision`, question, scale), given on first sight; may write."""
    key = {"questionnaire": questionnaire, "question": question, "scale": scale}
    query = select(questions.c.question_no).where(
        questions.c.questionnaire == questionnaire,
        questions.c.question == question,
        questions.c.scale == scale,
    )
    number = connection.execute(query).scalar_one_or_none()
    if number is None:
        connection.execute(insert_into(connection, questions).values(**key).on_conflict_do_nothing())
        number = connection.execute(query).scalar_one()
    return int(number)


def questions_by_no(connection: Connection) -> dict[int, QuestionRow]:
    """Every question that was ever answered, by its number."""
    rows = connection.execute(select(questions))
    return {row.question_no: QuestionRow(**row._mapping) for row in rows}
