"""From taps to rows: when each was made, where its terminal stood, what it answered; pure.

In: a batch, the intervals in which its terminal stood somewhere, numbers of questions. Out: rows of `taps`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from operator import itemgetter
from typing import Any

from hub.store.tap_kinds import FLAG_BURST, FLAG_TEST, FLAG_URGENT, PROOFS, UNCOUNTED
from link.clock import EARLIEST, TOLERANCE, TRUSTED, place
from link.messages import Tap, TapBatch

Row = tuple[Any, ...]
"""In the order of `hub.store.tap_writing.TapRow`."""
Spot = tuple[int, int | None, int]
"""A terminal stood from (at) until before (at, or None: still there) at a touchpoint (id)."""
Asked = Mapping[tuple[str, str, str], tuple[int, int]]
"""(questionnaire, question, scale) → its number, and a bit for each rating that may be given."""
HOUR = 3_600_000
FOREVER = 2**62
_PROOFS = {proof: number for number, proof in enumerate(PROOFS)}


def rows_of(
    batch: TapBatch,
    store_no: int,
    received_at: int,
    *,
    spots: Sequence[Spot],
    asked: Asked,
    boot_started: Callable[[str], int | None],
) -> tuple[list[Row], list[tuple[int, Tap]], list[Tap]]:
    """The rows of a batch in its order, and two kinds of taps that need a closer look.

    First (index in the rows, tap) of those that replace another or bring a slip or reasons, then those left
    out because their scale has no such rating.
    """
    rows: list[Row] = []
    marked: list[tuple[int, Tap]] = []
    impossible: list[Tap] = []
    newest = spots[-1] if spots and spots[-1][1] is None else None
    since, spot = (newest[0], newest[2]) if newest else (FOREVER, None)
    latest = received_at + TOLERANCE
    for tap in batch.taps:
        number, ratings = asked[tap.questionnaire, tap.question, tap.scale]
        rating, wall, trusted = tap.rating, tap.tapped_at, tap.trusted
        if not ratings >> rating & 1:
            impossible.append(tap)
            continue
        if trusted and EARLIEST <= wall <= latest:  # the first rule of `place`, without the call
            at, quality = wall, TRUSTED
        else:
            at, quality = place(tap, batch, received_at, boot_started(tap.boot))
        flags, more = tap.test * FLAG_TEST + tap.burst * FLAG_BURST, ""
        if tap.amends or tap.slip or tap.reasons or tap.urgent:
            marked.append((len(rows), tap))
            flags += tap.urgent * FLAG_URGENT
            more = f"|{tap.amends}|{tap.slip}|{','.join(tap.reasons)}"
        rows.append(
            (
                store_no,
                tap.seq,
                spot if at >= since else standing(spots, at),
                number,
                rating,
                at,
                quality,
                received_at,
                _PROOFS[tap.proof],
                flags,
                tap.day,
                f"{tap.boot}|{tap.uptime}|{wall}|{'1' if trusted else '0'}|{tap.layout}{more}",
            )
        )
    return rows, marked, impossible


def standing(spots: Sequence[Spot], at: int) -> int | None:
    """Where the terminal stood at an instant, or None."""
    for since, until, touchpoint in spots:
        if since <= at and (until is None or at < until):
            return touchpoint
    return None


def boot_starts(batch: TapBatch, received_at: int) -> dict[str, int]:
    """What the newest trusted clock readings of a batch tell: boot → when its uptime was 0, ms UTC."""
    found: dict[str, int] = {}
    newest = batch.taps[-1]
    for boot, trusted, wall, uptime in (
        (newest.boot, newest.trusted, newest.tapped_at, newest.uptime),
        (batch.boot, batch.trusted, batch.sent_at, batch.uptime),
    ):
        if trusted and EARLIEST <= wall <= received_at + TOLERANCE:
            found[boot] = wall - uptime
    return found


_STORE_AND_DAY = itemgetter(0, 10)


def by_day(rows: Iterable[Row]) -> Counter[tuple[int, int]]:
    """How many rows there are of each (store_no, day)."""
    return Counter(map(_STORE_AND_DAY, rows))


def by_hour(rows: Iterable[Row]) -> Counter[tuple[int, int, int, int, int]]:
    """(touchpoint_id, hour, question_no, proof, rating) of the rows that are in a score."""
    return Counter(
        (row[2], row[5] // HOUR, row[3], row[8], row[4])
        for row in rows
        if not row[9] & UNCOUNTED and row[2] is not None
    )


def day_at(at: int, zone: tzinfo) -> int:
    """The calendar day of an instant in a zone, as 20261123."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)
    return local.year * 10_000 + local.month * 100 + local.day
