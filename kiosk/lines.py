"""Breaking a wording into even lines; pure.

In: a text, a way to measure it, a width. Out: lines that fit, about equally long. Kivy breaks at spaces only,
and Chinese has none: left to it, a line may start with a comma and the last may hold one character.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_WHOLE = ("不满意", "满意", "评价")
"""Words of every kiosk that read badly in halves."""
_UNIT = re.compile(
    rf"[!-~\u00a0-\u024f]+ ?|\s|(?:{'|'.join(_WHOLE)}|.)(?:[了吗呢吧](?=[，。；：？！]))?", re.DOTALL
)
"""A particle that ends a clause stays with the word before it."""
_CLAUSE = re.compile(r"[^，。；：？！]*[，。；：？！、）》」』”’…]*")
_NEVER_FIRST = "，。、；：？！）》」』”’…·%％）]}>,.;:?!"
_NEVER_LAST = "（《「『“‘([{<"


def units(text: str) -> list[str]:
    """What may not be broken: a Latin word, or a Chinese character with its punctuation."""
    found: list[str] = []
    for unit in _UNIT.findall(text):
        if found and (unit[0] in _NEVER_FIRST or found[-1][-1] in _NEVER_LAST or unit.isspace()):
            found[-1] += unit
        else:
            found.append(unit)
    return found


def break_lines(text: str, measure: Callable[[str], float], width: float) -> list[str]:
    """Break into the fewest lines that `width` allows: between clauses if that is enough, else evenly."""
    fewest = _filled(units(text), measure, width)
    clauses = _filled([part for part in _CLAUSE.findall(text) if part], measure, width)
    if len(clauses) <= len(fewest) and all(measure(line) <= width for line in clauses):
        return clauses
    return _evened(fewest, units(text), measure, width)


def _evened(lines: list[str], parts: list[str], measure: Callable[[str], float], width: float) -> list[str]:
    """The same number of lines with the longest as short as it can be."""
    low, high = width / max(len(lines), 1), width
    while high - low > width / 100:
        middle = (low + high) / 2
        found = _filled(parts, measure, middle)
        if len(found) <= len(lines) and all(measure(line) <= middle for line in found):
            lines, high = found, middle
        else:
            low = middle
    return lines


def _filled(parts: list[str], measure: Callable[[str], float], width: float) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and measure((lines[-1] + part).rstrip()) <= width:
            lines[-1] += part
        else:
            lines.append(part)
    return [line.rstrip() for line in lines]
