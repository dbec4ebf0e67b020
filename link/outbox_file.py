"""The file under the outbox: opening, checking, the reserve on the disk.

In: a path. Out: an open database of the outbox's schema, or one of two errors that a kiosk can show.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from sqlite_utils import Database

VERSION = 1
RESERVE_BYTES = 2 * 1024 * 1024
"""Held back on the disk so that settled rows can still be deleted when nothing else fits any more."""
WAL_PAGES = 256
"""The log is copied back every 256 pages (1 MiB), so it always fits into the reserve."""

UNSETTLED, SETTLED, REFUSED = 0, 1, 2
IS_URGENT = f"state = {UNSETTLED} AND instr(body, '\"urgent\":true') > 0"
"""In the very words of a partial index: looking for urgent taps costs nothing while there are none."""
URGENT = f"CREATE INDEX IF NOT EXISTS urgent ON taps (store_no, seq) WHERE {IS_URGENT};"

SCHEMA = f"""
CREATE TABLE stores (  -- one row a store; the newest is the one that taps go to
    store_no INTEGER PRIMARY KEY,
    store TEXT NOT NULL UNIQUE,
    machine TEXT NOT NULL,
    terminal TEXT NOT NULL,
    floor INTEGER NOT NULL DEFAULT 0  -- no seq up to here is ever given out again
);
CREATE TABLE taps (
    store_no INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    day INTEGER NOT NULL,
    settled_at INTEGER NOT NULL DEFAULT 0,  -- 0: not known yet, told by the next compaction
    reason TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL,
    PRIMARY KEY (store_no, seq)
) WITHOUT ROWID;
CREATE INDEX due ON taps (store_no, seq) WHERE state = {UNSETTLED};
CREATE TABLE gone (  -- how many rows of a day were deleted, so that the ledger's claim stays whole
    store_no INTEGER NOT NULL,
    day INTEGER NOT NULL,
    made INTEGER NOT NULL,
    PRIMARY KEY (store_no, day)
) WITHOUT ROWID;
CREATE TRIGGER taps_are_frozen BEFORE UPDATE OF store_no, seq, day, body ON taps
    BEGIN SELECT RAISE(ABORT, 'a kept tap never changes'); END;
CREATE TRIGGER unsettled_taps_stay BEFORE DELETE ON taps WHEN old.state = {UNSETTLED}
    BEGIN SELECT RAISE(ABORT, 'an unsettled tap is never deleted'); END;
{URGENT}
"""


class OutboxError(Exception):
    """The terminal's store did not take the tap."""


class OutboxFull(OutboxError):
    """The disk takes no more taps; nothing that was kept has been lost."""


class OutboxBroken(OutboxError):
    """The terminal's store can be neither read nor written."""


def connect(path: Path) -> Database:
    """Open (or create) the database; raise sqlite3.Error as it comes."""
    connection = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        return _prepared(Database(connection, execute_plugins=False))
    except BaseException:
        connection.close()
        raise


def _prepared(database: Database) -> Database:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")  # a commit has been fsynced, or it is none
    database.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and not database.execute("SELECT 1 FROM sqlite_schema").fetchone():
        database.conn.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
    elif version != VERSION:
        raise OutboxBroken(f"the store has form {version}, this program knows {VERSION}: upgrade the program")
    database.execute(URGENT)  # a store made by an earlier program has it not
    verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"database disk image is malformed: {verdict}")
    return database


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether this error says that the file itself is damaged."""
    if isinstance(error, sqlite3.DatabaseError) and "malformed" in str(error):
        return True
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_no_room(error: sqlite3.Error) -> bool:
    """Whether this error may come from a disk, quota or file size that is used up."""
    return _code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


class Reserve:
    """A file of 2 MiB beside the store, given up when the disk is full and taken back when it is not."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".reserve")

    def take(self) -> bool:
        """Hold the reserve; say whether it is held. False means that the disk is full."""
        if self._path.exists():
            return True
        part = self._path.with_name(self._path.name + ".part")
        try:
            with part.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
            part.replace(self._path)
        except OSError as error:
            part.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                return False
            raise OutboxBroken(f"{self._path}: {error.strerror}") from error
        return True

    def give_up(self) -> None:
        """Free the reserve's room for the store."""
        self._path.unlink(missing_ok=True)


def newest_broken(path: Path) -> list[Path]:
    """The quarantined files of this store, oldest first."""
    found = path.parent.glob(path.name + ".broken-[0-9]*")
    return sorted((p for p in found if p.suffix[8:].isdigit()), key=lambda p: int(p.suffix[8:]))
