"""One touchpoint with all below it: trend, answers by face, hours of the week, and what lies below.

In: a touchpoint, `?period=` and `?proof=`. Out: one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from fastapi import APIRouter, Request, Response

from hub.insight.satisfaction import NPS_SCALE, Satisfaction, satisfaction
from hub.store import placements, places, scores, terminals, touchpoints
from hub.store.database import Connection
from hub.store.scores import Answers
from hub.store.taps import PROOFS
from hub.store.terminals import TerminalRow
from hub.store.touchpoints import TouchpointRow
from hub.web.manager.board import ON_SITE, Board, board
from hub.web.manager.drawing import trend
from hub.web.manager.pages import Pages
from hub.web.manager.periods import DAYS, DEFAULT, Period, local, period
from hub.web.manager.score_view import ScoreView, heat
from hub.web.manager.visitor import PageRoute, Visitor
from link.questionnaire import Scale
from link.questionnaire import say as say_text

View = tuple[Period, tuple[int, ...]]
"""The period, and the proof levels wanted."""


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the trend."""

    label: str
    n: int
    rate: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday; no rate when fewer than 5 answered."""

    n: int
    rate: int | None
    step: int


@dataclass(frozen=True, slots=True)
class LevelShare:
    """How often one answer of a scale was given; `share` in per cent."""

    words: str
    face: str
    mood: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class ScaleShares:
    """All answers on one scale, worst first."""

    scale: str
    levels: tuple[LevelShare, ...]


def router(pages: Pages) -> APIRouter:
    """/manager/touchpoints/{touchpoint_id}."""
    routes = APIRouter(route_class=PageRoute, include_in_schema=False)

    @routes.get("/manager/touchpoints/{touchpoint_id}")
    def touchpoint_page(request: Request, touchpoint_id: str, proof: str = "all") -> Response:
        who = pages.visitor(request)
        chosen = period(request.query_params.get("period", DEFAULT), pages.parts.now(), who.zone)
        number = int(touchpoint_id) if touchpoint_id.isdecimal() and len(touchpoint_id) < 10 else 0
        proofs = ON_SITE if proof == "onsite" else ()
        with pages.parts.database.reading() as connection:
            row = touchpoints.by_id(connection, number)
            scored = board(connection, row.site_id, chosen, proofs) if row else None
            if row is None or scored is None or number not in scored.by_id:
                return pages.message(request, who, "no_touchpoint", 404)
            context = _context(connection, who, scored, number, (chosen, proofs))
        filters = {"period": chosen, "periods": DAYS, "proof": "onsite" if proofs else "all"}
        return pages.render(request, who, "touchpoint.html", context | filters)

    return routes


def _context(
    connection: Connection, who: Visitor, scored: Board, number: int, view: View
) -> dict[str, object]:
    row, below = scored.by_id[number], scored.below(number)
    chosen, proofs = view
    wanted = scores.Cut(chosen.from_hour, chosen.until_hour, proofs)
    given = scores.by_hour(connection, below, wanted)
    hours = {hour: satisfaction(answers, scored.scales) for hour, answers in given.items()}
    labels, points = steps(hours, chosen, who.zone)
    shown = set(placements.terminals_at(connection, [number]))
    return {
        "row": row,
        "board": scored,
        "axis": scored.axis,
        "places": places.path(connection, row.place_id) if row.place_id else [],
        "terminals": [t for t in terminals.every(connection) if _stands_here(t, shown)],
        "trend": trend(points),
        "steps": [_step(label, point) for label, point in zip(labels, points, strict=True)],
        "trend_labels": [labels[0], labels[len(labels) // 2], labels[-1]],
        "levels": shares(scored.rolled[number].answers, scored.scales, who),
        "proofs": _proofs(connection, below, wanted),
        "heat": _heat(by_weekday(hours, who.zone)),
        "children": children(scored, number),
    }


def _stands_here(terminal: TerminalRow, shown: set[int]) -> bool:
    return terminal.terminal_no in shown and terminal.kind != terminals.WEB


def _step(label: str, point: Satisfaction) -> Step:
    return Step(label, point.n, round(100 * point.rate) if point.n else 0)


def _heat(cells: Mapping[tuple[int, int], Satisfaction]) -> dict[tuple[int, int], Cell]:
    whole = sum(cells.values(), Satisfaction())
    return {
        at: Cell(cell.n, round(100 * cell.rate), heat(cell, whole.rate))
        if cell.shown
        else Cell(cell.n, None, 2)
        for at, cell in cells.items()
    }


def _proofs(connection: Connection, below: list[int], cut: scores.Cut) -> list[tuple[str, int]]:
    return [(PROOFS[proof], n) for proof, n in sorted(scores.by_proof(connection, below, cut).items())]


def steps(
    hours: Mapping[int, Satisfaction], chosen: Period, zone: tzinfo
) -> tuple[list[str], list[Satisfaction]]:
    """Labels and scores along time: by the hour when the period is today, else by local day."""
    shape = "%H:00" if chosen.days == 1 else "%m-%d"
    sums: dict[str, Satisfaction] = {}
    for hour in range(chosen.from_hour, chosen.until_hour):
        label = local(hour, zone).strftime(shape)
        sums[label] = sums.get(label, Satisfaction()) + hours.get(hour, Satisfaction())
    return list(sums), list(sums.values())


def by_weekday(hours: Mapping[int, Satisfaction], zone: tzinfo) -> dict[tuple[int, int], Satisfaction]:
    """(weekday, Monday 0; hour of the day) → the answers given then."""
    cells: dict[tuple[int, int], Satisfaction] = {}
    for hour, given in hours.items():
        at = local(hour, zone)
        if given.n:
            key = (at.weekday(), at.hour)
            cells[key] = cells.get(key, Satisfaction()) + given
    return cells


def shares(answers: Answers, known: Mapping[int, Scale], who: Visitor) -> list[ScaleShares]:
    """How often each answer was given, a list for each scale; NPS is shown by itself elsewhere."""
    by_scale: dict[str, tuple[Scale, dict[int, int]]] = {}
    for question_no, ratings in sorted(answers.items()):
        scale = known.get(question_no)
        if scale is not None and scale.id != NPS_SCALE:
            sums = by_scale.setdefault(scale.id, (scale, {}))[1]
            for rating, n in ratings.items():
                sums[rating] = sums.get(rating, 0) + n
    return [_scale_shares(scale, sums, who) for scale, sums in by_scale.values() if sum(sums.values()) >= 5]


def _scale_shares(scale: Scale, sums: Mapping[int, int], who: Visitor) -> ScaleShares:
    whole = sum(sums.values())
    levels = []
    for level in scale.levels:
        n = sums.get(level.value, 0)
        mood = "bad" if level.value in scale.bad else "good" if level.value in scale.satisfied else "fair"
        levels.append(LevelShare(say_text(level.words, who.language), level.face, mood, n, 100 * n / whole))
    return ScaleShares(scale.id, tuple(levels))


def children(scored: Board, number: int) -> list[tuple[TouchpointRow, ScoreView]]:
    """What lies directly below, worst first by the upper end of the interval; those with few answers last."""
    below = [row for row in scored.rows if row.parent_id == number]
    judged = [(row, scored.scores[row.touchpoint_id]) for row in below]
    return sorted(
        judged, key=lambda pair: (not pair[1].enough, pair[1].high if pair[1].enough else 0, -pair[1].n)
    )
