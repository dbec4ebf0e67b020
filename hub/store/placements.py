"""Placements: which terminal stood at which touchpoint from when until when. In: a connection. Out: rows.

Intervals of one terminal never overlap: `from_at` belongs to it, `until_at` no more; an open one has None.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from hub.store.schema import placements
from hub.store.upsert import new_row

_SPOTS = (
    select(placements.c.terminal_no, placements.c.from_at, placements.c.until_at, placements.c.touchpoint_id)
    .where(placements.c.terminal_no.in_(bindparam("terminal_nos", expanding=True)))
    .order_by(placements.c.from_at)
)


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """One terminal at one touchpoint from `from_at` until before `until_at` (None: still there)."""

    placement_id: int
    terminal_no: int
    touchpoint_id: int
    from_at: int
    until_at: int | None


def place_terminal(connection: Connection, terminal_no: int, touchpoint_id: int, at: int) -> int:
    """From `at` on the terminal stands at `touchpoint_id`; return the placement_id.

    What was said about the time from `at` on no longer holds; taps already taken in stay where they were put.
    """
    take_away(connection, terminal_no, at)
    row = {"terminal_no": terminal_no, "touchpoint_id": touchpoint_id, "from_at": at}
    return new_row(connection, placements, **row)


def take_away(connection: Connection, terminal_no: int, at: int) -> None:
    """From `at` on the terminal stands nowhere."""
    mine = placements.c.terminal_no == terminal_no
    connection.execute(delete(placements).where(mine, placements.c.from_at >= at))
    reaching = or_(placements.c.until_at.is_(None), placements.c.until_at > at)
    connection.execute(update(placements).where(mine, reaching).values(until_at=at))


def at(connection: Connection, terminal_no: int, when: int) -> int | None:
    """The touchpoint_id at which the terminal stood at `when`, or None."""
    return connection.execute(
        select(placements.c.touchpoint_id).where(
            placements.c.terminal_no == terminal_no,
            placements.c.from_at <= when,
            or_(placements.c.until_at.is_(None), placements.c.until_at > when),
        )
    ).scalar_one_or_none()


def history(connection: Connection, terminal_no: int) -> list[PlacementRow]:
    """Where the terminal has stood, oldest first."""
    query = select(placements).where(placements.c.terminal_no == terminal_no).order_by(placements.c.from_at)
    return [PlacementRow(**row._mapping) for row in connection.execute(query)]


def current(connection: Connection) -> dict[int, int]:
    """terminal_no → touchpoint_id of every terminal that stands somewhere now."""
    query = select(placements.c.terminal_no, placements.c.touchpoint_id)
    rows = connection.execute(query.where(placements.c.until_at.is_(None)))
    return {row.terminal_no: row.touchpoint_id for row in rows}


def terminals_at(connection: Connection, touchpoint_ids: list[int]) -> list[int]:
    """The terminal_no of every terminal that stands at one of these touchpoints now."""
    query = select(placements.c.terminal_no).where(
        placements.c.touchpoint_id.in_(touchpoint_ids), placements.c.until_at.is_(None)
    )
    return sorted(connection.execute(query).scalars())


def spots(
    connection: Connection, terminal_nos: Collection[int]
) -> dict[int, list[tuple[int, int | None, int]]]:
    """terminal_no → (from_at, until_at, touchpoint_id) oldest first, of those that ever stood anywhere."""
    found: dict[int, list[tuple[int, int | None, int]]] = {}
    for terminal_no, *spot in connection.execute(_SPOTS, {"terminal_nos": [*terminal_nos]}):
        found.setdefault(terminal_no, []).append((spot[0], spot[1], spot[2]))
    return found
