"""Tap → kept on disk: `Outbox.keep` beside a bare BEGIN IMMEDIATE; INSERT; COMMIT, in turns, same disk."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, quantile
from link.machine import MachineClock
from link.outbox import Answer, Outbox

TAPS = 2_000
BARE = "INSERT INTO taps (store, body) VALUES (?, ?)"


def measure() -> list[Figure]:
    """p50 and p99 of both in milliseconds, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _run(Path(folder))
    rows = []
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        kept, plain = quantile(ours, share), quantile(bare, share)
        aim = "≤ 2×" if name == "p50" else ""
        rows.append(
            Figure(f"tap → kept, {name}", f"{kept:.3f} ms", f"{plain:.3f} ms bare", kept / plain, aim)
        )
    return rows


def _run(folder: Path) -> tuple[list[float], list[float]]:
    outbox = Outbox.open(folder / "outbox.db", machine="bench")
    clock = MachineClock()
    answer = Answer("bench@1", "satisfied", "faces-5", 4, layout="haochaping-5")
    plain = sqlite3.connect(folder / "bare.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = FULL")
    plain.execute("CREATE TABLE taps (seq INTEGER PRIMARY KEY, store TEXT, body TEXT)")
    body = "x" * 170
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(TAPS):  # in turns, so that a slow moment of the disk meets both
        began = time.perf_counter()
        outbox.keep(answer, clock.read())
        kept = time.perf_counter()
        plain.execute("BEGIN IMMEDIATE")
        plain.execute(BARE, ("store", body))
        plain.execute("COMMIT")
        ours.append((kept - began) * 1000)
        bare.append((time.perf_counter() - kept) * 1000)
    plain.close()
    outbox.close()
    return ours, bare
