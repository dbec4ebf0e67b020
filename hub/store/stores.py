"""Stores: one row an outbox a terminal ever had; taps know its number. In: a connection. Out: numbers."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from hub.store.schema import stores
from hub.store.upsert import insert_into

MOST_NEW_STORES = 20
"""A terminal gets a new store when its disk is replaced or its file is broken; more a day is a fault."""
_DAY = 24 * 3600 * 1000


class TooManyStores(Exception):
    """A terminal may bring at most 20 new stores in 24 hours."""


def number(connection: Connection, terminal_no: int, store: str) -> int | None:
    """The store_no, or None when the hub has not heard of this store."""
    mine = (stores.c.terminal_no == terminal_no, stores.c.store == store)
    return connection.execute(select(stores.c.store_no).where(*mine)).scalar_one_or_none()


def number_or_new(connection: Connection, terminal_no: int, store: str, now: int) -> int:
    """The store_no, given on first sight. Needs a writing connection; raises TooManyStores."""
    found = number(connection, terminal_no, store)
    if found is not None:
        return found
    recent = select(func.count()).where(
        stores.c.terminal_no == terminal_no, stores.c.first_seen_at > now - _DAY
    )
    if connection.execute(recent).scalar_one() >= MOST_NEW_STORES:
        raise TooManyStores(f"terminal {terminal_no}, store {store!r}: {TooManyStores.__doc__}")
    row = {"terminal_no": terminal_no, "store": store, "first_seen_at": now}
    connection.execute(insert_into(connection, stores).values(**row).on_conflict_do_nothing())
    made = number(connection, terminal_no, store)
    assert made is not None  # noqa: S101 it was made one line above
    return made
