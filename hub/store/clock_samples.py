"""Clock samples: when the uptime of a boot was 0, as learned from a clock that was trusted.

In: a connection. Out: milliseconds since 1970. They place taps made before the clock was set.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from hub.store.schema import clock_samples
from hub.store.upsert import insert_into


def keep(connection: Connection, terminal_no: int, boot: str, started_at: int) -> None:
    """Remember when a boot began; a later sample replaces the earlier one. Needs a writing connection."""
    row = {"terminal_no": terminal_no, "boot": boot, "started_at": started_at}
    statement = insert_into(connection, clock_samples).values(**row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["terminal_no", "boot"], set_={"started_at": statement.excluded.started_at}
        )
    )


def started_at(connection: Connection, terminal_no: int, boot: str) -> int | None:
    """When this boot of this terminal began, or None when no trusted clock has said so."""
    return connection.execute(
        select(clock_samples.c.started_at).where(
            clock_samples.c.terminal_no == terminal_no, clock_samples.c.boot == boot
        )
    ).scalar_one_or_none()
