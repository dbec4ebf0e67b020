"""Which characters the shipped font can draw. In: texts. Out: the characters that would show as boxes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from kiosk.environment import FONTS


@cache
def _held() -> frozenset[int]:
    found: set[int] = set()
    for word in (FONTS / "coverage.txt").read_text(encoding="ascii").split():
        first, _, last = word.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def missing(texts: Iterable[str]) -> str:
    """Each character that the font lacks, once, in order; empty when all can be drawn."""
    held = _held()
    lacking = {
        letter: None for text in texts for letter in text if ord(letter) not in held and letter != "\n"
    }
    return "".join(lacking)
