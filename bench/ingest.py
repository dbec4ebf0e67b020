"""Durable taps a second through Mosquitto into SQLite, beside an idle paho consumer and a bare executemany.

Load generator, broker and hub share the machine's cores; all in one run, in turns; medians of three.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench import rig as rigs
from bench.figures import Figure
from bench.load import Publisher, blast
from link import messages, topics

TERMINALS = 20
ROUNDS = 3
BATCHED = 400_000
BATCH = 20
SINGLE = 60_000


def measure() -> list[Figure]:
    """Batches of 20 against both peers, single taps against the idle consumer."""
    batched = [_hub(BATCHED, BATCH) for _ in range(ROUNDS)]
    bare = [_executemany(BATCHED) for _ in range(ROUNDS)]
    single, idle_single, idle_batched = [], [], []
    for _ in range(ROUNDS):
        single.append(_hub(SINGLE, 1))
        idle_single.append(_idle(SINGLE, 1))
        idle_batched.append(_idle(BATCHED, BATCH))
    ours, alone = median(batched), median(single)
    return [
        Figure("durable taps/s, batches of 20", f"{ours:,.0f}", "", None, "≥ 100,000"),
        _beside("  beside executemany of the same rows", ours, median(bare), "≥ 0.4"),
        _beside("  beside a paho consumer that does nothing", ours, median(idle_batched), ""),
        _beside("durable taps/s, single taps, beside idle paho", alone, median(idle_single), "≥ 0.7"),
    ]


def _beside(what: str, ours: float, peer: float, aim: str) -> Figure:
    return Figure(what, f"{ours:,.0f}", f"{peer:,.0f}", ours / peer, aim)


def payloads(terminal: int, taps: int, batch: int, store: str = "benchstore") -> list[bytes]:
    """Encoded batches of one terminal: seq from 1, one tap a second, ratings going round."""
    now = int(time.time() * 1000)
    made = [
        messages.Tap(
            seq=seq,
            tapped_at=now - (taps - seq) * 1000,
            uptime=seq * 1000,
            boot="b3f1c2d4-0000",
            trusted=True,
            day=20261123,
            questionnaire="lobby@1",
            question="satisfied",
            scale="faces-5",
            rating=(seq + terminal) % 5 + 1,
            layout="haochaping-5",
        )
        for seq in range(1, taps + 1)
    ]
    return [
        messages.encode(
            messages.TapBatch(1, store, "b3f1c2d4-0000", taps * 1000, now, True, tuple(made[at : at + batch]))
        )
        for at in range(0, taps, batch)
    ]


def _publishers(rig: rigs.Rig, taps: int, batch: int) -> list[Publisher]:
    each = taps // len(rig.terminals)
    return [
        Publisher(rig.mqtt_port, name, rigs.SECRET, topics.taps(name), payloads(number, each, batch))
        for number, name in enumerate(rig.terminals)
    ]


def _hub(taps: int, batch: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        rig = rigs.make(Path(folder), TERMINALS)
        with rigs.mosquitto(rig), rigs.hub(rig):
            publishers = _publishers(rig, taps, batch)
            time.sleep(1.0)
            return _timed(publishers, taps, rig.committed)


def _timed(publishers: list[Publisher], taps: int, count: Callable[[], int]) -> float:
    began = time.perf_counter()
    blast(publishers)
    while count() < taps:
        if time.perf_counter() - began > 120:
            raise TimeoutError(f"{count()} of {taps} taps after two minutes")
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    for one in publishers:
        one.close()
    return taps / seconds


def _idle(taps: int, batch: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        rig = rigs.make(Path(folder), TERMINALS)
        with rigs.mosquitto(rig):
            expected = taps // batch
            consumer = subprocess.Popen(
                [sys.executable, "-m", "bench.idle_consumer", str(rig.mqtt_port), str(expected)],
                cwd=rigs.ROOT,
                stdout=subprocess.PIPE,
            )
            with contextlib.closing(consumer.stdout) as said:  # type: ignore[type-var]
                said.readline()  # it has subscribed
                publishers = _publishers(rig, taps, batch)
                began = time.perf_counter()
                blast(publishers)
                said.readline()  # it has had them all
                seconds = time.perf_counter() - began
            consumer.wait()
            for one in publishers:
                one.close()
            return taps / seconds


def _executemany(taps: int) -> float:
    """The rows that the hub writes, in transactions of 1,000 messages' worth, with the same unique index."""
    rows = [
        (1, seq, 1, 1, seq % 5 + 1, 1_700_000_000_000 + seq, 0, 1_700_000_000_000, 0, 0, 20261123, "x" * 60)
        for seq in range(1, taps + 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        rig = rigs.make(Path(folder), 1)
        raw = sqlite3.connect(rig.database, isolation_level=None)
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        columns = "store_no, seq, touchpoint_id, question_no, rating, tapped_at, placed, received_at, proof"
        began = time.perf_counter()
        for start in range(0, taps, 1000 * BATCH):
            raw.execute("BEGIN IMMEDIATE")
            raw.executemany(
                f"INSERT INTO taps ({columns}, flags, day, body) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                rows[start : start + 1000 * BATCH],
            )
            raw.execute("COMMIT")
        seconds = time.perf_counter() - began
        raw.close()
    return taps / seconds
