"""Taps: every answer that was taken in, as its row says. In: a connection. Out: rows.

They are written by `hub.store.tap_writing` alone, and never changed. What is counted goes to the roll-up too.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store.schema import taps
from hub.store.tap_kinds import FLAG_BURST, FLAG_TEST, PLACED, PROOFS

__all__ = ["FLAG_BURST", "FLAG_TEST", "PLACED", "PROOFS", "CountedTap", "between"]


@dataclass(frozen=True, slots=True)
class CountedTap:
    """A tap that is in the score: neither test nor burst, made where a terminal stood."""

    tap_id: int
    touchpoint_id: int
    question_no: int
    rating: int
    tapped_at: int
    received_at: int


def between(connection: Connection, first_tap_id: int, last_tap_id: int) -> list[CountedTap]:
    """The counted taps of a range of ids, both included, as one batch names it; oldest first."""
    columns = (taps.c.tap_id, taps.c.touchpoint_id, taps.c.question_no, taps.c.rating)
    query = select(*columns, taps.c.tapped_at, taps.c.received_at).where(
        taps.c.tap_id.between(first_tap_id, last_tap_id),
        taps.c.flags == 0,
        taps.c.touchpoint_id.is_not(None),
    )
    return [CountedTap(*row) for row in connection.execute(query.order_by(taps.c.tap_id))]
