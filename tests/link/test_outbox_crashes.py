"""The process ends at a named point, as by a power cut; the next one must find exactly the right rows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from link.clock import Reading
from link.crash_points import EXIT_CODE
from link.outbox import Outbox

READING = Reading("boot-1", 1_000, 1_795_428_000_000, trusted=True, day=20261123)
KEEP_FIVE = """
import sys
from link.answer import Answer
from link.clock import Reading
from link.outbox import Outbox
outbox = Outbox.open(sys.argv[1], machine="board-1")
reading = Reading("boot-1", 1_000, 1_795_428_000_000, trusted=True, day=20261123)
for rating in range(1, 6):
    tap = outbox.keep(Answer("lobby@1", "q", "faces-5", rating), reading)
    print(tap.seq, flush=True)  # the thank-you
"""


@pytest.mark.parametrize(("point", "on_disk"), [("outbox.before_commit", 2), ("outbox.after_commit", 3)])
def test_a_crash_around_the_commit_leaves_all_that_was_thanked_for_and_no_half_tap(
    tmp_path: Path, point: str, on_disk: int
) -> None:
    path = tmp_path / "outbox.db"
    died = subprocess.run(
        [sys.executable, "-c", KEEP_FIVE, str(path)],
        env=os.environ | {"TAPLOOP_CRASH_AT": f"{point}:3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == EXIT_CODE, died.stderr
    thanked = [int(line) for line in died.stdout.split()]
    assert thanked == [1, 2]
    outbox = Outbox.open(path, machine="board-1")
    assert [tap.seq for tap in outbox.due()] == list(range(1, on_disk + 1))
    assert outbox.figures(READING).last_seq == on_disk
    assert outbox.troubles == ()
    outbox.close()
