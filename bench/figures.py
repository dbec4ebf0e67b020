"""What a measurement says, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what, ours, the peer or limit measured in the same run, the ratio ours to peer, the aim."""

    what: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    aim: str = ""


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: list[Figure]) -> str:
    """The figures as lines of equal columns."""
    rows = [("what", "ours", "beside it", "ratio", "aim")]
    rows += [
        (one.what, one.ours, one.beside, "" if one.ratio is None else f"{one.ratio:.2f}", one.aim)
        for one in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
