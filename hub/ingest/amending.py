"""What follows from taps that replace others, or that bring a slip or reasons, within a commit.

In: new rows, a writing connection. Out: taps that count no more. Whichever of a tap and its amendment comes
first: what is told is the same, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hub.ingest.numbers import Numbers
from hub.ingest.placing import Row
from hub.store import amendments, details
from hub.store.amendments import Identity, Replaced
from hub.store.database import Connection
from link.messages import Tap


def follow(
    connection: Connection,
    numbers: Numbers,
    fresh: Iterable[Row],
    marked: Sequence[tuple[Row, Tap]],
    now: int,
) -> list[Replaced]:
    """Write what the marked ones of these new rows say; return what is replaced from now on."""
    said = {(row[0], row[1]): (tap.reasons, tap.slip) for row, tap in marked if tap.reasons or tap.slip}
    details.bring(connection, said, now)
    replaced = _named(marked)
    if replaced:
        amendments.note(connection, replaced)
    meant = {*replaced, *_awaited(numbers, fresh)}
    gone = amendments.replace(connection, meant)
    details.hand_on(connection, [one.tap_id for one in gone])
    numbers.learn_waiting({store_no for store_no, _ in meant})
    return gone


def _named(marked: Iterable[tuple[Row, Tap]]) -> dict[Identity, int]:
    """What is replaced by which seq. A tap that names itself or a later one replaces nothing."""
    found: dict[Identity, int] = {}
    for row, tap in marked:
        if 0 < tap.amends < tap.seq:
            found[row[0], tap.amends] = max(tap.seq, found.get((row[0], tap.amends), 0))
    return found


def _awaited(numbers: Numbers, fresh: Iterable[Row]) -> list[Identity]:
    waiting = numbers.waiting
    return [(row[0], row[1]) for row in fresh if row[1] in waiting.get(row[0], ())] if waiting else []
