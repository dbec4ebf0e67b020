"""Bringing a store to the shape this hub needs, and saying so in one sentence when it has another.

In: a `Database`. Out: nothing, or StoreError. The steps are Alembic revisions in `versions/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from hub.store.database import Database, StoreError
from hub.store.schema import metadata

_LOCK = 7_418_529_630_147
"""PostgreSQL advisory lock: of several workers started at once, one migrates and the others wait."""


def upgrade(database: Database) -> None:
    """Make the tables or bring them to the newest revision, in one transaction; raise StoreError."""
    with _explained(database), _unchecked(database) as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _revision(connection) != newest():
            _refuse_what_is_not_ours(connection)
            command.upgrade(_config(connection), "head")


def check(database: Database) -> None:
    """Return when the store has the shape this hub needs; else raise StoreError that says what to do."""
    with _explained(database), database.reading() as connection:
        revision = _revision(connection)
        if revision is None:
            if _tables(connection):
                _refuse_what_is_not_ours(connection)
            raise StoreError("the store is empty; run: taploop-hub upgrade")
        _refuse_what_is_not_ours(connection)
        if revision != newest():
            raise StoreError(
                f"the store has schema {revision}, this hub needs {newest()}; run: taploop-hub upgrade"
            )


def newest() -> str:
    """The revision that this hub needs."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert head is not None  # noqa: S101 the package always holds a revision
    return head


def _refuse_what_is_not_ours(connection: Connection) -> None:
    revision = _revision(connection)
    if revision is None and _tables(connection):
        raise StoreError("the database holds tables that are not Taploop's; give the hub one of its own")
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"the store has schema {revision}, which this hub does not know (a newer hub made it);"
            " start that hub, or restore the backup made before the upgrade"
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


def _config(connection: Connection | None) -> Config:
    config = Config(attributes={"connection": connection, "target_metadata": metadata})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        shown = database.url.render_as_string(hide_password=True)
        raise StoreError(f"the store {shown} cannot be used: {reason}") from error


@contextmanager
def _unchecked(database: Database) -> Iterator[Connection]:
    """A writing transaction; on SQLite without foreign keys, for there a table is changed by copying it."""
    with database.engine.connect().execution_options(taploop_writes=True) as connection:
        driver: Any = connection.connection.driver_connection
        if database.dialect == "sqlite":
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
        finally:
            if database.dialect == "sqlite":
                driver.execute("PRAGMA foreign_keys = ON")
