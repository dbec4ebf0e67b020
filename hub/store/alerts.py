"""Alerts: from the moment a rule fires at a touchpoint until it is resolved. In: a connection. Out: rows.

At most one is open for a rule at a touchpoint: `open_key` says so to the database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_, update

from hub.alerts.rules import Counts, OpenAlert
from hub.store.database import Connection
from hub.store.schema import alert_rules, alerts, touchpoints
from hub.store.upsert import insert_into

Scope = tuple[int, int]
"""rule_id, touchpoint_id."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert with the names of its rule and its touchpoint; `n` and `bad` as last judged."""

    alert_id: int
    rule_id: int
    touchpoint_id: int
    site_id: int
    rule: str
    touchpoint: dict[str, str]
    state: str
    n: int
    bad: int
    opened_at: int
    changed_at: int
    resolved_at: int | None


def open_list(connection: Connection, site_id: int | None = None) -> list[AlertRow]:
    """The open alerts of a site, or of all, newest first."""
    query = _rows(site_id).where(alerts.c.open_key.is_not(None))
    return [_row(found) for found in connection.execute(query)]


def latest(connection: Connection, site_id: int | None = None, most: int = 100) -> list[AlertRow]:
    """The newest alerts, open or not."""
    return [_row(found) for found in connection.execute(_rows(site_id).limit(most))]


def open_scopes(connection: Connection) -> set[Scope]:
    """(rule_id, touchpoint_id) of every open alert."""
    query = select(alerts.c.rule_id, alerts.c.touchpoint_id).where(alerts.c.open_key.is_not(None))
    return {(row.rule_id, row.touchpoint_id) for row in connection.execute(query)}


def standing(
    connection: Connection, scopes: Collection[Scope]
) -> tuple[dict[Scope, OpenAlert], dict[Scope, int]]:
    """The open alert of each scope that has one, and when the last one of each closed, where one did."""
    here = tuple_(alerts.c.rule_id, alerts.c.touchpoint_id).in_(sorted(scopes))
    found = connection.execute(select(alerts).where(here, alerts.c.open_key.is_not(None)))
    is_open = {
        (row.rule_id, row.touchpoint_id): OpenAlert(row.alert_id, row.opened_at, Counts(row.n, row.bad))
        for row in found
    }
    closed = connection.execute(
        select(alerts.c.rule_id, alerts.c.touchpoint_id, func.max(alerts.c.resolved_at).label("at"))
        .where(here, alerts.c.resolved_at.is_not(None))
        .group_by(alerts.c.rule_id, alerts.c.touchpoint_id)
    )
    return is_open, {(row.rule_id, row.touchpoint_id): row.at for row in closed}


def fire(connection: Connection, scope: Scope, counts: Counts, now: int) -> int | None:
    """Open an alert and return its alert_id; None when another worker opened it first."""
    rule_id, touchpoint_id = scope
    row = {"rule_id": rule_id, "touchpoint_id": touchpoint_id, "open_key": f"{rule_id}:{touchpoint_id}"}
    row |= {"state": "firing", **counts._asdict(), "opened_at": now, "changed_at": now}
    statement = insert_into(connection, alerts).values(**row)
    returning = statement.on_conflict_do_nothing(index_elements=["open_key"]).returning(alerts.c.alert_id)
    return connection.execute(returning).scalar_one_or_none()


def hold(connection: Connection, alert_id: int, counts: Counts) -> None:
    """Show the counts that an open alert has now; its state and its times stay."""
    where = (alerts.c.alert_id == alert_id, alerts.c.open_key.is_not(None))
    connection.execute(update(alerts).where(*where).values(**counts._asdict()))


def resolve(connection: Connection, alert_id: int, counts: Counts, now: int) -> bool:
    """Close an open alert; False when another worker closed it first."""
    where = (alerts.c.alert_id == alert_id, alerts.c.open_key.is_not(None))
    values = {"state": "resolved", "open_key": None, "changed_at": now, "resolved_at": now}
    return connection.execute(update(alerts).where(*where).values(**values, **counts._asdict())).rowcount == 1


def _rows(site_id: int | None) -> Select[Any]:
    names = (alert_rules.c.name.label("rule"), touchpoints.c.name.label("touchpoint"), touchpoints.c.site_id)
    query = (
        select(alerts, *names)
        .join(alert_rules, alert_rules.c.rule_id == alerts.c.rule_id)
        .join(touchpoints, touchpoints.c.touchpoint_id == alerts.c.touchpoint_id)
        .order_by(alerts.c.opened_at.desc(), alerts.c.alert_id.desc())
    )
    return query if site_id is None else query.where(touchpoints.c.site_id == site_id)


def _row(found: Row[Any]) -> AlertRow:
    named = dict(found._mapping)
    del named["open_key"]
    return AlertRow(**named)
