"""One file, one thing: no source file over 300 lines, no name that tells nothing.

In: the tree. Out: one line a breach, exit code 1 when there is any.
"""

from __future__ import annotations

import sys
from pathlib import Path

from our_files import ROOT, is_ours_to_run, our_files

MOST_LINES = 300
TELL_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "base", "misc"}
PAGE_OF_A_PERSON = Path("hub/web/manager")
"""The pages for the manager, who is a person of the glossary: there the word says all."""


def names_of(path: Path) -> set[str]:
    """The words that a path is made of, without what may carry such a name."""
    for allowed in (PAGE_OF_A_PERSON, Path("tests") / PAGE_OF_A_PERSON):
        if path.is_relative_to(allowed):
            path = path.relative_to(allowed)
    return {*path.parts[:-1], path.stem}


def breaches() -> list[str]:
    """One sentence for each file that is too long or named for nothing."""
    found = []
    for path in our_files(".py"):
        for name in sorted(names_of(path) & TELL_NOTHING):
            found.append(f"{path}: {name!r} tells nothing; name it for what it does")
        lines = len((ROOT / path).read_text("utf-8").splitlines())
        if is_ours_to_run(path) and lines > MOST_LINES:
            found.append(f"{path}: {lines} lines, at most {MOST_LINES}; is it still one thing?")
    return found


if __name__ == "__main__":
    found = breaches()
    print("\n".join(found) or "every file is short and named")
    sys.exit(1 if found else 0)
