"""Quarantine: bytes that were not taken in, and why. In: what came off the line. Out: rows for people.

The same bytes of the same terminal are kept once, and of each terminal the newest 1,000.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from hub.store.schema import quarantine
from hub.store.upsert import new_row

UNREADABLE = "unreadable"
TOO_LARGE = "too_large"
VERSION = "version"
BAD_TAP = "bad_tap"
CONFLICT = "conflict"
UNKNOWN = "unknown"
STORES = "stores"
"""The terminal brought more new stores than any honest one does."""
REASONS = (UNREADABLE, TOO_LARGE, VERSION, BAD_TAP, CONFLICT, UNKNOWN, STORES)

MOST_OF_A_TERMINAL = 1_000


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One message or tap that was not taken in."""

    quarantine_id: int
    terminal_id: str
    topic: str
    reason: str
    detail: str
    payload: bytes
    received_at: int


def keep(
    connection: Connection,
    *,
    terminal_id: str,
    topic: str,
    reason: str,
    detail: str,
    payload: bytes,
    received_at: int,
) -> bool:
    """Keep the bytes; False when they are there already for this reason. Needs a writing connection."""
    mine = quarantine.c.terminal_id == terminal_id
    same = select(quarantine.c.quarantine_id).where(
        mine, quarantine.c.reason == reason, quarantine.c.payload == payload
    )
    if connection.execute(same.limit(1)).first() is not None:
        return False
    new_row(
        connection,
        quarantine,
        terminal_id=terminal_id,
        topic=topic[:256],
        reason=reason,
        detail=detail.replace("\0", "␀"),
        payload=payload,
        received_at=received_at,
    )
    kept = select(quarantine.c.quarantine_id).where(mine).order_by(quarantine.c.quarantine_id.desc())
    edge = connection.execute(kept.offset(MOST_OF_A_TERMINAL).limit(1)).scalar_one_or_none()
    if edge is not None:
        connection.execute(delete(quarantine).where(mine, quarantine.c.quarantine_id <= edge))
    return True


def newest(connection: Connection, limit: int = 100, terminal_id: str | None = None) -> list[QuarantineRow]:
    """The newest rows first, of one terminal or of all."""
    query = select(quarantine).order_by(quarantine.c.quarantine_id.desc()).limit(limit)
    if terminal_id is not None:
        query = query.where(quarantine.c.terminal_id == terminal_id)
    return [QuarantineRow(**row._mapping) for row in connection.execute(query)]


def count_by_reason(connection: Connection) -> dict[str, int]:
    """How many rows are kept, by reason."""
    query = select(quarantine.c.reason, func.count()).group_by(quarantine.c.reason)
    return {row[0]: row[1] for row in connection.execute(query)}
