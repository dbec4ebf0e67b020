"""Opening the store: an engine for reading, an engine for writing, and what each database needs.

In: a database URL (`sqlite:///path` or `postgresql+psycopg://…`). Out: connections inside a transaction.
Every other file of `hub.store` takes such a connection and holds the SQL of one noun.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import RLock

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

__all__ = ["Connection", "Database", "StoreError"]


class StoreError(Exception):
    """The store cannot be opened or used; the message says what to do."""


class Database:
    """One store. `reading()` sees a snapshot, `writing()` commits when the block ends well.

    On SQLite a writing block starts with BEGIN IMMEDIATE, so it never fails half-way for want of the lock.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            self.dialect = parsed.get_backend_name()
            if self.dialect not in ("sqlite", "postgresql"):
                raise StoreError(
                    f"database {self.dialect!r} is not known; use sqlite:///… or postgresql+psycopg://…"
                )
            self.url = parsed
            # SQLite lets one write at a time, and who finds it busy sleeps up to 100 ms between two looks:
            # threads of one process wait for each other here instead, and go on at once
            self._turn: AbstractContextManager[object] = (
                RLock() if self.dialect == "sqlite" else nullcontext()
            )
            self.engine = _sqlite(url) if self.dialect == "sqlite" else _postgresql(url)
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreError(
                f"{url!r} is not a database URL; use sqlite:///path or postgresql+psycopg://user@host/name"
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading; nothing is written."""
        options = {}
        if self.dialect == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection inside one transaction; committed at the end, rolled back on an error."""
        with (
            self._turn,
            self.engine.connect().execution_options(taploop_writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def is_at_fault(self, error: BaseException) -> bool:
        """Whether the same may well be written later: the store is away, locked, full, or has a wrong schema.

        False for values that no store could hold, and for every error that is not the store's.
        """
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        driver = self.engine.dialect.loaded_dbapi
        if isinstance(cause, driver.DataError | driver.IntegrityError):
            return False
        return isinstance(cause, driver.Error | SQLAlchemyError | OSError)

    def close(self) -> None:
        """Give back every connection; one that a thread still holds is closed when it comes back."""

        @event.listens_for(self.engine, "checkin")
        def _end(connection: DBAPIConnection | None, _record: object) -> None:
            if connection is not None:
                connection.close()

        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 30000",
            "cache_size = -65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("taploop_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    # pinged first: the intake speaks to the driver itself, and a dead connection must not be lent out again
    return create_engine(url, pool_size=10, pool_pre_ping=True)
