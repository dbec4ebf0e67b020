"""What is done to the outbox's tables: each function is one step inside a transaction that its caller holds.

In: an open database of `link.outbox_file`. Out: taps and figures. sqlite3 errors pass through.
"""

# ruff: noqa: S608 states stand in the statements as numbers, because only so the partial index `due` is used

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import structlog
from sqlite_utils import Database

from link.clock import Reading
from link.messages import MAX_TAPS, BadMessage, DayCount, Range, StoreState, Tap, decode_tap, encode
from link.outbox_file import IS_URGENT, REFUSED, SETTLED, UNSETTLED, is_no_room

log = structlog.get_logger("link.outbox")
SLACK_PAGES = 64
"""Free pages (4 KiB) held inside the file while the disk is full, so that the log can be copied back."""
SLICE = 200
"""Settled rows given up at a time on a full disk."""


class Chosen(NamedTuple):
    """The store that new taps go to, the older one it stands in for, how many rows had to be set aside."""

    store_no: int
    store: str
    replaced: str = ""
    set_aside: int = 0


@contextlib.contextmanager
def transaction(database: Database) -> Iterator[None]:
    """One `BEGIN IMMEDIATE … COMMIT`, undone on any error; a plain BEGIN would fail under a second writer."""
    connection = database.conn
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def choose_store(database: Database, machine: str, terminal: str, fresh: str) -> Chosen:
    """Go on with the newest store if it was made here for this terminal, else begin `fresh`."""
    newest = database.execute(
        "SELECT store_no, store, machine, terminal FROM stores ORDER BY store_no DESC LIMIT 1"
    ).fetchone()
    if newest is None:
        return Chosen(add_store(database, fresh, machine, terminal), fresh)
    store_no, store, its_machine, its_terminal = newest
    if its_machine == machine and _same_terminal(its_terminal, terminal):
        if terminal and not its_terminal:
            database.conn.execute("UPDATE stores SET terminal = ? WHERE store_no = ?", (terminal, store_no))
        return Chosen(store_no, store)
    set_aside = _set_aside_foreign(database, terminal)
    return Chosen(add_store(database, fresh, machine, terminal), fresh, store, set_aside)


def _same_terminal(one: str, other: str) -> bool:
    return not one or not other or one == other


def _set_aside_foreign(database: Database, terminal: str) -> int:
    if not terminal:
        return 0
    return database.conn.execute(
        "UPDATE taps SET state = ?, reason = 'kept for another terminal' WHERE state = ? AND store_no IN"
        " (SELECT store_no FROM stores WHERE terminal NOT IN ('', ?))",
        (REFUSED, UNSETTLED, terminal),
    ).rowcount


def add_store(database: Database, store: str, machine: str, terminal: str, floor: int = 0) -> int:
    """Begin a store; return its number in this file."""
    cursor = database.conn.execute(
        "INSERT INTO stores (store, machine, terminal, floor) VALUES (?, ?, ?, ?)",
        (store, machine, terminal, floor),
    )
    return int(cursor.lastrowid or 0)


def number_of(database: Database, store: str) -> int:
    """The store's number in this file; 0, which no row has, when it is unknown."""
    row = database.execute("SELECT store_no FROM stores WHERE store = ?", (store,)).fetchone()
    return int(row[0]) if row else 0


def next_seq(database: Database, store_no: int) -> int:
    """The seq after the highest ever given out, deleted rows included."""
    row = database.conn.execute(
        "SELECT max(floor, coalesce((SELECT max(seq) FROM taps WHERE store_no = ?1), 0)) + 1"
        " FROM stores WHERE store_no = ?1",
        (store_no,),
    ).fetchone()
    return int(row[0])


def insert(database: Database, store_no: int, tap: Tap) -> None:
    """Keep one tap; raise BadMessage when the contract cannot carry it."""
    body = encode(tap)
    decode_tap(body)
    database.conn.execute(
        "INSERT INTO taps (store_no, seq, day, body) VALUES (?, ?, ?, ?)",
        (store_no, tap.seq, tap.day, body.decode()),
    )


def due(database: Database, store_no: int, limit: int, after: int) -> list[Tap]:
    """Unsettled taps above `after`, oldest first. A row whose body cannot be read is set aside, and told."""
    rows = database.conn.execute(
        f"SELECT seq, body FROM taps WHERE state = {UNSETTLED} AND store_no = ? AND seq > ?"
        " ORDER BY seq LIMIT ?",
        (store_no, after, limit),
    ).fetchall()
    taps = []
    for seq, body in rows:
        try:
            taps.append(decode_tap(body))
        except BadMessage as error:
            log.error("outbox.row_unreadable", store_no=store_no, seq=seq, error=str(error))
            refuse(database, store_no, seq, f"unreadable on the terminal: {error}")
    return taps


def urgent(database: Database) -> dict[str, list[Tap]]:
    """Up to 100 unsettled taps that go before all others, by store, oldest first."""
    rows = database.conn.execute(
        f"SELECT store, body FROM taps JOIN stores USING (store_no) WHERE {IS_URGENT}"
        f" ORDER BY store_no, seq LIMIT {MAX_TAPS}"
    ).fetchall()
    found: dict[str, list[Tap]] = {}
    for store, body in rows:
        with contextlib.suppress(BadMessage):  # `due` sets it aside when its turn comes
            found.setdefault(store, []).append(decode_tap(body))
    return found


def open_stores(database: Database) -> list[str]:
    """The stores with unsettled taps, oldest first."""
    return _stores_with(database, f"t.state = {UNSETTLED}")


def stores_with_rows(database: Database) -> list[str]:
    """The stores with any taps, oldest first."""
    return _stores_with(database, "1")


def _stores_with(database: Database, which: str) -> list[str]:
    rows = database.conn.execute(
        f"SELECT store FROM stores s WHERE EXISTS (SELECT 1 FROM taps t WHERE {which}"
        " AND t.store_no = s.store_no) ORDER BY store_no"
    )
    return [row[0] for row in rows]


def settle(database: Database, store_no: int, ranges: Iterable[Range], at: int) -> int:
    """Mark rows as committed by the hub at `at` (ms UTC, 0 unknown)."""
    return _to_state(database, SETTLED, at, store_no, ranges)


def reopen(database: Database, store_no: int, ranges: Iterable[Range]) -> int:
    """Make rows due again."""
    return _to_state(database, UNSETTLED, 0, store_no, ranges)


def _to_state(database: Database, state: int, at: int, store_no: int, ranges: Iterable[Range]) -> int:
    return sum(
        database.conn.execute(
            "UPDATE taps SET state = ?1, settled_at = ?2, reason = ''"
            " WHERE store_no = ?3 AND seq BETWEEN ?4 AND ?5 AND state <> ?1",
            (state, at, store_no, first, last),
        ).rowcount
        for first, last in ranges
    )


def refuse(database: Database, store_no: int, seq: int, reason: str) -> None:
    """Set one unsettled row aside with its reason."""
    database.conn.execute(
        f"UPDATE taps SET state = {REFUSED}, reason = ?"
        f" WHERE store_no = ? AND seq = ? AND state = {UNSETTLED}",
        (reason[:500], store_no, seq),
    )


def pending(database: Database) -> int:
    """How many rows of all stores are unsettled."""
    return int(database.conn.execute(f"SELECT count(*) FROM taps WHERE state = {UNSETTLED}").fetchone()[0])


def figures(database: Database, store_no: int, store: str, reading: Reading) -> StoreState:
    """Counts, the oldest 50 pending ranges and the last 8 days of one store."""
    one = database.conn.execute
    ranges = one(
        "SELECT min(seq), max(seq) FROM (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS island"
        f" FROM taps WHERE state = {UNSETTLED} AND store_no = ?) GROUP BY island ORDER BY 1 LIMIT 50",
        (store_no,),
    ).fetchall()
    days = one(
        "SELECT day, sum(made) FROM (SELECT day, count(*) AS made FROM taps WHERE store_no = ?1 GROUP BY day"
        " UNION ALL SELECT day, made FROM gone WHERE store_no = ?1) GROUP BY day ORDER BY day DESC LIMIT 8",
        (store_no,),
    ).fetchall()
    counts = dict(
        one("SELECT state, count(*) FROM taps WHERE store_no = ? GROUP BY state", (store_no,)).fetchall()
    )
    oldest = due(database, store_no, 1, 0)
    return StoreState(
        store=store,
        last_seq=next_seq(database, store_no) - 1 if store_no else 0,
        pending=tuple((first, last) for first, last in ranges),
        pending_count=counts.get(UNSETTLED, 0),
        refused_count=counts.get(REFUSED, 0),
        oldest_pending_at=made_at(oldest[0], reading) if oldest else 0,
        days=tuple(DayCount(day, made) for day, made in days),
    )


def made_at(tap: Tap, reading: Reading) -> int:
    """When the terminal itself thinks the tap was made: by its uptime when it is of this boot."""
    if tap.boot == reading.boot:
        return max(0, reading.wall - max(0, reading.uptime - tap.uptime))
    return tap.tapped_at


def compact(database: Database, now: int, before: int) -> int:
    """Delete what was settled or refused before `before`; date with `now` what has no date yet."""
    database.conn.execute(
        f"UPDATE taps SET settled_at = ? WHERE state <> {UNSETTLED} AND settled_at = 0", (now,)
    )
    return _delete(database, f"state <> {UNSETTLED} AND settled_at < ?", (before,))


def begin_log_anew(database: Database) -> None:
    """On a full disk, copy the write-ahead log back, so that it can be written from its start again."""
    try:
        database.conn.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
    except sqlite3.OperationalError as error:
        if not is_no_room(error):
            raise


def hold_slack(database: Database) -> bool:
    """On a full disk, delete the oldest settled rows until some pages inside the file are free.

    Return whether there may be more to delete. A deletion that finds no room itself is left for another time.
    """
    while database.conn.execute("PRAGMA freelist_count").fetchone()[0] < SLACK_PAGES:
        try:
            gone = _give_up_settled(database)
        except sqlite3.OperationalError as error:
            if not is_no_room(error):
                raise
            return True
        if not gone:
            return False
        log.warning("outbox.settled_rows_given_up", rows=gone)
    return True


def _give_up_settled(database: Database) -> int:
    which = f"SELECT store_no, seq FROM taps WHERE state = ? ORDER BY store_no, seq LIMIT {SLICE}"
    with transaction(database):
        return _delete(database, f"(store_no, seq) IN ({which})", (SETTLED,))


def _delete(database: Database, which: str, values: tuple[int, ...]) -> int:
    """Delete rows for good: their seqs are never given out again and their days stay counted."""
    one = database.conn.execute
    one(
        "UPDATE stores SET floor = max(floor, coalesce((SELECT max(seq) FROM taps WHERE taps.store_no ="
        f" stores.store_no AND {which}), 0))",
        values,
    )
    one(
        f"INSERT INTO gone SELECT store_no, day, count(*) FROM taps WHERE {which} GROUP BY store_no, day"
        " ON CONFLICT (store_no, day) DO UPDATE SET made = made + excluded.made",
        values,
    )
    return one(f"DELETE FROM taps WHERE {which}", values).rowcount
