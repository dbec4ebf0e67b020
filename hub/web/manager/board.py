"""The scores of one site over one period, as the overview and the page of a touchpoint need them.

In: a connection, a site, a period, the proof levels wanted. Out: the tree with every touchpoint's score now
and in the equally long period before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hub.insight.nps import Nps, count
from hub.insight.satisfaction import NPS_SCALE, nps_ratings
from hub.insight.tree import Node, Rolled, roll_up
from hub.store import scores, touchpoints
from hub.store.database import Connection
from hub.store.taps import PROOFS
from hub.store.touchpoints import TouchpointRow
from hub.web.manager.periods import Period
from hub.web.manager.score_view import Axis, NpsView, ScoreView, axis, nps_score, score
from link.questionnaire import Scale

ON_SITE = tuple(number for number, proof in enumerate(PROOFS) if proof != "static")
"""Proof levels that show that somebody stood there: a kiosk's own screen, a rotating code."""

SITE = 0
"""The node above all roots, so that several roots are weighed as children are."""


@dataclass(frozen=True)
class Board:
    """Every touchpoint of a site, parents first, with its score."""

    rows: tuple[TouchpointRow, ...]
    rolled: Mapping[int, Rolled]
    before: Mapping[int, Rolled]
    scales: Mapping[int, Scale]

    @cached_property
    def scores(self) -> dict[int, ScoreView]:
        """touchpoint_id → what may be said of it."""
        return {
            row.touchpoint_id: score(self.rolled[row.touchpoint_id], self.before[row.touchpoint_id])
            for row in self.rows
        }

    @cached_property
    def by_id(self) -> dict[int, TouchpointRow]:
        """touchpoint_id → its row."""
        return {row.touchpoint_id: row for row in self.rows}

    @cached_property
    def parents(self) -> frozenset[int | None]:
        """The touchpoints that have others below them."""
        return frozenset(row.parent_id for row in self.rows)

    @property
    def whole(self) -> ScoreView:
        """The score of the whole site: of all its roots together."""
        return score(self.rolled[SITE], self.before[SITE])

    @cached_property
    def axis(self) -> Axis:
        """The scale of all interval bars."""
        return axis(self.scores.values(), self.whole)

    @property
    def whole_nps(self) -> NpsView:
        """The NPS of the whole site."""
        return self.nps(SITE)

    def nps(self, touchpoint_id: int) -> NpsView:
        """The NPS of a touchpoint and all below it."""
        return nps_score(self._nps(self.rolled[touchpoint_id]), self._nps(self.before[touchpoint_id]))

    def below(self, touchpoint_id: int) -> list[int]:
        """The ids of the touchpoint and all below it."""
        found = {touchpoint_id}
        for row in self.rows:
            if row.parent_id in found:
                found.add(row.touchpoint_id)
        return sorted(found)

    def path(self, touchpoint_id: int) -> list[TouchpointRow]:
        """From the root down to the touchpoint's parent."""
        found: list[TouchpointRow] = []
        above = self.by_id[touchpoint_id].parent_id
        while above in self.by_id:
            found.append(self.by_id[above])
            above = self.by_id[above].parent_id
        return found[::-1]

    def scales_used(self) -> list[Scale]:
        """The scales, NPS apart, on which the site's answers of this period were given; one of each id."""
        given = self.rolled[SITE].answers
        used = {self.scales[no].id: self.scales[no] for no in sorted(given) if no in self.scales}
        return [scale for scale in used.values() if scale.id != NPS_SCALE]

    def _nps(self, rolled: Rolled) -> Nps:
        return count(nps_ratings(rolled.answers, self.scales))


def board(connection: Connection, site_id: int, period: Period, proofs: tuple[int, ...]) -> Board:
    """Read and roll up. A retired touchpoint is there only while it has answers, or others below it."""
    scales = scores.scales(connection)
    now = scores.by_touchpoint(connection, site_id, _cut(period, proofs))
    earlier = scores.by_touchpoint(connection, site_id, _cut(period.before, proofs))
    rows = touchpoints.tree(connection, site_id, retired=True)
    nodes = [Node(row.touchpoint_id, row.parent_id or SITE, row.weight) for row in rows]
    nodes.append(Node(SITE, None))
    rolled, before = roll_up(nodes, now, scales), roll_up(nodes, earlier, scales)
    return Board(tuple(_kept(rows, rolled)), rolled, before, scales)


def _kept(rows: list[TouchpointRow], rolled: Mapping[int, Rolled]) -> list[TouchpointRow]:
    kept: list[TouchpointRow] = []
    above: set[int | None] = set()
    for row in reversed(rows):  # children before parents
        if row.retired_at is None or row.touchpoint_id in above or rolled[row.touchpoint_id].answers:
            kept.append(row)
            above.add(row.parent_id)
    return kept[::-1]


def _cut(period: Period, proofs: tuple[int, ...]) -> scores.Cut:
    return scores.Cut(period.from_hour, period.until_hour, proofs)
