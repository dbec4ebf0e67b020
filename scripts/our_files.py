"""Which files are the project's own: what git tracks and what it would, once added.

Out: paths relative to the root, sorted. A tree without git (a tarball) is walked instead.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NEVER = {".venv", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", "var", "build", "dist"}


def our_files(*suffixes: str) -> list[Path]:
    """The project's files that end in one of `suffixes` (all of them when none is named)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = {Path(name) for name in listed.stdout.split("\0") if name}
    else:
        paths = {path.relative_to(ROOT) for path in ROOT.rglob("*") if not _NEVER & set(path.parts)}
    return sorted(
        path
        for path in paths
        if (ROOT / path).is_file() and (not suffixes or path.name.endswith(tuple(suffixes)))
    )


def is_ours_to_run(path: Path) -> bool:
    """Whether this is code of the product itself: not a test, not a measurement, not a migration."""
    return path.parts[0] not in {"tests", "bench"} and "migrations" not in path.parts
