"""Details: reasons, slip and comment of a tap. In: a connection, what a person said. Out: rows.

One row a tap. Reasons and slip come with the tap off a terminal; a page adds reasons and a comment
afterwards, and writing again replaces them, so that a repeated send changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from hub.store import amendments
from hub.store.amendments import Identity
from hub.store.schema import details, forms, taps
from hub.store.taps import by_slip
from hub.store.upsert import insert_into

_AT_ONCE = 500
"""Ids in one query: SQLite takes a limited number of variables."""


@dataclass(frozen=True, slots=True)
class DetailsRow:
    """What was said beside a rating; `reasons` are ids of the question's reasons."""

    tap_id: int
    reasons: tuple[str, ...]
    comment: str
    written_at: int


def write(connection: Connection, tap_id: int, reasons: Iterable[str], comment: str, now: int) -> None:
    """Keep what was added to a tap; the last one wins. Needs a writing connection."""
    row = {"reasons": list(reasons), "comment": comment, "written_at": now}
    insert = insert_into(connection, details).values(tap_id=tap_id, **row)
    connection.execute(insert.on_conflict_do_update(index_elements=["tap_id"], set_=row))


def bring(connection: Connection, said: Mapping[Identity, tuple[Iterable[str], str]], now: int) -> None:
    """Keep the reasons and the slip (or "") that came with new taps, by (store_no, seq)."""
    for store_no, seqs in amendments.portions(said):
        query = select(taps.c.seq, taps.c.tap_id).where(taps.c.store_no == store_no, taps.c.seq.in_(seqs))
        rows = []
        for seq, tap_id in connection.execute(query):
            reasons, slip = said[store_no, seq]
            rows.append({"tap_id": tap_id, "reasons": list(reasons), "slip": slip or None, "written_at": now})
        connection.execute(details.insert(), rows)


def hand_on(connection: Connection, tap_ids: Iterable[int]) -> None:
    """Give the comments of these taps, which others replace now, to those that stand in their place."""
    wanted = sorted(tap_ids)
    commented = (details.c.comment != "") & details.c.slip.is_not(None)
    for start in range(0, len(wanted), _AT_ONCE):
        some = details.c.tap_id.in_(wanted[start : start + _AT_ONCE])
        for row in connection.execute(
            select(details).where(some, commented).order_by(details.c.tap_id)
        ).all():
            heir = by_slip(connection, row.slip)
            if heir is not None and not heir.comment:
                its = update(details).where(details.c.tap_id == heir.tap_id)
                connection.execute(its.values(comment=row.comment, written_at=row.written_at))


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
