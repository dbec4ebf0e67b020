"""Taps: every answer that was taken in, as its row says. In: a connection. Out: rows.

They are written by `hub.store.tap_writing` alone, and never changed. What is counted goes to the roll-up too.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store import amendments
from hub.store.schema import details, taps
from hub.store.tap_kinds import FLAG_BURST, FLAG_TEST, FLAG_URGENT, PLACED, PROOFS, UNCOUNTED

__all__ = [
    "FLAG_BURST",
    "FLAG_TEST",
    "FLAG_URGENT",
    "PLACED",
    "PROOFS",
    "CountedTap",
    "SlipTap",
    "between",
    "by_slip",
]


@dataclass(frozen=True, slots=True)
class CountedTap:
    """A tap that is in the score: neither test, burst nor replaced, made where a terminal stood."""

    tap_id: int
    touchpoint_id: int
    question_no: int
    rating: int
    tapped_at: int
    received_at: int


@dataclass(frozen=True, slots=True)
class SlipTap:
    """The answer behind a slip as it stands now; `reasons` are ids of the question's reasons."""

    tap_id: int
    touchpoint_id: int | None
    question_no: int
    rating: int
    tapped_at: int
    received_at: int
    flags: int
    reasons: tuple[str, ...]
    comment: str


def by_slip(connection: Connection, slip: str) -> SlipTap | None:
    """The answer of this slip (12 characters, no hyphens), or None; of a replaced tap the one in its place.

    Ask anew before writing details to it: what was changed on the terminal may have come in meanwhile.
    """
    columns = (taps.c.tap_id, taps.c.touchpoint_id, taps.c.question_no, taps.c.rating, taps.c.tapped_at)
    query = select(*columns, taps.c.received_at, taps.c.flags, details.c.reasons, details.c.comment)
    query = query.join(details, details.c.tap_id == taps.c.tap_id)
    live = query.where(details.c.slip == slip, ~amendments.replaced()).order_by(taps.c.seq.desc()).limit(1)
    row = connection.execute(live).one_or_none()
    return SlipTap(*row[:7], tuple(row.reasons), row.comment) if row else None


def between(connection: Connection, first_tap_id: int, last_tap_id: int) -> list[CountedTap]:
    """The counted taps of a range of ids, both included, as one batch names it; oldest first."""
    columns = (taps.c.tap_id, taps.c.touchpoint_id, taps.c.question_no, taps.c.rating)
    query = select(*columns, taps.c.tapped_at, taps.c.received_at).where(
        taps.c.tap_id.between(first_tap_id, last_tap_id),
        taps.c.flags.bitwise_and(UNCOUNTED) == 0,
        taps.c.touchpoint_id.is_not(None),
        ~amendments.replaced(),
    )
    return [CountedTap(*row) for row in connection.execute(query.order_by(taps.c.tap_id))]
