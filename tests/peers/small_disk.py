"""A disk that is really full, for a process of its own: a small tmpfs, or a limit on the size of its files.

A tmpfs needs the right to mount (root, or user namespaces); the limit needs none and ends in EFBIG instead of
ENOSPC. `run` starts this module there; its `main` tells what an outbox did, as one line of JSON.
"""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
from functools import cache
from pathlib import Path

from link.answer import Answer
from link.clock import Reading
from link.outbox import Outbox, OutboxFull

READING = Reading("boot-1", 1_000, 1_795_428_000_000, trusted=True, day=20261123)
ANSWER = Answer("lobby@1", "satisfied", "faces-5", 4)
MIB = 1024 * 1024
_MOUNTERS = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])


class Tmpfs:
    """Six MiB; what is left is taken by a file."""

    def __init__(self, folder: Path) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
        self._filler = folder / "filler"

    def fill(self) -> None:
        with contextlib.suppress(OSError), self._filler.open("ab", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)


class FileSizeLimit:
    """No file of this process may grow beyond the size of the store's now, plus a little."""

    def __init__(self, folder: Path) -> None:
        self._store = folder / "outbox.db"

    def fill(self) -> None:
        self._limit(self._store.stat().st_size + 64 * 1024)

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@cache
def kinds() -> tuple[str, ...]:
    """The disks that can be had here."""
    return ("limit", "tmpfs") if _mounter() else ("limit",)


@cache
def _mounter() -> tuple[str, ...] | None:
    probe = ["sh", "-c", "mount -t tmpfs -o size=64k tmpfs /tmp"]
    for words in _MOUNTERS:
        with contextlib.suppress(OSError):
            if subprocess.run([*words, *probe], capture_output=True, check=False).returncode == 0:
                return tuple(words)
    return None


def run(kind: str, story: str, folder: Path) -> dict[str, object]:
    """Let an outbox live through a story on a small disk; return what it tells."""
    start = list(_mounter() or ()) if kind == "tmpfs" else []
    words = [*start, sys.executable, "-m", "tests.peers.small_disk", kind, story, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def keep_until_full(outbox: Outbox, most: int) -> tuple[int, str]:
    """How many taps were kept, and the words with which the next one was refused (empty: none was)."""
    for kept in range(most):
        try:
            outbox.keep(ANSWER, READING)
        except OutboxFull as error:
            return kept, str(error)
    return most, ""


def unsettled_only(outbox: Outbox, disk: Tmpfs | FileSizeLimit) -> dict[str, object]:
    """Nothing is settled, the disk fills up, and has room again."""
    before, _ = keep_until_full(outbox, 200)
    disk.fill()
    more, words = keep_until_full(outbox, 50_000)
    full = outbox.troubles
    again, _ = keep_until_full(outbox, 1)
    held = len(outbox.due(limit=100_000))
    disk.free()
    outbox.recheck()
    room = outbox.troubles
    after, _ = keep_until_full(outbox, 100)
    return {
        "kept": before + more,
        "words": words,
        "full": full,
        "again": again,
        "held": held,
        "room": room,
        "after": after,
        "seqs": [tap.seq for tap in outbox.due(limit=100_000)],
    }


def settled_first(outbox: Outbox, disk: Tmpfs | FileSizeLimit) -> dict[str, object]:
    """Eight hundred rows are settled when the disk fills up; six hundred taps come."""
    keep_until_full(outbox, 1000)
    outbox.settle([(1, 800)])
    disk.fill()
    kept, words = keep_until_full(outbox, 600)
    figures = outbox.figures(READING)
    return {
        "kept": kept,
        "words": words,
        "troubles": outbox.troubles,
        "pending": figures.pending,
        "made": figures.days[0].made,
        "reopened": outbox.reopen([(1, 800)]),
    }


def start_on_a_full_disk(outbox: Outbox, disk: Tmpfs | FileSizeLimit) -> dict[str, object]:
    """The disk is full when the terminal starts."""
    keep_until_full(outbox, 300)
    outbox.settle([(1, 200)])
    outbox.close()
    disk.fill()
    again = Outbox.open(outbox.path, machine="board-1")
    kept, words = keep_until_full(again, 50)
    told = {"kept": kept, "words": words, "pending": again.figures(READING).pending, "same": again.store}
    again.close()
    return told | {"store": outbox.store}


def main() -> None:
    kind, story, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    disk = Tmpfs(folder) if kind == "tmpfs" else FileSizeLimit(folder)
    outbox = Outbox.open(folder / "outbox.db", machine="board-1")
    tell = {one.__name__: one for one in (unsettled_only, settled_first, start_on_a_full_disk)}[story]
    told = tell(outbox, disk)
    disk.free()
    outbox.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
