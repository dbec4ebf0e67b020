"""Sites: one estate or office park with its own time zone, hotline and trees. In: a connection. Out: rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store.schema import sites
from hub.store.upsert import new_row


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site; `name` is a text in several languages."""

    site_id: int
    name: dict[str, str]
    timezone: str
    hotline: str
    households: int
    created_at: int


def create(
    connection: Connection,
    *,
    name: dict[str, str],
    now: int,
    timezone: str = "Asia/Shanghai",
    hotline: str = "",
    households: int = 0,
) -> int:
    """Add a site and return its site_id."""
    row = {"name": name, "timezone": timezone, "hotline": hotline, "households": households}
    return new_row(connection, sites, **row, created_at=now)


def by_id(connection: Connection, site_id: int) -> SiteRow | None:
    """The site, or None."""
    found = connection.execute(select(sites).where(sites.c.site_id == site_id)).one_or_none()
    return None if found is None else SiteRow(**found._mapping)


def every(connection: Connection) -> list[SiteRow]:
    """All sites, oldest first."""
    return [
        SiteRow(**found._mapping) for found in connection.execute(select(sites).order_by(sites.c.site_id))
    ]
