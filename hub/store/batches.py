"""Batches: one row a commit of the intake, by which the alert rules learn what is new. In: ids. Out: rows.

A batch is claimed by a lease: of several processes one works on it, and another takes over when it dies.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, or_, select, update

from hub.store.schema import batches
from hub.store.upsert import new_row


@dataclass(frozen=True, slots=True)
class BatchRow:
    """The taps of one commit: `first_tap_id` to `last_tap_id`; `taps.between` reads the counted ones."""

    batch_id: int
    first_tap_id: int
    last_tap_id: int
    committed_at: int


def add(connection: Connection, first_tap_id: int, last_tap_id: int, now: int) -> int:
    """Note one commit, in its own transaction; return the batch_id."""
    row = {"first_tap_id": first_tap_id, "last_tap_id": last_tap_id, "committed_at": now}
    return new_row(connection, batches, **row)


def claim(
    connection: Connection, owner: str, now: int, *, lease_for_ms: int, limit: int = 100
) -> list[BatchRow]:
    """Take the oldest batches neither done nor held, for `lease_for_ms`. Needs a writing connection."""
    free = or_(batches.c.lease_until.is_(None), batches.c.lease_until <= now)
    wanted = select(batches.c.batch_id).where(batches.c.done_at.is_(None), free)
    wanted = wanted.order_by(batches.c.batch_id).limit(limit).with_for_update(skip_locked=True)
    taken = (
        update(batches)
        .where(batches.c.batch_id.in_(wanted.scalar_subquery()))
        .values(lease_owner=owner, lease_until=now + lease_for_ms)
        .returning(batches.c.batch_id, batches.c.first_tap_id, batches.c.last_tap_id, batches.c.committed_at)
    )
    return sorted((BatchRow(*row) for row in connection.execute(taken)), key=lambda row: row.batch_id)


def settle(connection: Connection, owner: str, batch_ids: list[int], now: int) -> int:
    """Set these batches done, those of them that `owner` still holds; return how many."""
    mine = (batches.c.batch_id.in_(batch_ids), batches.c.lease_owner == owner, batches.c.done_at.is_(None))
    return connection.execute(update(batches).where(*mine).values(done_at=now)).rowcount


def waiting(connection: Connection) -> int:
    """How many batches nobody has done yet."""
    return connection.execute(
        select(func.count()).select_from(batches).where(batches.c.done_at.is_(None))
    ).scalar_one()


def prune(connection: Connection, done_before: int) -> int:
    """Forget batches done before an instant; return how many."""
    return connection.execute(delete(batches).where(batches.c.done_at < done_before)).rowcount
