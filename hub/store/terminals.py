"""Terminals: kiosks, bridges, and the hub's own survey page (kind `web`). In: a connection. Out: rows.

A password is kept only as a hash; hashing it is the business of whoever checks passwords.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, select, update

from hub.store.schema import terminals
from hub.store.upsert import insert_into, new_row
from link import topics

Kind = Literal["kiosk", "bridge", "web"]
WEB = topics.WEB
"""Terminal id and kind of the hub's own survey page."""


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """One terminal. It is known to the line as `terminal_id`, to the tables as `terminal_no`."""

    terminal_no: int
    terminal_id: str
    kind: str
    name: str
    password_hash: str | None
    config_revision: int
    config_fingerprint: str
    created_at: int
    retired_at: int | None


def create(
    connection: Connection,
    *,
    terminal_id: str,
    kind: Kind,
    now: int,
    name: str = "",
    password_hash: str | None = None,
) -> int:
    """Add a terminal and return its terminal_no; raises sqlalchemy IntegrityError when the id is taken."""
    row = {"terminal_id": terminal_id, "kind": kind, "name": name, "password_hash": password_hash}
    return new_row(connection, terminals, **row, created_at=now)


def web(connection: Connection, now: int) -> int:
    """The terminal_no of the survey page, made on first use. Needs a writing connection."""
    row = {"terminal_id": WEB, "kind": WEB, "name": "扫码问卷页 Survey page", "created_at": now}
    connection.execute(insert_into(connection, terminals).values(**row).on_conflict_do_nothing())
    found = by_id(connection, WEB)
    assert found is not None  # noqa: S101 it was made one line above
    return found.terminal_no


def by_id(connection: Connection, terminal_id: str) -> TerminalRow | None:
    """The terminal of this id, retired or not, or None."""
    return _one(connection, terminals.c.terminal_id == terminal_id)


def by_no(connection: Connection, terminal_no: int) -> TerminalRow | None:
    """The terminal of this number, retired or not, or None."""
    return _one(connection, terminals.c.terminal_no == terminal_no)


def every(connection: Connection, *, retired: bool = False) -> list[TerminalRow]:
    """All terminals by number, the survey page among them; retired ones on demand."""
    query = select(terminals).order_by(terminals.c.terminal_no)
    if not retired:
        query = query.where(terminals.c.retired_at.is_(None))
    return [TerminalRow(**row._mapping) for row in connection.execute(query)]


def password_hash(connection: Connection, terminal_id: str) -> str | None:
    """The hash its password must match; None when the terminal is unknown, retired or has no password."""
    return connection.execute(
        select(terminals.c.password_hash).where(
            terminals.c.terminal_id == terminal_id, terminals.c.retired_at.is_(None)
        )
    ).scalar_one_or_none()


def set_password_hash(connection: Connection, terminal_no: int, hashed: str | None) -> None:
    """Give it another password, or None to let nobody in."""
    _set(connection, terminal_no, password_hash=hashed)


def rename(connection: Connection, terminal_no: int, name: str) -> None:
    """Give it another name for people."""
    _set(connection, terminal_no, name=name)


def retire(connection: Connection, terminal_no: int, at: int) -> None:
    """It may not come in any more; its taps stay."""
    _set(connection, terminal_no, retired_at=at)


def config_revision(connection: Connection, terminal: TerminalRow, fingerprint: str) -> int:
    """The revision of a config whose content has this fingerprint: one more when the content changed.

    Needs a writing connection when it changed; `terminal` is the row as just read in the same transaction.
    """
    if fingerprint == terminal.config_fingerprint:
        return terminal.config_revision
    number = terminal.config_revision + 1
    _set(connection, terminal.terminal_no, config_revision=number, config_fingerprint=fingerprint)
    return number


def _one(connection: Connection, where: ColumnElement[bool]) -> TerminalRow | None:
    found = connection.execute(select(terminals).where(where)).one_or_none()
    return None if found is None else TerminalRow(**found._mapping)


def _set(connection: Connection, terminal_no: int, **values: object) -> None:
    connection.execute(update(terminals).where(terminals.c.terminal_no == terminal_no).values(**values))
