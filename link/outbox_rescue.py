"""What is done with a damaged outbox: the file goes into quarantine, what can be read goes into a fresh one.

In: the path of a damaged store. Out: a fresh file at the same path that holds every readable row under its
old store, and the ranges that could not be read. A power cut between two steps is made good at the next
start.
"""

# ruff: noqa: S608 only the names of our own columns are put into the statements

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from link import outbox_file
from link.messages import BadMessage, Range, decode_tap, ranges_of

PAGE = 4096
PAGE_COUNT_AT = 28
"""Where the first page says how many pages there are (sqlite.org/fileformat.html, 1.3.7)."""
KEEP_BROKEN = 3
"""Quarantined files kept for a technician."""
Row = tuple[int, int, int, int, int, str, str]
_COLUMNS = "store_no, seq, state, day, settled_at, reason, body"


@dataclass
class Rescued:
    """Where the damaged file lies now, how many rows were carried over, which seqs could not be read.

    Of the stores in `tail_unknown` the newest rows cannot be read either, nor can it be told how many.
    """

    quarantined: Path
    carried: int = 0
    lost: dict[str, tuple[Range, ...]] = field(default_factory=dict)
    tail_unknown: list[str] = field(default_factory=list)


def finish(path: Path) -> None:
    """End a rescue that a power cut interrupted between its renames; throw away one interrupted earlier."""
    fresh = _fresh_path(path)
    if not fresh.exists():
        return
    if path.exists():
        _remove(fresh)
    else:
        fresh.replace(path)


def rescue(path: Path) -> Rescued:
    """Carry over what can be read; raise sqlite3.Error or OSError when no fresh file can be written."""
    fresh = _fresh_path(path)
    _remove(fresh)
    quarantined = _free_name(path)
    with contextlib.closing(outbox_file.connect(fresh)) as target, _readable(path) as source:
        rescued = Rescued(quarantined)
        target.conn.execute("BEGIN IMMEDIATE")
        if source is not None:
            _carry(source, target.conn, rescued)
        target.conn.execute("COMMIT")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(quarantined.with_name(quarantined.name + suffix))
    fresh.replace(path)
    for old in outbox_file.newest_broken(path)[:-KEEP_BROKEN]:
        _remove(old)
    return rescued


def _fresh_path(path: Path) -> Path:
    return path.with_name(path.name + ".rescue")


def _free_name(path: Path) -> Path:
    taken = [int(old.suffix[8:]) for old in outbox_file.newest_broken(path)]
    return path.with_name(f"{path.name}.broken-{max(taken, default=0) + 1}")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[sqlite3.Connection | None]:
    """The damaged file, as it is or with its first page replaced; None when neither can be read at all."""
    graft = path.with_name(path.name + ".graft")
    _remove(graft)
    try:
        connection = _open_if_known(path) or _open_if_known(_grafted(path, graft))
        try:
            yield connection
        finally:
            if connection is not None:
                connection.close()
    finally:
        _remove(graft)


def _open_if_known(path: Path) -> sqlite3.Connection | None:
    if not path.exists():
        return None
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("SELECT store_no FROM stores LIMIT 1").fetchall()
    except sqlite3.Error:
        connection.close()
        return None
    return connection


def _grafted(path: Path, graft: Path) -> Path:
    """A copy whose first page, which says where the tables are, comes from an empty store: they begin on the
    same pages in every store, because each store is created by the same statements."""
    outbox_file.connect(graft).close()
    with graft.open("rb") as file:
        head = file.read(PAGE)
    shutil.copyfile(path, graft)
    wal = path.with_name(path.name + "-wal")
    if wal.exists():
        shutil.copyfile(wal, graft.with_name(graft.name + "-wal"))
    with graft.open("r+b") as file:
        file.write(head)
        file.seek(PAGE_COUNT_AT)
        file.write((graft.stat().st_size // PAGE).to_bytes(4, "big"))
    return graft


def _carry(source: sqlite3.Connection, target: sqlite3.Connection, rescued: Rescued) -> None:
    stores = {
        row[0]: row for row in _scan(source, "SELECT store_no, store, machine, terminal, floor FROM stores")
    }
    for store_no, store, machine, terminal, floor in stores.values():
        target.execute(
            "INSERT INTO stores (store_no, store, machine, terminal, floor) VALUES (?, ?, ?, ?, ?)",
            # The machine is forgotten, so that no tap is ever added to a store that has been damaged.
            (store_no, store, f"damaged:{machine}", terminal, floor),
        )
        seqs = []
        newest = next(_scan(source, "SELECT max(seq) FROM taps WHERE store_no = ?", store_no), None)
        if newest is None:
            rescued.tail_unknown.append(store)
        for row in _rows(source, store_no, (newest or (None,))[0] or _most_rows(source)):
            target.execute(f"INSERT OR IGNORE INTO taps ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            seqs.append(row[1])
        rescued.carried += len(seqs)
        lost = _gaps(floor, ranges_of(seqs))
        if lost:
            rescued.lost[store] = lost
    for row in _scan(source, "SELECT store_no, day, made FROM gone"):
        target.execute("INSERT OR IGNORE INTO gone VALUES (?, ?, ?)", row)


def _gaps(floor: int, ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    gaps: list[Range] = []
    upto = floor
    for first, last in ranges:
        if first > upto + 1:
            gaps.append((upto + 1, first - 1))
        upto = max(upto, last)
    return tuple(gaps)


def _scan(source: sqlite3.Connection, sql: str, *values: int) -> Iterator[Any]:
    """Rows up to the first that cannot be read."""
    with contextlib.suppress(sqlite3.Error):
        yield from source.execute(sql, values)


def _rows(source: sqlite3.Connection, store_no: int, last: int) -> Iterator[Row]:
    """Every readable row of a store: in one sweep where the pages are sound, one by one across the damage."""
    seq = 0
    while seq < last:
        for row in _scan(
            source, f"SELECT {_COLUMNS} FROM taps WHERE store_no = ? AND seq > ? ORDER BY seq", store_no, seq
        ):
            seq = row[1]
            if _sound(row):
                yield row
        seq = yield from _across_damage(source, store_no, seq, last)


def _across_damage(
    source: sqlite3.Connection, store_no: int, seq: int, last: int
) -> Generator[Row, None, int]:
    """Look at the seqs after `seq` one by one until one can be read; return where the sweep goes on."""
    while seq < last:
        seq += 1
        row = next(
            _scan(source, f"SELECT {_COLUMNS} FROM taps WHERE store_no = ? AND seq = ?", store_no, seq), None
        )
        if row is not None:
            if _sound(row):
                yield row
            return seq
    return seq


def _most_rows(source: sqlite3.Connection) -> int:
    """No store has more rows than its pages can hold."""
    pages = next(_scan(source, "PRAGMA page_count"), (0,))[0]
    return int(pages) * PAGE // 64


def _sound(row: Row) -> bool:
    try:
        return decode_tap(row[6]).seq == row[1]
    except (BadMessage, TypeError):
        return False
