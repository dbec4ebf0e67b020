"""The overview: key figures of a site, its touchpoint tree with scores, and what needs attention.

In: a site, `?period=` and `?proof=`. Out: one page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from hub.store import alerts
from hub.store.touchpoints import TouchpointRow
from hub.web.manager.board import ON_SITE, Board, board
from hub.web.manager.live import recent
from hub.web.manager.pages import Pages
from hub.web.manager.periods import DAYS, DEFAULT, period
from hub.web.manager.score_view import ScoreView
from hub.web.manager.terminals import fleet
from hub.web.manager.visitor import PageRoute

OPEN_TO = 1
"""Levels that are unfolded at first: the root shows its scenarios."""
MOST_ATTENTION = 5
LIVE_SHOWN = 7


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One touchpoint in the tree; `closes` says how many levels end after it."""

    row: TouchpointRow
    score: ScoreView
    has_below: bool
    unfolded: bool
    closes: int


def router(pages: Pages) -> APIRouter:
    """/manager."""
    routes = APIRouter(route_class=PageRoute, include_in_schema=False)

    @routes.get("/manager")
    def overview(request: Request, proof: str = "all") -> Response:
        who = pages.visitor(request)
        if who.site is None:
            return pages.message(request, who, "no_site", 200)
        now = pages.parts.now()
        chosen = period(request.query_params.get("period", DEFAULT), now, who.zone)
        with pages.parts.database.reading() as connection:
            scored = board(connection, who.site.site_id, chosen, ON_SITE if proof == "onsite" else ())
            firing = alerts.open_list(connection, who.site.site_id)
            terminals = fleet(connection, who, now)
            taps = recent(connection, who, LIVE_SHOWN)
        context = {
            "period": chosen,
            "periods": DAYS,
            "proof": "onsite" if proof == "onsite" else "all",
            "board": scored,
            "axis": scored.axis,
            "lines": tree_lines(scored),
            "attention": attention(scored),
            "firing": firing,
            "terminals": terminals,
            "taps": taps,
        }
        return pages.render(request, who, "overview.html", context)

    return routes


def tree_lines(scored: Board) -> list[TreeLine]:
    """The tree as lines that a page can nest without recursion, so that no depth is too deep."""
    lines = []
    depths = [row.depth for row in scored.rows]
    for row, following in zip(scored.rows, [*depths[1:], 0], strict=False):
        has_below = row.touchpoint_id in scored.parents
        closes = 0 if has_below else max(0, row.depth - following)
        view = scored.scores[row.touchpoint_id]
        lines.append(TreeLine(row, view, has_below, row.depth < OPEN_TO, closes))
    return lines


def attention(scored: Board) -> Sequence[tuple[TouchpointRow, ScoreView]]:
    """Touchpoints whose whole interval lies below the site's 满意率, worst first: hardly by chance."""
    whole = scored.whole
    leaves = [row for row in scored.rows if row.touchpoint_id not in scored.parents]
    judged = [(row, scored.scores[row.touchpoint_id]) for row in leaves]
    worse = [(row, view) for row, view in judged if view.enough and view.high < whole.rate]
    return sorted(worse, key=lambda pair: pair[1].high)[:MOST_ATTENTION]
