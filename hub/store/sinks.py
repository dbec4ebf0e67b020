"""Sinks: where letters go, and whether they are reachable at the moment. In: a connection. Out: rows.

URL and secret are kept for sending; a row's `repr` and its `shown` leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select, update

from hub.dispatch import channels
from hub.dispatch.addresses import shown
from hub.dispatch.post import Address
from hub.store.database import Connection
from hub.store.schema import sinks
from hub.store.upsert import new_row


@dataclass(frozen=True, slots=True)
class SinkRow:
    """One sink. `failing_since_at`: it has failed since; `open_until_at`: nothing is sent before."""

    sink_id: int
    kind: str
    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    allow_private: bool
    enabled: bool
    failing_since_at: int | None
    open_until_at: int | None
    created_at: int

    @property
    def shown(self) -> str:
        """The address for people and logs, without its secrets."""
        return shown(self.url)

    @property
    def address(self) -> Address:
        """What the channel sends with."""
        return Address(self.url, self.secret)


def create(
    connection: Connection,
    *,
    kind: str,
    name: str,
    url: str,
    now: int,
    secret: str = "",
    allow_private: bool = False,
) -> int:
    """Add an enabled sink and return its sink_id; raises `hub.dispatch.post.BadSink` with what to change."""
    channels.check(kind, Address(url, secret), allow_private=allow_private)
    row = {"kind": kind, "name": name, "url": url, "secret": secret, "allow_private": allow_private}
    return new_row(connection, sinks, **row, enabled=True, created_at=now)


def every(connection: Connection, *, enabled: bool = False) -> list[SinkRow]:
    """All sinks by number, or only the enabled ones."""
    query = select(sinks).order_by(sinks.c.sink_id)
    rows = connection.execute(query.where(sinks.c.enabled) if enabled else query)
    return [SinkRow(**found._mapping) for found in rows]


def by_id(connection: Connection, sink_id: int) -> SinkRow | None:
    """The sink, or None."""
    found = connection.execute(select(sinks).where(sinks.c.sink_id == sink_id)).one_or_none()
    return None if found is None else SinkRow(**found._mapping)


def lock(connection: Connection, sink_id: int) -> SinkRow | None:
    """The sink, kept from other workers until the transaction ends; None when one of them has it."""
    query = select(sinks).where(sinks.c.sink_id == sink_id).with_for_update(skip_locked=True)
    found = connection.execute(query).one_or_none()
    return None if found is None else SinkRow(**found._mapping)


def set_enabled(connection: Connection, sink_id: int, enabled: bool) -> bool:
    """Switch a sink; switched on, it is tried at once. Its waiting letters wait meanwhile. False: unknown."""
    return _set(connection, sink_id, enabled=enabled, failing_since_at=None, open_until_at=None)


def set_secret(connection: Connection, sink_id: int, secret: str) -> bool:
    """Give it another secret, or several with spaces between (newest first) while the receiver changes."""
    found = by_id(connection, sink_id)
    if found is None:
        return False
    channels.check(found.kind, Address(found.url, secret), allow_private=found.allow_private)
    return _set(connection, sink_id, secret=secret)


def failing(connection: Connection, sink_id: int, since_at: int, open_until_at: int | None) -> None:
    """Remember that it fails, and until when nothing is sent."""
    _set(connection, sink_id, failing_since_at=since_at, open_until_at=open_until_at)


def well(connection: Connection, sink_id: int) -> None:
    """It answered: send as usual."""
    _set(connection, sink_id, failing_since_at=None, open_until_at=None)


def _set(connection: Connection, sink_id: int, **values: object) -> bool:
    return connection.execute(update(sinks).where(sinks.c.sink_id == sink_id).values(**values)).rowcount == 1
