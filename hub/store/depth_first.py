"""A tree out of rows that name their parent; pure.

In: rows in any order. Out: the same rows parents before children, brothers by position, each with its depth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

Row = TypeVar("Row")


def walk(
    rows: Iterable[Row],
    *,
    key: Callable[[Row], int],
    parent: Callable[[Row], int | None],
    order: Callable[[Row], tuple[int, int]],
) -> list[tuple[Row, int]]:
    """Rows with their depth (a root has 0), depth first; a row whose parent is not among them is a root."""
    listed = list(rows)
    known = {key(row) for row in listed}
    children: dict[int | None, list[Row]] = defaultdict(list)
    for row in sorted(listed, key=order, reverse=True):
        above = parent(row)
        children[above if above in known else None].append(row)
    found: list[tuple[Row, int]] = []
    waiting = [(row, 0) for row in children[None]]
    while waiting:
        row, depth = waiting.pop()
        found.append((row, depth))
        waiting.extend((child, depth + 1) for child in children[key(row)])
    return found
