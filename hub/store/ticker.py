"""The newest taps of a site, as they came in: for people who watch, never for a score.

In: a connection and the last tap_id already shown. Out: rows with the words they need. With several ingest
processes on PostgreSQL a tap_id can become visible after a higher one: a watcher may miss it, no score does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, select

from hub.store import amendments
from hub.store.schema import questions, stores, taps, terminals, touchpoints


@dataclass(frozen=True, slots=True)
class TickerRow:
    """One tap as it is shown while it is new."""

    tap_id: int
    touchpoint_id: int
    touchpoint: dict[str, str]
    terminal_id: str
    terminal: str
    question_no: int
    scale: str
    rating: int
    tapped_at: int
    received_at: int
    proof: int
    flags: int
    replaces: tuple[int, ...] = ()
    """tap_ids that it stands in the place of; only told of taps that have just come in."""


def newest(connection: Connection, site_id: int, limit: int) -> list[TickerRow]:
    """The last `limit` taps of a site that no other replaces, newest first."""
    query = _rows(site_id).order_by(taps.c.tap_id.desc()).limit(limit)
    return [TickerRow(**row._mapping) for row in connection.execute(query)]


def since(connection: Connection, site_id: int, after: int, limit: int) -> list[TickerRow]:
    """The taps that came in after tap `after`, oldest first; of more than `limit` the newest."""
    query = _rows(site_id).where(taps.c.tap_id > after).order_by(taps.c.tap_id.desc()).limit(limit)
    rows = [TickerRow(**row._mapping) for row in connection.execute(query)][::-1]
    before = amendments.before(connection, [row.tap_id for row in rows])
    return [replace(row, replaces=before.get(row.tap_id, ())) for row in rows]


def _rows(site_id: int) -> Select[Any]:
    return (
        select(
            taps.c.tap_id,
            taps.c.touchpoint_id,
            touchpoints.c.name.label("touchpoint"),
            terminals.c.terminal_id,
            terminals.c.name.label("terminal"),
            taps.c.question_no,
            questions.c.scale,
            taps.c.rating,
            taps.c.tapped_at,
            taps.c.received_at,
            taps.c.proof,
            taps.c.flags,
        )
        .join(touchpoints, touchpoints.c.touchpoint_id == taps.c.touchpoint_id)
        .join(questions, questions.c.question_no == taps.c.question_no)
        .join(stores, stores.c.store_no == taps.c.store_no)
        .join(terminals, terminals.c.terminal_no == stores.c.terminal_no)
        .where(touchpoints.c.site_id == site_id, ~amendments.replaced())
    )
