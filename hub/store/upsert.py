"""Inserting rows: with the number given to a new one, or with a word on what to do on a conflict.

In: a connection, a table, values. Out: a number, or the dialect's own INSERT (SQLAlchemy names it twice).
"""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert into `table` that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same for a dialect's name, so that a statement of every commit can be built once and kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def new_row(connection: Connection, table: Table, **values: object) -> int:
    """Insert one row and return the number that its primary key was given."""
    key = connection.execute(table.insert(), values).inserted_primary_key
    if key is None:
        raise TypeError(f"{table.name} gives no number to a new row")
    return int(key[0])
