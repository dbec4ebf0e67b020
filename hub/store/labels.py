"""Labels: the printed codes that lead a phone to a touchpoint. In: a connection. Out: rows.

A label is re-pointed and retired without being printed again. Codes come normalised (`link.label_code`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from hub.store import places
from hub.store.schema import labels, sites, touchpoints


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label and what it points at; texts are keyed by language, `places` runs from the estate inwards."""

    code: str
    touchpoint_id: int
    created_at: int
    retired_at: int | None
    """When the label, or the touchpoint it points at, was retired; None: in use."""
    touchpoint: dict[str, str]
    site_id: int
    site: dict[str, str]
    hotline: str
    places: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A label in use and where it leads."""

    code: str
    touchpoint_id: int


def create(connection: Connection, code: str, touchpoint_id: int, now: int) -> None:
    """Let a new code point at a touchpoint."""
    connection.execute(labels.insert().values(code=code, touchpoint_id=touchpoint_id, created_at=now))


def find(connection: Connection, code: str, touchpoint_id: int | None = None) -> LabelRow | None:
    """The label of this code, retired or not; None when no such code was ever made.

    With `touchpoint_id`: as it was when it pointed there.
    """
    points_at = labels.c.touchpoint_id if touchpoint_id is None else touchpoint_id
    query = (
        select(
            labels.c.code,
            touchpoints.c.touchpoint_id,
            labels.c.created_at,
            labels.c.retired_at,
            touchpoints.c.retired_at.label("touchpoint_retired_at"),
            touchpoints.c.name.label("touchpoint"),
            touchpoints.c.place_id,
            sites.c.site_id,
            sites.c.name.label("site"),
            sites.c.hotline,
        )
        .join_from(labels, touchpoints, touchpoints.c.touchpoint_id == points_at)
        .join(sites, touchpoints.c.site_id == sites.c.site_id)
        .where(labels.c.code == code)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    above = places.path(connection, row.place_id) if row.place_id is not None else []
    return LabelRow(
        code=row.code,
        touchpoint_id=row.touchpoint_id,
        created_at=row.created_at,
        retired_at=row.touchpoint_retired_at if row.retired_at is None else row.retired_at,
        touchpoint=row.touchpoint,
        site_id=row.site_id,
        site=row.site,
        hotline=row.hotline,
        places=tuple(place.name for place in above),
    )


def of_site(connection: Connection, site_id: int) -> list[CodeRow]:
    """The labels of a site that are in use, oldest first."""
    query = (
        select(labels.c.code, labels.c.touchpoint_id)
        .join(touchpoints, labels.c.touchpoint_id == touchpoints.c.touchpoint_id)
        .where(touchpoints.c.site_id == site_id, labels.c.retired_at.is_(None))
        .order_by(labels.c.created_at, labels.c.touchpoint_id, labels.c.code)
    )
    return [CodeRow(**row._mapping) for row in connection.execute(query)]


def of_touchpoint(connection: Connection, touchpoint_id: int) -> list[str]:
    """The codes in use that point at a touchpoint, oldest first."""
    query = (
        select(labels.c.code)
        .where(labels.c.touchpoint_id == touchpoint_id, labels.c.retired_at.is_(None))
        .order_by(labels.c.created_at, labels.c.code)
    )
    return list(connection.execute(query).scalars())


def retire(connection: Connection, code: str, at: int) -> None:
    """Take a label out of use; whoever scans it is told so kindly."""
    connection.execute(update(labels).where(labels.c.code == code).values(retired_at=at))


def repoint(connection: Connection, code: str, touchpoint_id: int) -> None:
    """Let a label lead elsewhere, in use again if it was retired; taps stay where they were made."""
    changed = {"touchpoint_id": touchpoint_id, "retired_at": None}
    connection.execute(update(labels).where(labels.c.code == code).values(**changed))
