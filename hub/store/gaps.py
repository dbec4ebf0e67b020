"""Which taps are missing: the arithmetic of seq ranges behind the ledger; pure.

In: ranges (first, last), both included, and what the terminal says it made and still holds. Out: ranges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Range = tuple[int, int]


def merged(ranges: Iterable[Sequence[int]]) -> list[Range]:
    """The same seqs in order, overlapping and touching ranges joined."""
    found: list[Range] = []
    for first, last in sorted((r[0], r[1]) for r in ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        elif first <= last:
            found.append((first, last))
    return found


def without(ranges: Iterable[Sequence[int]], taken: Iterable[Sequence[int]]) -> list[Range]:
    """The seqs of `ranges` that are not in `taken`."""
    holes = merged(taken)
    found: list[Range] = []
    index = 0
    for first, last in merged(ranges):
        while index < len(holes) and holes[index][1] < first:
            index += 1
        start, at = first, index
        while at < len(holes) and holes[at][0] <= last:
            if start < holes[at][0]:
                found.append((start, holes[at][0] - 1))
            start = holes[at][1] + 1
            at += 1
        if start <= last:
            found.append((start, last))
    return found


def size(ranges: Iterable[Sequence[int]]) -> int:
    """How many seqs there are in ranges that do not overlap."""
    return sum(last - first + 1 for first, last in ranges)


class Open(NamedTuple):
    """What of one store was made and has not been taken in: `holes` are `pending` and `missing` together."""

    holes: list[Range]
    pending: list[Range]
    missing: list[Range]


def unsure(
    holes: Iterable[Sequence[int]], upto: int, claimed_seq: int, refused: Iterable[Range]
) -> list[Range]:
    """What has to be looked for: old holes, and all that was made (1 … claimed_seq) since the last look."""
    return without([*holes, (upto + 1, claimed_seq)], refused)


def look(wanted: list[Range], received: Iterable[Range], pending: Iterable[Sequence[int]]) -> Open:
    """Of what had to be looked for, what the hub has not: the terminal still holds it, or nobody does."""
    holes = without(wanted, received)
    missing = without(holes, pending)
    return Open(holes, without(holes, missing), missing)


def by_day(made: Mapping[int, int], last_seq: int, ranges: Iterable[Range]) -> dict[int, int]:
    """Share seqs out over the terminal's days (20261123; 0: not known): how many of `ranges` fall on each.

    seqs grow with time, so that the newest day made the highest ones. `made` counts the taps of each day; a
    seq below all of them is put on the oldest day.
    """
    found: dict[int, int] = {}
    rest = merged(ranges)
    upper = last_seq
    for day in sorted(made, reverse=True):
        lower = upper - made[day]
        below = without(rest, [(lower + 1, upper)]) if made[day] else rest
        if size(below) != size(rest):
            found[day] = size(rest) - size(below)
        rest, upper = below, lower
    if rest:
        oldest = min(made, default=0)
        found[oldest] = found.get(oldest, 0) + size(rest)
    return found
