"""Alert rules: what is judged at a touchpoint and at all below it. In: a connection. Out: rows.

A rule on a subtree judges each touchpoint in it by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Row, and_, select, update

from hub.alerts.rules import KIND, BadShare, read_setting
from hub.store.database import Connection
from hub.store.schema import alert_rules, touchpoints
from hub.store.upsert import new_row

DEFAULT_NAME = "差评预警 Bad ratings"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule; `touchpoint_id` is the top of the subtree that it judges."""

    rule_id: int
    touchpoint_id: int
    kind: str
    name: str
    setting: BadShare
    enabled: bool
    created_at: int


def create(connection: Connection, *, touchpoint_id: int, name: str, setting: BadShare, now: int) -> int:
    """Add an enabled rule and return its rule_id; raises `hub.alerts.rules.BadSetting`."""
    row = {"touchpoint_id": touchpoint_id, "kind": KIND, "name": name, "setting": _checked(setting)}
    return new_row(connection, alert_rules, **row, enabled=True, created_at=now)


def default_for_site(connection: Connection, site_id: int, now: int) -> int:
    """The rule with default setting on the root of a site's tree, made when the root has none; its rule_id.

    Raises LookupError when the site has no touchpoints yet.
    """
    root = connection.execute(
        select(touchpoints.c.touchpoint_id)
        .where(touchpoints.c.site_id == site_id, touchpoints.c.parent_id.is_(None))
        .where(touchpoints.c.retired_at.is_(None))
        .order_by(touchpoints.c.position, touchpoints.c.touchpoint_id)
        .limit(1)
    ).scalar_one_or_none()
    if root is None:
        raise LookupError(f"site {site_id} has no touchpoints")
    query = select(alert_rules.c.rule_id).where(alert_rules.c.touchpoint_id == root).limit(1)
    there: int | None = connection.execute(query).scalar_one_or_none()
    if there is not None:
        return there
    return create(connection, touchpoint_id=root, name=DEFAULT_NAME, setting=BadShare(), now=now)


def every(connection: Connection, site_id: int | None = None) -> list[RuleRow]:
    """All rules, or those of one site, oldest first."""
    query = select(alert_rules).order_by(alert_rules.c.rule_id)
    if site_id is not None:
        query = query.join(touchpoints).where(touchpoints.c.site_id == site_id)
    return [_row(found) for found in connection.execute(query)]


def change(connection: Connection, rule_id: int, *, setting: BadShare, enabled: bool) -> bool:
    """Give a rule another setting, or switch it; False when there is none of this id. Raises BadSetting."""
    where = alert_rules.c.rule_id == rule_id
    values = {"setting": _checked(setting), "enabled": enabled}
    return connection.execute(update(alert_rules).where(where).values(**values)).rowcount == 1


def over(connection: Connection, touchpoint_ids: Collection[int]) -> list[tuple[RuleRow, int]]:
    """(rule, touchpoint) for each of these touchpoints and each enabled rule on it or above it."""
    here = touchpoints.alias("here")
    above = (
        select(here.c.touchpoint_id.label("scope"), here.c.touchpoint_id, here.c.parent_id)
        .where(here.c.touchpoint_id.in_(touchpoint_ids), here.c.retired_at.is_(None))
        .cte("above", recursive=True)
    )
    step = select(above.c.scope, touchpoints.c.touchpoint_id, touchpoints.c.parent_id)
    above = above.union_all(step.join(above, touchpoints.c.touchpoint_id == above.c.parent_id))
    on_it = and_(alert_rules.c.touchpoint_id == above.c.touchpoint_id, alert_rules.c.enabled)
    query = select(alert_rules, above.c.scope).join(above, on_it)
    rows = connection.execute(query.order_by(alert_rules.c.rule_id, above.c.scope)).all()
    return [(_row(found), found.scope) for found in rows]


def _row(found: Row[Any]) -> RuleRow:
    return RuleRow(
        found.rule_id,
        found.touchpoint_id,
        found.kind,
        found.name,
        read_setting(found.setting),
        found.enabled,
        found.created_at,
    )


def _checked(setting: BadShare) -> dict[str, Any]:
    stored: dict[str, Any] = msgspec.to_builtins(setting)
    read_setting(stored)
    return stored
