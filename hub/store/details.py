"""Details: the reasons and the comment that a person adds to a tap afterwards. In: a connection. Out: rows.

One row a tap; writing again replaces it, so that a repeated send changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store.schema import details, forms, taps
from hub.store.upsert import insert_into

_AT_ONCE = 500
"""Ids in one query: SQLite takes a limited number of variables."""


@dataclass(frozen=True, slots=True)
class DetailsRow:
    """What was added to a tap; `reasons` are ids of the question's reasons."""

    tap_id: int
    reasons: tuple[str, ...]
    comment: str
    written_at: int


def write(connection: Connection, tap_id: int, reasons: Iterable[str], comment: str, now: int) -> None:
    """Keep what was added to a tap; the last one wins. Needs a writing connection."""
    row = {"reasons": list(reasons), "comment": comment, "written_at": now}
    insert = insert_into(connection, details).values(tap_id=tap_id, **row)
    connection.execute(insert.on_conflict_do_update(index_elements=["tap_id"], set_=row))


def of(connection: Connection, tap_ids: Iterable[int]) -> dict[int, DetailsRow]:
    """What was added to these taps, by tap_id; taps without anything are left out."""
    wanted = list(tap_ids)
    found: dict[int, DetailsRow] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(details).where(details.c.tap_id.in_(wanted[start : start + _AT_ONCE]))
        for row in connection.execute(query):
            found[row.tap_id] = DetailsRow(row.tap_id, tuple(row.reasons), row.comment, row.written_at)
    return found


def stored_fields() -> dict[str, tuple[str, ...]]:
    """Every column that an answer on the survey page fills, by table: what the privacy page must name."""
    return {table.name: tuple(column.name for column in table.columns) for table in (taps, details, forms)}
