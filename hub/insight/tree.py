"""Scores rolled up over the touchpoint tree, with weights and coverage; pure.

In: the tree, each touchpoint's own answers, the scales. Out: for every touchpoint the answers of its whole
subtree (pooled: each answer counts the same) and a weighted 满意度 (each child counts by its weight, however
busy it is). Coverage says which part of the weight rests on enough answers; the rest is not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hub.insight.satisfaction import Answers, Satisfaction, satisfaction
from link.questionnaire import Scale


@dataclass(frozen=True, slots=True)
class Node:
    """One touchpoint as the roll-up sees it; a parent that is not there makes it a root."""

    id: int
    parent: int | None
    weight: float = 1.0


@dataclass(slots=True)
class Rolled:
    """The score of one touchpoint and all below it."""

    answers: dict[int, dict[int, int]] = field(default_factory=dict)
    """question_no → rating → how often, of the whole subtree."""
    pooled: Satisfaction = field(default_factory=Satisfaction)
    degree: float | None = None
    """Weighted 满意度, 0 to 100; none when no part has enough answers."""
    coverage: float = 0.0
    """Share of the weight, 0 to 1, that rests on enough answers."""


@dataclass(frozen=True, slots=True)
class _Part:
    weight: float
    degree: float | None
    coverage: float


def roll_up(
    nodes: Iterable[Node], own: Mapping[int, Answers], scales: Mapping[int, Scale]
) -> dict[int, Rolled]:
    """Roll every touchpoint up. Answers of an inner touchpoint itself are one more part of weight 1.

    A touchpoint that cannot be reached from a root (a loop in the data) is left out.
    """
    by_id = {node.id: node for node in nodes}
    children = children_of(by_id.values())
    rolled: dict[int, Rolled] = {}
    for node_id in reversed(_from_the_roots(children)):
        below = children.get(node_id, [])
        result = Rolled(answers=_copy(own.get(node_id, {})))
        mine = satisfaction(result.answers, scales)
        for child in below:
            _add(result.answers, rolled[child.id].answers)
        result.pooled = mine + sum((rolled[child.id].pooled for child in below), Satisfaction())
        parts = [_Part(c.weight, rolled[c.id].degree, rolled[c.id].coverage) for c in below]
        if mine.n or not below:
            parts.append(_Part(1.0, mine.degree if mine.enough else None, float(mine.enough)))
        result.degree, result.coverage = _weigh(parts)
        rolled[node_id] = result
    return rolled


def children_of(nodes: Iterable[Node]) -> dict[int | None, list[Node]]:
    """Children by parent, in the order given; roots under None."""
    given = list(nodes)
    known = {node.id for node in given}
    children: dict[int | None, list[Node]] = {}
    for node in given:
        children.setdefault(node.parent if node.parent in known else None, []).append(node)
    return children


def _from_the_roots(children: Mapping[int | None, list[Node]]) -> list[int]:
    order: list[int] = []
    waiting = [node.id for node in children.get(None, [])]
    while waiting:
        node_id = waiting.pop()
        order.append(node_id)
        waiting.extend(child.id for child in children.get(node_id, []))
    return order


def _weigh(parts: list[_Part]) -> tuple[float | None, float]:
    whole = sum(part.weight for part in parts)
    if whole <= 0:
        return None, 0.0
    coverage = sum(part.weight * part.coverage for part in parts) / whole
    scored = [(part.weight, part.degree) for part in parts if part.degree is not None and part.weight > 0]
    if not scored:
        return None, coverage
    return sum(weight * degree for weight, degree in scored) / sum(w for w, _ in scored), coverage


def _copy(answers: Answers) -> dict[int, dict[int, int]]:
    return {question_no: dict(ratings) for question_no, ratings in answers.items()}


def _add(into: dict[int, dict[int, int]], more: Answers) -> None:
    for question_no, ratings in more.items():
        mine = into.setdefault(question_no, {})
        for rating, n in ratings.items():
            mine[rating] = mine.get(rating, 0) + n
