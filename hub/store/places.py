"""Places: where something stands, as a tree of estate, building, floor, area. In: a connection. Out: rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from hub.store import depth_first
from hub.store.schema import places
from hub.store.upsert import new_row


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place; `depth` is 0 at the root of its site."""

    place_id: int
    site_id: int
    parent_id: int | None
    kind: str
    name: dict[str, str]
    position: int
    lift_code: str = ""
    """The rescue code of the lift whose car this place is."""
    depth: int = 0


def create(
    connection: Connection,
    *,
    site_id: int,
    parent_id: int | None = None,
    kind: str,
    name: dict[str, str],
    position: int = 0,
) -> int:
    """Add a place (`kind`: estate, building, floor or area) and return its place_id."""
    row = {"site_id": site_id, "kind": kind, "name": name, "parent_id": parent_id, "position": position}
    return new_row(connection, places, **row)


def tree(connection: Connection, site_id: int) -> list[PlaceRow]:
    """The places of a site, depth first, brothers by position; each with its depth."""
    rows = connection.execute(select(places).where(places.c.site_id == site_id)).all()
    walked = depth_first.walk(
        rows,
        key=lambda row: row.place_id,
        parent=lambda row: row.parent_id,
        order=lambda row: (row.position, row.place_id),
    )
    return [PlaceRow(**row._mapping, depth=depth) for row, depth in walked]


def path(connection: Connection, place_id: int) -> list[PlaceRow]:
    """The places from the root down to this one; empty when it is not known."""
    found: list[PlaceRow] = []
    above: int | None = place_id
    while above is not None:
        row = connection.execute(select(places).where(places.c.place_id == above)).one_or_none()
        if row is None:
            break
        found.append(PlaceRow(**row._mapping))
        above = row.parent_id
    return found[::-1]


def set_lift_code(connection: Connection, place_id: int, code: str) -> bool:
    """Give the place the rescue code of its lift (empty: none); False when there is no such place."""
    changed = update(places).where(places.c.place_id == place_id).values(lift_code=code)
    return connection.execute(changed).rowcount == 1
