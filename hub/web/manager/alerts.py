"""Alerts: which are open, which were, and the rules that open them.

In: the alerts and rules of a site. Out: one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from hub.store import alert_rules, alerts, touchpoints
from hub.store.alerts import AlertRow
from hub.web.manager import times
from hub.web.manager.pages import Pages
from hub.web.manager.visitor import PageRoute, Visitor

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert as its line says it."""

    alert_id: int
    rule: str
    touchpoint_id: int
    touchpoint: Mapping[str, str]
    above: tuple[Mapping[str, str], ...]
    firing: bool
    n: int
    bad: int
    share: int
    opened: str
    opened_at: str
    resolved_at: str


def router(pages: Pages) -> APIRouter:
    """/manager/alerts."""
    routes = APIRouter(route_class=PageRoute, include_in_schema=False)

    @routes.get("/manager/alerts")
    def alerts_page(request: Request) -> Response:
        who = pages.visitor(request)
        site_id = who.site.site_id if who.site else 0
        now = pages.parts.now()
        with pages.parts.database.reading() as connection:
            firing = alerts.open_list(connection, site_id)
            earlier = [row for row in alerts.latest(connection, site_id, MOST_SHOWN) if row.resolved_at]
            rules = alert_rules.every(connection, site_id)
            tree = {row.touchpoint_id: row for row in touchpoints.tree(connection, site_id, retired=True)}

        def view(row: AlertRow) -> AlertView:
            above = []
            parent = tree[row.touchpoint_id].parent_id
            while parent in tree:
                above.append(tree[parent].name)
                parent = tree[parent].parent_id
            return _view(row, tuple(reversed(above[:-1])), who, now)

        context = {
            "firing": [view(row) for row in firing],
            "earlier": [view(row) for row in earlier],
            "rules": [(rule, tree[rule.touchpoint_id].name) for rule in rules],
        }
        return pages.render(request, who, "alerts.html", context)

    return routes


def _view(row: AlertRow, above: tuple[Mapping[str, str], ...], who: Visitor, now: int) -> AlertView:
    return AlertView(
        alert_id=row.alert_id,
        rule=row.rule,
        touchpoint_id=row.touchpoint_id,
        touchpoint=row.touchpoint,
        above=above,
        firing=row.resolved_at is None,
        n=row.n,
        bad=row.bad,
        share=round(100 * row.bad / row.n) if row.n else 0,
        opened=times.ago(row.opened_at, now, who.say),
        opened_at=times.clock(row.opened_at, who.zone),
        resolved_at=times.clock(row.resolved_at, who.zone),
    )
