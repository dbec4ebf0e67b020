"""Writing taps, many in one go, past SQLAlchemy's layers: a row is a tuple, its order is `TapRow`'s.

In: a writing connection and rows in any order. Out: which of them were new, were there already, or contradict
what is there. SQLite takes executemany, PostgreSQL a COPY into a staging table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection


class TapRow(NamedTuple):
    """A row of `taps` without its id; plain tuples of this order are as good, and faster."""

    store_no: int
    seq: int
    touchpoint_id: int | None
    question_no: int
    rating: int
    tapped_at: int
    placed: int
    received_at: int
    proof: int
    flags: int
    day: int
    body: str


Row = tuple[Any, ...]
_NONE = 2**62
_NAMES = ", ".join(TapRow._fields)
_TOGETHER = 8
"""Rows in one statement: sqlite3 lets other threads in once a statement, and waits to be let in again."""
_STAGE = (
    "CREATE TEMP TABLE IF NOT EXISTS stage (n integer, store_no integer, seq bigint, touchpoint_id integer,"
    " question_no integer, rating smallint, tapped_at bigint, placed smallint, received_at bigint,"
    " proof smallint, flags smallint, day integer, body text) ON COMMIT DELETE ROWS; DELETE FROM stage"
)
# Sorted, so that two hubs that take in the same taps at once wait for each other and never in a circle.
_FROM_STAGE = (
    f"WITH new AS (INSERT INTO taps ({_NAMES}) SELECT {_NAMES} FROM stage ORDER BY store_no, seq, n"  # noqa: S608
    " ON CONFLICT DO NOTHING RETURNING tap_id) SELECT count(*), min(tap_id), max(tap_id) FROM new"
)
_KNOWN = (
    "SELECT tap_id > ?, tap_id, question_no, rating, proof, flags, day, body FROM taps"
    " WHERE store_no = ? AND seq = ?"
)
_KNOWN_STAGED = (
    "SELECT t.tap_id >= %s AND t.xmin = pg_current_xact_id()::xid, t.tap_id, t.question_no, t.rating,"
    " t.proof, t.flags, t.day, t.body FROM stage s JOIN taps t USING (store_no, seq) ORDER BY s.n"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the rows: the range of ids that the new ones got, and indexes of those that are not new.

    `first_tap_id` is 0 when none was new. A repeated row says what the stored one says; a conflicting one
    has the identity of a stored row and says something else.
    """

    new: int
    first_tap_id: int
    last_tap_id: int
    repeated: tuple[int, ...] = ()
    conflicting: tuple[int, ...] = ()


def write(connection: Connection, rows: Sequence[Row]) -> Written:
    """Insert the rows whose (store_no, seq) is not there yet; raises the driver's own errors."""
    if connection.dialect.name == "postgresql":
        return _copy(connection.connection.driver_connection, rows)
    return _execute_many(connection.connection.driver_connection, rows)


def _execute_many(driver: Any, rows: Sequence[Row]) -> Written:  # noqa: ANN401 sqlite3.Connection
    before: int = driver.execute("SELECT coalesce(max(tap_id), 0) FROM taps").fetchone()[0]
    changes = driver.total_changes
    whole = len(rows) - len(rows) % _TOGETHER
    eights = (chain.from_iterable(rows[at : at + _TOGETHER]) for at in range(0, whole, _TOGETHER))
    driver.executemany(_insert(_TOGETHER), map(tuple, eights))
    driver.executemany(_insert(1), rows[whole:])
    new = driver.total_changes - changes
    ids = (before + 1, before + new) if new else (0, 0)
    if new == len(rows):
        return Written(new, *ids)
    return _compared(new, ids, rows, (driver.execute(_KNOWN, (before, *row[:2])).fetchone() for row in rows))


@cache
def _insert(together: int) -> str:
    values = ", ".join([f"({', '.join('?' * len(TapRow._fields))})"] * together)
    return f"INSERT INTO taps ({_NAMES}) VALUES {values} ON CONFLICT DO NOTHING"  # noqa: S608 only our own names


def _copy(driver: Any, rows: Sequence[Row]) -> Written:  # noqa: ANN401 psycopg.Connection
    with driver.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(f"COPY stage (n, {_NAMES}) FROM STDIN") as copy:
            for n, row in enumerate(rows):
                copy.write_row((n, *row))
        new, first, last = cursor.execute(_FROM_STAGE).fetchone()
        ids = (first, last) if new else (0, 0)
        if new == len(rows):
            return Written(new, *ids)
        return _compared(new, ids, rows, cursor.execute(_KNOWN_STAGED, (first or _NONE,)))


def _compared(new: int, ids: tuple[int, int], rows: Sequence[Row], known: Iterable[Row]) -> Written:
    """Tell new, repeated and conflicting rows; `known` says of each whether it was written just now.

    Of one identity twice in `rows` the first was written.
    """
    repeated: list[int] = []
    conflicting: list[int] = []
    seen: set[int] = set()
    for index, (row, (ours, tap_id, *stored)) in enumerate(zip(rows, known, strict=True)):
        if ours and tap_id not in seen:
            seen.add(tap_id)
        elif stored == [row[3], row[4], *row[8:12]]:
            repeated.append(index)
        else:
            conflicting.append(index)
    return Written(new, *ids, tuple(repeated), tuple(conflicting))
