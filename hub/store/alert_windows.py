"""Alert windows: fresh answers counted by touchpoint in slots of 5 s. In: a connection. Out: counts.

The watch adds the taps of each batch once, in the transaction that marks the batch done, and takes back what
others replace; so a rule reads a few rows instead of scanning taps, and a restart finds the window as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, func, select, text

from hub.alerts.rules import SLOT_MS, Answer, Counts
from hub.store import amendments, questionnaires
from hub.store.batches import BatchRow
from hub.store.database import Connection
from hub.store.schema import alert_windows, taps
from hub.store.tap_kinds import UNCOUNTED
from hub.store.upsert import insert_into
from link.questionnaire import SCALES

_SAME_COMMIT = "taps.xmin = (SELECT one.xmin FROM taps AS one WHERE one.tap_id = :first_of_batch)"
"""On PostgreSQL several intakes draw ids at once: a batch's range of ids may hold taps of other batches."""


def answers(connection: Connection, batch: BatchRow, oldest: int) -> list[Answer]:
    """What was answered in the taps of one batch, made at `oldest` or later; no test taps, no bursts."""
    slot = (taps.c.tapped_at // SLOT_MS).label("slot")
    query = (
        select(taps.c.touchpoint_id, slot, taps.c.question_no, taps.c.rating, func.count())
        .where(
            taps.c.tap_id.between(batch.first_tap_id, batch.last_tap_id), taps.c.touchpoint_id.is_not(None)
        )
        .where(taps.c.tapped_at >= oldest, taps.c.flags.bitwise_and(UNCOUNTED) == 0)
        .group_by(taps.c.touchpoint_id, slot, taps.c.question_no, taps.c.rating)
    )
    if connection.dialect.name == "postgresql":
        query = query.where(text(_SAME_COMMIT).bindparams(first_of_batch=batch.first_tap_id))
    return [Answer(*row) for row in connection.execute(query)]


def taken_back(connection: Connection, oldest: int) -> list[Answer]:
    """What others have replaced since the last time, made at `oldest` or later: each is one answer less.

    `answers` gives every tap of a batch, replaced or not: which of both is read first does not matter.
    """
    return [
        Answer(one.touchpoint_id, one.tapped_at // SLOT_MS, one.question_no, one.rating, -1)
        for one in amendments.tell(connection)
        if one.touchpoint_id is not None and one.tapped_at >= oldest and not one.flags & UNCOUNTED
    ]


def add(connection: Connection, counts: Mapping[tuple[int, int], Counts]) -> None:
    """Add counts by (touchpoint_id, slot) to what is there."""
    if not counts:
        return
    statement = insert_into(connection, alert_windows)
    new = statement.excluded
    both = {"n": alert_windows.c.n + new.n, "bad": alert_windows.c.bad + new.bad}
    rows = [
        {"touchpoint_id": touchpoint, "slot": slot, "n": found.n, "bad": found.bad}
        for (touchpoint, slot), found in sorted(counts.items())
    ]
    keys = [alert_windows.c.touchpoint_id, alert_windows.c.slot]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=both), rows)


def counted(connection: Connection, touchpoint_ids: Collection[int], first_slot: int) -> dict[int, Counts]:
    """touchpoint_id → answers from `first_slot` on; one without any is left out."""
    c = alert_windows.c
    query = (
        select(c.touchpoint_id, func.sum(c.n), func.sum(c.bad))
        .where(c.touchpoint_id.in_(touchpoint_ids), c.slot >= first_slot)
        .group_by(c.touchpoint_id)
    )
    return {row[0]: Counts(int(row[1]), int(row[2])) for row in connection.execute(query)}


def touched(connection: Connection, first_slot: int) -> set[int]:
    """Every touchpoint with an answer from `first_slot` on."""
    query = select(alert_windows.c.touchpoint_id).where(alert_windows.c.slot >= first_slot).distinct()
    return set(connection.execute(query).scalars())


def bad_ratings(connection: Connection, question_nos: Collection[int]) -> dict[int, frozenset[int]]:
    """question_no → the ratings that count as bad, as the question's own revision says, else as its scale.

    A question whose scale nobody knows has none: it is counted and never alarms.
    """
    asked = questionnaires.questions_by_no(connection)
    return {number: _bad(connection, asked[number]) for number in question_nos if number in asked}


def prune(connection: Connection, first_slot: int) -> None:
    """Forget what is older than `first_slot`."""
    connection.execute(delete(alert_windows).where(alert_windows.c.slot < first_slot))


def _bad(connection: Connection, asked: questionnaires.QuestionRow) -> frozenset[int]:
    questionnaire = questionnaires.by_name(connection, asked.questionnaire)
    for question in questionnaire.questions if questionnaire else ():
        if question.id == asked.question and question.scale.id == asked.scale:
            return frozenset(question.scale.bad)
    return frozenset(SCALES[asked.scale].bad) if asked.scale in SCALES else frozenset()
