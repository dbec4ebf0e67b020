"""Files that are written by a script and committed: bring them up to date, or tell that they are not.

In: the wanted text of each file. Out: the files, one line for each that changed, and an exit code.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write(wanted: dict[Path, str], *, only_check: bool) -> int:
    """Write what differs, or with `only_check` tell it and give exit code 1."""
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    if not only_check:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], "utf-8")
    for path in stale:
        print(f"{path.relative_to(ROOT)}: {'out of date; make docs writes it' if only_check else 'written'}")
    print(f"{len(wanted) - len(stale)} of {len(wanted)} generated files were up to date")
    return 1 if stale and only_check else 0
