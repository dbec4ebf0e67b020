"""The roll-up: how often each rating was given, by touchpoint, hour (UTC), question and proof.

In: counts of taps just written, or just replaced by others. Out: sums, which every score reads. Test taps,
burst taps, taps made nowhere and taps that others replace are not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, Insert, bindparam, delete, func, select

from hub.store import amendments
from hub.store.amendments import Replaced
from hub.store.schema import rollup, taps, touchpoints
from hub.store.tap_kinds import UNCOUNTED
from hub.store.upsert import insert_of

HOUR = 3_600_000
"""Milliseconds."""
Key = tuple[int, int, int, int, int]
"""touchpoint_id, hour, question_no, proof, rating."""


class Count(NamedTuple):
    """How often one rating was given in the asked time."""

    touchpoint_id: int
    question_no: int
    proof: int
    rating: int
    n: int


def add(connection: Connection, counted: Counter[Key]) -> None:
    """Add taps written in this transaction, less those taken back (a negative count).

    In key order, so that two writers never wait in a circle.
    """
    rows = [
        {"touchpoint_id": t, "hour": hour, "question_no": q, "proof": proof, "rating": rating, "n": n}
        for (t, hour, q, proof, rating), n in sorted(counted.items())
        if n
    ]
    if not rows:
        return
    connection.execute(_adding(connection.dialect.name), rows)
    if min(counted.values()) < 0:
        _clear(connection, [key for key, n in sorted(counted.items()) if n < 0])


def counted_of(gone: Iterable[Replaced]) -> Counter[Key]:
    """How taps that others replace were counted."""
    return Counter(
        (one.touchpoint_id, one.tapped_at // HOUR, one.question_no, one.proof, one.rating)
        for one in gone
        if one.touchpoint_id is not None and not one.flags & UNCOUNTED
    )


def _clear(connection: Connection, keys: list[Key]) -> None:
    """Of ratings that were all taken back no row is left."""
    of_key = [column == bindparam(f"of_{column.name}") for column in rollup.primary_key.columns]
    names = [f"of_{column.name}" for column in rollup.primary_key.columns]
    gone = delete(rollup).where(*of_key, rollup.c.n == 0)
    connection.execute(gone, [dict(zip(names, key, strict=True)) for key in keys])


@cache
def _adding(dialect: str) -> Insert:
    statement = insert_of(dialect, rollup)
    return statement.on_conflict_do_update(
        index_elements=list(rollup.primary_key.columns), set_={"n": rollup.c.n + statement.excluded.n}
    )


def counts(
    connection: Connection,
    *,
    from_hour: int,
    to_hour: int,
    site_id: int | None = None,
    touchpoint_ids: Collection[int] | None = None,
) -> list[Count]:
    """Sums over the hours from `from_hour` until before `to_hour` (tapped_at // 3,600,000).

    Of one site, of some touchpoints, or of all.
    """
    keys = (rollup.c.touchpoint_id, rollup.c.question_no, rollup.c.proof, rollup.c.rating)
    query = select(*keys, func.sum(rollup.c.n)).where(rollup.c.hour >= from_hour, rollup.c.hour < to_hour)
    if site_id is not None:
        of_site = select(touchpoints.c.touchpoint_id).where(touchpoints.c.site_id == site_id)
        query = query.where(rollup.c.touchpoint_id.in_(of_site))
    if touchpoint_ids is not None:
        query = query.where(rollup.c.touchpoint_id.in_(touchpoint_ids))
    rows = connection.execute(query.group_by(*keys).order_by(*keys))
    return [Count(*row[:4], int(row[4])) for row in rows]


def recounted(connection: Connection) -> Counter[Key]:
    """What the roll-up must say, counted from the taps themselves; slow."""
    hour = (taps.c.tapped_at - taps.c.tapped_at % HOUR) / HOUR
    keys = (taps.c.touchpoint_id, hour, taps.c.question_no, taps.c.proof, taps.c.rating)
    query = select(*keys, func.count()).where(taps.c.flags.bitwise_and(UNCOUNTED) == 0)
    counted = query.where(taps.c.touchpoint_id.is_not(None), ~amendments.replaced())
    rows = connection.execute(counted.group_by(*keys))
    return Counter({(r[0], int(r[1]), r[2], r[3], r[4]): r[5] for r in rows})


def stored(connection: Connection) -> Counter[Key]:
    """What the roll-up says, whole."""
    return Counter({tuple(row[:5]): row[5] for row in connection.execute(select(rollup))})
