"""Spots: all that a page says of where a touchpoint is. In: a connection. Out: rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.store import places, sites, touchpoints


@dataclass(frozen=True, slots=True)
class SpotRow:
    """One touchpoint in its site; texts are keyed by language, `places` runs from the estate inwards."""

    touchpoint_id: int
    touchpoint: dict[str, str]
    site: dict[str, str]
    timezone: str
    hotline: str
    places: tuple[dict[str, str], ...]


def find(connection: Connection, touchpoint_id: int) -> SpotRow | None:
    """Where this touchpoint is, retired or not, or None."""
    node = touchpoints.by_id(connection, touchpoint_id)
    site = sites.by_id(connection, node.site_id) if node else None
    if node is None or site is None:
        return None
    above = places.path(connection, node.place_id) if node.place_id is not None else []
    names = tuple(place.name for place in above)
    return SpotRow(touchpoint_id, node.name, site.name, site.timezone, site.hotline, names)
