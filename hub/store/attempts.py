"""Attempts: each request made for a letter and what came of it. In: a connection. Out: rows.

An attempt is written before the request leaves; one that still says `sending` ended with its process.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from hub.store.database import Connection
from hub.store.schema import attempts, letters
from hub.store.upsert import new_row


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt; `outcome`: sending, sent, postponed, refused, digested (in another's request)."""

    attempt_id: int
    letter_id: str
    outcome: str
    detail: str
    tried_at: int


def begin(connection: Connection, letter_id: str, now: int) -> int:
    """Write down that a request leaves now; return the attempt_id."""
    row = {"letter_id": letter_id, "outcome": "sending", "detail": "", "tried_at": now}
    return new_row(connection, attempts, **row)


def end(connection: Connection, attempt_id: int, outcome: str, detail: str) -> None:
    """Write down what came of it."""
    where = attempts.c.attempt_id == attempt_id
    connection.execute(update(attempts).where(where).values(outcome=outcome, detail=detail))


def digested(connection: Connection, letter_id: str, carrier: str, detail: str, now: int) -> None:
    """Write down that a letter went in the request of the letter `carrier`."""
    row = {
        "letter_id": letter_id,
        "outcome": "digested",
        "detail": f"in {carrier}: {detail}",
        "tried_at": now,
    }
    connection.execute(attempts.insert().values(**row))


def of_letter(connection: Connection, letter_id: str) -> list[AttemptRow]:
    """What was tried for a letter, oldest first."""
    query = select(attempts).where(attempts.c.letter_id == letter_id).order_by(attempts.c.attempt_id)
    return [AttemptRow(**found._mapping) for found in connection.execute(query)]


def requests_since(connection: Connection, sink_id: int, since_at: int) -> list[int]:
    """When requests left for a sink after `since_at`, those of an earlier process among them."""
    query = (
        select(attempts.c.tried_at)
        .join(letters, letters.c.letter_id == attempts.c.letter_id)
        .where(attempts.c.tried_at > since_at, letters.c.sink_id == sink_id)
        .where(attempts.c.outcome != "digested")
    )
    return list(connection.execute(query).scalars())
