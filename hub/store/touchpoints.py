"""Touchpoints: what is judged, as a tree of any depth from the overall score to a lift's door.

In: a connection. Out: rows. A touchpoint is retired, never deleted: its taps keep their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from hub.store import depth_first
from hub.store.schema import touchpoints
from hub.store.upsert import new_row


@dataclass(frozen=True, slots=True)
class TouchpointRow:
    """One node of the tree; `questionnaire_id` is its own (None: inherited), `depth` is 0 at the root."""

    touchpoint_id: int
    site_id: int
    parent_id: int | None
    kind: str
    name: dict[str, str]
    place_id: int | None
    standard: str
    weight: float
    questionnaire_id: str | None
    position: int
    retired_at: int | None
    depth: int = 0


def create(
    connection: Connection,
    *,
    site_id: int,
    kind: str,
    name: dict[str, str],
    parent_id: int | None = None,
    place_id: int | None = None,
    standard: str = "",
    weight: float = 1.0,
    questionnaire_id: str | None = None,
    position: int = 0,
) -> int:
    """Add a node and return its touchpoint_id.

    `kind` is overall, scenario, content, dimension or touchpoint; `standard` is the internal work standard.
    """
    return new_row(
        connection,
        touchpoints,
        site_id=site_id,
        kind=kind,
        name=name,
        parent_id=parent_id,
        place_id=place_id,
        standard=standard,
        weight=weight,
        questionnaire_id=questionnaire_id,
        position=position,
    )


def by_id(connection: Connection, touchpoint_id: int) -> TouchpointRow | None:
    """The touchpoint (its depth not filled in), or None."""
    query = select(touchpoints).where(touchpoints.c.touchpoint_id == touchpoint_id)
    found = connection.execute(query).one_or_none()
    return None if found is None else TouchpointRow(**found._mapping)


def tree(connection: Connection, site_id: int, *, retired: bool = False) -> list[TouchpointRow]:
    """The nodes of a site, depth first, brothers by position, each with its depth; retired ones on demand."""
    query = select(touchpoints).where(touchpoints.c.site_id == site_id)
    if not retired:
        query = query.where(touchpoints.c.retired_at.is_(None))
    walked = depth_first.walk(
        connection.execute(query).all(),
        key=lambda row: row.touchpoint_id,
        parent=lambda row: row.parent_id,
        order=lambda row: (row.position, row.touchpoint_id),
    )
    return [TouchpointRow(**row._mapping, depth=depth) for row, depth in walked]


def under(connection: Connection, touchpoint_id: int) -> list[int]:
    """The ids of a subtree: the touchpoint itself and everything below it, retired ones too."""
    below = (
        select(touchpoints.c.touchpoint_id)
        .where(touchpoints.c.touchpoint_id == touchpoint_id)
        .cte("below", recursive=True)
    )
    below = below.union_all(
        select(touchpoints.c.touchpoint_id).join(below, touchpoints.c.parent_id == below.c.touchpoint_id)
    )
    return sorted(connection.execute(select(below.c.touchpoint_id)).scalars())


def path(connection: Connection, touchpoint_id: int) -> list[TouchpointRow]:
    """The nodes from the root down to this one, each with its depth; empty when it is not known."""
    columns = (touchpoints.c.touchpoint_id, touchpoints.c.parent_id)
    above = select(*columns).where(touchpoints.c.touchpoint_id == touchpoint_id).cte("above", recursive=True)
    above = above.union_all(select(*columns).join(above, touchpoints.c.touchpoint_id == above.c.parent_id))
    query = select(touchpoints).join(above, touchpoints.c.touchpoint_id == above.c.touchpoint_id)
    rows = {row.touchpoint_id: row for row in connection.execute(query)}
    found = []
    at: int | None = touchpoint_id
    while at in rows:
        found.append(rows[at])
        at = rows[at].parent_id
    return [TouchpointRow(**row._mapping, depth=depth) for depth, row in enumerate(reversed(found))]


def set_questionnaire(connection: Connection, touchpoint_id: int, questionnaire_id: str | None) -> None:
    """Let this node, and all below it that have none of their own, ask another questionnaire."""
    _set(connection, touchpoint_id, questionnaire_id=questionnaire_id)


def retire(connection: Connection, touchpoint_id: int, at: int) -> None:
    """Take the node out of the tree; its taps stay."""
    _set(connection, touchpoint_id, retired_at=at)


def _set(connection: Connection, touchpoint_id: int, **values: object) -> None:
    where = touchpoints.c.touchpoint_id == touchpoint_id
    connection.execute(update(touchpoints).where(where).values(**values))
