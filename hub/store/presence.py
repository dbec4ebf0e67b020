"""Presence: whether a terminal is there, and what it last said about itself. In: states. Out: rows.

A birth or heartbeat makes its session the current one; a will counts only for the current session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select, update

from hub.store import clock_samples, ledger, stores
from hub.store.schema import presence, terminals
from hub.store.upsert import insert_into
from link.messages import State


@dataclass(frozen=True, slots=True)
class PresenceRow:
    """One terminal that has been heard of; `state` is its last birth or heartbeat as the contract's JSON."""

    terminal_no: int
    terminal_id: str
    name: str
    kind: str
    online: bool
    session: str
    state: dict[str, Any]
    since_at: int
    heard_at: int


def state_heard(
    connection: Connection, terminal_no: int, state: State, received_at: int, *, retained: bool = False
) -> bool:
    """Take in a birth, heartbeat or will with its ledger claims; False when it was a will of an old session.

    `retained` says that the broker had kept the message: it tells what was, and is not a sign of life now.
    Needs a writing connection; raises stores.TooManyStores.
    """
    before = connection.execute(
        select(presence).where(presence.c.terminal_no == terminal_no).with_for_update()
    ).one_or_none()
    if state.kind == "will":
        return _gone(connection, terminal_no, state, received_at, None if before is None else before.session)
    same = before if before is not None and before.session == state.session else None
    _write(
        connection,
        terminal_no=terminal_no,
        online=True,
        session=state.session,
        state=msgspec.to_builtins(state),
        since_at=same.since_at if same and same.online else received_at,
        heard_at=same.heard_at if same and retained else received_at,
    )
    if state.trusted and state.at > state.uptime:
        clock_samples.keep(connection, terminal_no, state.boot, state.at - state.uptime)
    if state.store is not None:
        store_no = stores.number_or_new(connection, terminal_no, state.store.store, received_at)
        ledger.claim(connection, store_no, state.store, received_at)
    return True


def _gone(connection: Connection, terminal_no: int, will: State, at: int, session: str | None) -> bool:
    if session is not None and session != will.session:
        return False
    if session is None:
        blank = {"session": will.session, "state": msgspec.to_builtins(will), "since_at": at, "heard_at": at}
        _write(connection, terminal_no=terminal_no, online=False, **blank)
        return True
    connection.execute(
        update(presence)
        .where(presence.c.terminal_no == terminal_no, presence.c.online)
        .values(online=False, since_at=at)
    )
    return True


def mark_silent(connection: Connection, heard_before: int, now: int) -> list[int]:
    """Set offline every terminal not heard since `heard_before`; return their numbers."""
    late = select(presence.c.terminal_no).where(presence.c.online, presence.c.heard_at < heard_before)
    found = sorted(connection.execute(late).scalars())
    if found:
        where = presence.c.terminal_no.in_(found)
        connection.execute(update(presence).where(where).values(online=False, since_at=now))
    return found


def every(connection: Connection) -> list[PresenceRow]:
    """Every terminal that was ever heard, by number."""
    return [PresenceRow(**row._mapping) for row in connection.execute(_rows())]


def of(connection: Connection, terminal_no: int) -> PresenceRow | None:
    """What is known of one terminal, or None when it has never been heard."""
    found = connection.execute(_rows().where(presence.c.terminal_no == terminal_no)).one_or_none()
    return None if found is None else PresenceRow(**found._mapping)


def _rows() -> Select[Any]:
    named = (terminals.c.terminal_id, terminals.c.name, terminals.c.kind)
    query = select(presence, *named).join(terminals, presence.c.terminal_no == terminals.c.terminal_no)
    return query.order_by(presence.c.terminal_no)


def _write(connection: Connection, **row: object) -> None:
    statement = insert_into(connection, presence).values(**row)
    changed = {name: statement.excluded[name] for name in row if name != "terminal_no"}
    connection.execute(statement.on_conflict_do_update(index_elements=["terminal_no"], set_=changed))
