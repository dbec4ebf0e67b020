"""The terminal's durable queue: answers go in, taps on the disk come out, and stay until they are settled.

In: answers with a clock reading; receipts as ranges. Out: frozen taps, oldest unsettled first, per store.

A store is one unbroken run of seqs, made on one machine for one terminal. When the newest store in the file
belongs to another machine (a card copied, or moved to a new board) new taps go to a new store. What the old
store still holds is sent on under its old name by the same terminal: the other copy's rows have the same
identity and the same body, so the hub counts each once, whichever copy is first. Under another terminal's
name they would count twice: then they are set aside with that reason, and told. A damaged file is put in
quarantine, what can be read of it is carried over under its old store, and new taps get a new store.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import structlog
from sqlite_utils import Database

from link import outbox_file, outbox_rescue, outbox_tables
from link.answer import Answer
from link.clock import Reading
from link.crash_points import reach
from link.messages import Range, StoreState, Tap
from link.outbox_file import OutboxBroken, OutboxError, OutboxFull

__all__ = ["Answer", "Outbox", "OutboxBroken", "OutboxError", "OutboxFull"]

log = structlog.get_logger("link.outbox")
T = TypeVar("T")
KEPT_FOR = 30 * 86_400_000
"""Settled rows stay 30 days (ms), so that a hub restored from a backup can ask for them again."""


class Outbox:
    """The queue in one SQLite file. Thread-safe; a second process may read and write it too."""

    def __init__(self, path: Path, *, machine: str, terminal: str = "") -> None:
        self.path = path
        self._machine = machine
        self._terminal = terminal
        self._lock = threading.RLock()
        self._reserve = outbox_file.Reserve(path)
        self._troubles: set[str] = set()
        self._can_give_up = True  # on a full disk: there may be settled rows to delete
        self._database: Database | None = None
        self.lost: dict[str, tuple[Range, ...]] = {}
        """Seqs of damaged stores that could not be read any more, by store."""
        with self._lock:
            self._open()

    @classmethod
    def open(cls, path: Path | str, *, machine: str, terminal: str = "") -> Outbox:
        """Open or create the queue; raise OutboxFull or OutboxBroken.

        `machine` binds the store to this hardware. `terminal` is the id under which taps are sent; empty when
        unknown.
        """
        return cls(Path(path), machine=machine, terminal=terminal)

    @property
    def store(self) -> str:
        """The store that new taps go to."""
        return self._store

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong, in words of the contract: `disk_full`, `store_replaced`."""
        return tuple(sorted(self._troubles))

    def keep(self, answer: Answer, reading: Reading) -> Tap:
        """Put an answer on the disk and return it as a tap, committed and fsynced.

        `reading` is the clock at the touch; for an answer that amends another one, the clock at that one's.

        Raise OutboxFull when the disk takes no more, OutboxBroken when the store cannot be written,
        BadMessage when the answer is none that the contract can carry.
        """
        with self._lock:
            tap = self._guarded(lambda database: self._insert(database, answer, reading))
        reach("outbox.after_commit")
        return tap

    def due(self, limit: int = 100, after: int = 0, store: str | None = None) -> list[Tap]:
        """Up to `limit` unsettled taps of one store with a seq above `after`, oldest first."""
        return self._read(lambda database: outbox_tables.due(database, self._number(store), limit, after))

    def urgent(self) -> dict[str, list[Tap]]:
        """The unsettled taps that go before all others, by store."""
        return self._read(outbox_tables.urgent)

    def stores(self) -> list[str]:
        """The stores that hold unsettled taps, oldest first; the current one is always the last."""
        open_ones = self._read(outbox_tables.open_stores)
        return [store for store in open_ones if store != self._store] + [self._store]

    def settle(self, ranges: Iterable[Range], *, store: str | None = None, at: int = 0) -> int:
        """Mark taps as committed by the hub; return how many were not so marked before.

        `at` is the time in ms UTC, 0 when no trusted clock can tell.
        """
        self._can_give_up = True
        return self._write(lambda database: outbox_tables.settle(database, self._number(store), ranges, at))

    def refuse(self, seq: int, reason: str, *, store: str | None = None) -> None:
        """Set one tap aside: it is not sent again, and stays on the disk with the reason."""
        self._write(lambda database: outbox_tables.refuse(database, self._number(store), seq, reason))

    def reopen(self, ranges: Iterable[Range], *, store: str | None = None) -> int:
        """Make taps due again, as the hub asked; return how many."""
        return self._write(lambda database: outbox_tables.reopen(database, self._number(store), ranges))

    def figures(self, reading: Reading, store: str | None = None) -> StoreState:
        """The ledger as this terminal sees it."""
        with self._lock:
            name = store or self._store
            return self._guarded(
                lambda database: outbox_tables.figures(database, self._number(store), name, reading)
            )

    def pending(self) -> int:
        """How many taps of all stores are not settled."""
        return self._read(outbox_tables.pending)

    def last_seq(self) -> int:
        """The newest seq of the current store; 0 when there is none."""
        return self._read(lambda database: outbox_tables.next_seq(database, self._store_no)) - 1

    def oldest_pending_at(self, reading: Reading) -> int:
        """When the oldest unsettled tap was made, ms by the terminal's clock; 0 when there is none."""
        oldest = self.due(1, store=self.stores()[0])
        return outbox_tables.made_at(oldest[0], reading) if oldest else 0

    def old_stores(self) -> list[str]:
        """Other stores of which there are rows, settled or not."""
        with self._lock:
            return [name for name in self._guarded(outbox_tables.stores_with_rows) if name != self._store]

    def holds(self, store: str) -> bool:
        """Whether this file knows the store."""
        return self._read(lambda database: outbox_tables.number_of(database, store)) > 0

    def compact(self, now: int) -> int:
        """Delete rows settled or refused 30 days before `now` (ms UTC, trusted); return how many."""
        gone = self._write(lambda database: outbox_tables.compact(database, now, now - KEPT_FOR))
        self.recheck()
        return gone

    def recheck(self) -> None:
        """Look whether a full disk has room again."""
        with self._lock:
            self._recheck()

    def close(self) -> None:
        """Close the file. Every later call raises OutboxBroken."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    # --- inside ---------------------------------------------------------------------------------------

    def _insert(self, database: Database, answer: Answer, reading: Reading) -> Tap:
        if "disk_full" in self._troubles and self._can_give_up:
            self._can_give_up = outbox_tables.hold_slack(database)
        with outbox_tables.transaction(database):
            seq = outbox_tables.next_seq(database, self._store_no)
            tap = answer.as_tap(seq, reading)
            outbox_tables.insert(database, self._store_no, tap)
            reach("outbox.before_commit")
        return tap

    def _read(self, work: Callable[[Database], T]) -> T:
        with self._lock:
            return self._guarded(work)

    def _write(self, work: Callable[[Database], T]) -> T:
        def in_transaction(database: Database) -> T:
            with outbox_tables.transaction(database):
                return work(database)

        with self._lock:
            return self._guarded(in_transaction)

    def _guarded(self, work: Callable[[Database], T]) -> T:
        """Do the work; after a full disk or a damaged file, make it possible and do it once more."""
        try:
            return work(self._opened())
        except sqlite3.Error as error:
            first = error
        try:
            if outbox_file.is_corrupt(first):
                self._replace(first)
            elif outbox_file.is_no_room(first):
                self._make_room()
            else:
                raise first
            return work(self._opened())
        except sqlite3.Error as error:
            raise self._named(error) from error

    def _named(self, error: sqlite3.Error) -> OutboxError:
        if outbox_file.is_no_room(error):
            self._reserve.give_up()
            if not self._reserve.take():
                return OutboxFull(f"{OutboxFull.__doc__} ({error})")
        return OutboxBroken(f"{OutboxBroken.__doc__} ({error})")

    def _opened(self) -> Database:
        if self._database is None:
            raise OutboxBroken("the store has been closed")
        return self._database

    def _number(self, store: str | None) -> int:
        if store is None or store == self._store:
            return self._store_no
        return outbox_tables.number_of(self._opened(), store)

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        outbox_rescue.finish(self.path)
        try:
            self._connect()
        except sqlite3.Error as error:
            if outbox_file.is_corrupt(error):
                self._replace(error)
            elif outbox_file.is_no_room(error):
                self._reserve.give_up()
                self._retry_connect()
            else:
                raise OutboxBroken(f"{self.path}: {error}") from error
        self._recheck()

    def _retry_connect(self) -> None:
        try:
            self._connect()
        except sqlite3.Error as error:
            raise self._named(error) from error

    def _connect(self) -> None:
        database = outbox_file.connect(self.path)
        try:
            with outbox_tables.transaction(database):
                chosen = outbox_tables.choose_store(
                    database, self._machine, self._terminal, secrets.token_hex(8)
                )
        except BaseException:
            database.close()
            raise
        self._database = database
        self._store_no, self._store = chosen.store_no, chosen.store
        if chosen.replaced:
            self._troubles.add("store_replaced")
            log.warning(
                "outbox.store_moved", store=self._store, old=chosen.replaced, set_aside=chosen.set_aside
            )

    def _replace(self, error: sqlite3.Error) -> None:
        """Quarantine the damaged file, carry over what can be read, start a new store."""
        self.close()
        self._reserve.give_up()
        rescued = outbox_rescue.rescue(self.path)
        self.lost |= rescued.lost
        self._troubles.add("store_replaced")
        self._retry_connect()
        log.error(
            "outbox.store_replaced",
            error=str(error),
            store=self._store,
            quarantined=rescued.quarantined.name,
            carried=rescued.carried,
            lost=rescued.lost,
            tail_unknown=rescued.tail_unknown,
        )
        self._recheck()

    def _make_room(self) -> None:
        """Give settled rows back to the disk, oldest first."""
        if "disk_full" not in self._troubles:
            self._troubles.add("disk_full")
            log.error("outbox.disk_full", store=self._store, path=str(self.path))
        self._reserve.give_up()
        for broken in outbox_file.newest_broken(self.path)[:-1]:
            broken.unlink(missing_ok=True)
        outbox_tables.begin_log_anew(self._opened())
        self._can_give_up = outbox_tables.hold_slack(self._opened())

    def _recheck(self) -> None:
        if self._reserve.take():
            if "disk_full" in self._troubles:
                log.warning("outbox.disk_has_room", store=self._store)
            self._troubles.discard("disk_full")
        else:
            self._troubles.add("disk_full")
