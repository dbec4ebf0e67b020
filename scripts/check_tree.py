"""What must never be committed: registry addresses, paths of one machine, secrets, unfinished marks.

In: every text file of the tree. Out: one line a finding, exit code 1 when there is any.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from our_files import ROOT, our_files

# Written with brackets, so that this file does not find itself.
RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (
        "the address of a package registry",
        re.compile(r"://[a-z0-9.-]*(py[p]i|python[h]osted|npm[j]s|[.]debian[.])"),
        "",
    ),
    (
        "an absolute path of one machine",
        re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:wor[k]|far[m]|roo[t]|hom[e]/[a-z]+)/"),
        "",
    ),
    (
        "a secret",
        re.compile(
            r"-----BEGI[N] [A-Z ]*PRIVATE KEY|\bgh[p]_[A-Za-z0-9]{36}|\bAKI[A][0-9A-Z]{16}\b"
            r"|webhook/send\?key=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}"
        ),
        "tests/",
    ),
    ("an unfinished mark", re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b"), "docs/"),
)
REFUSED_FILES = {"uv.lock", "package-lock.json", "poetry.lock", ".env", "id_rsa"}
_BINARY = (".png", ".jpg", ".otf", ".ttf", ".woff2", ".wav", ".gz", ".db", ".ico")
_FOREIGN = re.compile(r"(^|/)vendor/|\.min\.js$|^LICENSE$")


def findings(path: Path) -> list[str]:
    """One line for each thing in the file that must not be committed."""
    if path.name in REFUSED_FILES:
        return [f"{path}: this file carries resolved addresses or secrets; leave it out"]
    if path.name.endswith(_BINARY) or _FOREIGN.search(path.as_posix()):
        return []
    text = (ROOT / path).read_text("utf-8", errors="replace")
    return [
        f"{path}:{number}: {what}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern, spared in RULES
        if pattern.search(line) and not (spared and path.as_posix().startswith(spared))
    ]


if __name__ == "__main__":
    found = [line for path in our_files() for line in findings(path)]
    print("\n".join(found) or "nothing in the tree that must not be committed")
    sys.exit(1 if found else 0)
