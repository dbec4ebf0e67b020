"""What scores read: the hourly roll-up, cut by time, proof and touchpoint. In: a connection. Out: answers.

Never a raw tap, so that a score does not cost more when more was tapped. Hours are tapped_at // 3,600,000
(UTC); those of a period are `from_hour` ≤ hour < `until_hour`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from hub.store import questionnaires
from hub.store.schema import rollup, touchpoints
from link.questionnaire import SCALES, Scale

HOUR_MS = 3_600_000
Answers = dict[int, dict[int, int]]
"""question_no → rating → how often."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which answers: a period in hours, and the proof levels wanted (none given: all)."""

    from_hour: int
    until_hour: int
    proofs: tuple[int, ...] = ()


def by_touchpoint(connection: Connection, site_id: int, cut: Cut) -> dict[int, Answers]:
    """touchpoint_id → its own answers, of every touchpoint of a site that has some."""
    columns = (rollup.c.touchpoint_id, rollup.c.question_no, rollup.c.rating)
    query = select(*columns, func.sum(rollup.c.n).label("n")).join(
        touchpoints, touchpoints.c.touchpoint_id == rollup.c.touchpoint_id
    )
    found: dict[int, Answers] = {}
    for row in connection.execute(
        _cut(query.where(touchpoints.c.site_id == site_id), cut).group_by(*columns)
    ):
        found.setdefault(row.touchpoint_id, {}).setdefault(row.question_no, {})[row.rating] = int(row.n)
    return found


def by_hour(connection: Connection, touchpoint_ids: Collection[int], cut: Cut) -> dict[int, Answers]:
    """Hour → the answers of these touchpoints together."""
    columns = (rollup.c.hour, rollup.c.question_no, rollup.c.rating)
    query = select(*columns, func.sum(rollup.c.n).label("n"))
    query = query.where(rollup.c.touchpoint_id.in_(touchpoint_ids))
    found: dict[int, Answers] = {}
    for row in connection.execute(_cut(query, cut).group_by(*columns)):
        found.setdefault(row.hour, {}).setdefault(row.question_no, {})[row.rating] = int(row.n)
    return found


def by_proof(connection: Connection, touchpoint_ids: Collection[int], cut: Cut) -> dict[int, int]:
    """Proof → how many answers of these touchpoints."""
    query = select(rollup.c.proof, func.sum(rollup.c.n).label("n"))
    query = query.where(rollup.c.touchpoint_id.in_(touchpoint_ids))
    found = connection.execute(_cut(query, cut).group_by(rollup.c.proof))
    return {row.proof: int(row.n) for row in found}


def scales(connection: Connection) -> dict[int, Scale]:
    """question_no → the scale as its questionnaire's revision had it, else the one known by that name."""
    asked: dict[tuple[str, str], Scale] = {}
    rows = questionnaires.questions_by_no(connection)
    for name in {row.questionnaire for row in rows.values()}:
        questionnaire = questionnaires.by_name(connection, name)
        for question in questionnaire.questions if questionnaire else ():
            asked[name, question.id] = question.scale
    found: dict[int, Scale] = {}
    for number, row in rows.items():
        scale = asked.get((row.questionnaire, row.question)) or SCALES.get(row.scale)
        if scale is not None and scale.id == row.scale:
            found[number] = scale
        elif row.scale in SCALES:
            found[number] = SCALES[row.scale]
    return found


def _cut(query: Select[Any], cut: Cut) -> Select[Any]:
    query = query.where(rollup.c.hour >= cut.from_hour, rollup.c.hour < cut.until_hour)
    return query.where(rollup.c.proof.in_(cut.proofs)) if cut.proofs else query
