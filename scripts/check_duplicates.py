"""What is written twice: runs of code lines that stand in two places of the product.

In: the Python files outside tests and measurements. Out: one line a pair, exit code 1 when there is any.
A line counts after blanks, comments, docstrings and imports are gone; a run is as long as both places agree.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from our_files import ROOT, is_ours_to_run, our_files

SHORTEST_RUN = 7
"""Lines. Shorter runs are mostly a shape that Python asks for, not a thing said twice."""

_SKIPPED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True)
class Line:
    """One line of code, without what does not count."""

    path: Path
    number: int
    text: str


def _uncounted(source: str) -> set[int]:
    """The numbers of the lines that are imports or docstrings."""
    numbers: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Import | ast.ImportFrom) or text:
            numbers.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return numbers


def code_lines(path: Path, source: str) -> list[Line]:
    """The lines of `source` that say something: their tokens, joined by one blank."""
    words: dict[int, list[str]] = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _SKIPPED:
            words[token.start[0]].append(token.string)
    skipped = _uncounted(source)
    lines = [Line(path, n, " ".join(found)) for n, found in sorted(words.items()) if n not in skipped]
    return [line for line in lines if any(letter.isalnum() for letter in line.text)]


def repeated(files: list[list[Line]], shortest: int) -> list[tuple[Line, Line, int]]:
    """Pairs of first lines with the number of lines they share from there; the longest first."""
    places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for index, lines in enumerate(files):
        for start in range(len(lines) - shortest + 1):
            run = tuple(line.text for line in lines[start : start + shortest])
            places[run].append((index, start))
    told: set[tuple[int, int, int, int]] = set()
    found = []
    for first, second in _pairs(places):
        (a, i), (b, j) = first, second
        if (a, i - 1, b, j - 1) in told:
            told.add((a, i, b, j))  # the tail of a run that was told already
            continue
        told.add((a, i, b, j))
        found.append((files[a][i], files[b][j], _shared(files[a][i:], files[b][j:])))
    return sorted(found, key=lambda pair: -pair[2])


def _pairs(
    places: dict[tuple[str, ...], list[tuple[int, int]]],
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    pairs = []
    for where in places.values():
        for k, first in enumerate(where):
            pairs.extend((first, second) for second in where[k + 1 :])
    return sorted(pairs)


def _shared(ours: list[Line], theirs: list[Line]) -> int:
    count = 0
    for a, b in zip(ours, theirs, strict=False):
        if a.text != b.text:
            break
        count += 1
    return count


def main() -> int:
    """Read the tree, tell the pairs."""
    paths = [path for path in our_files(".py") if is_ours_to_run(path)]
    files = [code_lines(path, (ROOT / path).read_text("utf-8")) for path in paths]
    found = repeated(files, SHORTEST_RUN)
    for a, b, count in found:
        print(f"{a.path}:{a.number} ~ {b.path}:{b.number}: {count} lines the same; let one place say it")
    if not found:
        print(f"nothing is said twice in {len(paths)} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
