"""Amendments: taps that another tap of their store replaces. In: a connection, identities. Out: such taps.

A tap is never changed: that it is replaced stands here, once, whichever of the two came in first. While the
one replaced has not come in, its row waits; from then on it counts nowhere, and the alert windows are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, select, text, tuple_, update

from hub.store.schema import amendments, taps
from hub.store.upsert import insert_into

WAITING, UNTOLD, DONE = 0, 1, 2
"""The replaced tap is not there yet; it was just taken out of the roll-up; also out of the alert windows."""
Identity = tuple[int, int]
"""store_no, seq."""
_IS_OPEN = text("state < 2")
"""In the very words of the partial index."""
_AT_ONCE = 200
"""Identities in one query: databases limit the parameters of a statement."""


class Replaced(NamedTuple):
    """A tap that counts no more, as it was counted."""

    tap_id: int
    touchpoint_id: int | None
    question_no: int
    rating: int
    proof: int
    flags: int
    tapped_at: int


def replaced() -> ColumnElement[bool]:
    """Whether another tap stands in the place of a row of `taps`."""
    its_own = (amendments.c.store_no == taps.c.store_no) & (amendments.c.amends == taps.c.seq)
    return exists().where(its_own, amendments.c.state != WAITING)


def note(connection: Connection, found: Mapping[Identity, int]) -> None:
    """Keep what amendments say: identity of the replaced tap → seq of the one in its place.

    In that order, lest two writers wait in a circle. Of two amendments of one tap the later is named.
    """
    statement = insert_into(connection, amendments)
    later = {"seq": statement.excluded.seq}
    statement = statement.on_conflict_do_update(
        index_elements=["store_no", "amends"], set_=later, where=statement.excluded.seq > amendments.c.seq
    )
    rows = [
        {"store_no": store_no, "amends": amends, "seq": seq, "state": WAITING}
        for (store_no, amends), seq in sorted(found.items())
    ]
    connection.execute(statement, rows)


def replace(connection: Connection, identities: Iterable[Identity]) -> list[Replaced]:
    """Those of these taps that are there and are to be replaced, each given once and never again."""
    found: list[Replaced] = []
    stored = exists().where(taps.c.store_no == amendments.c.store_no, taps.c.seq == amendments.c.amends)
    for some in _portions(sorted(set(identities))):
        meant = tuple_(amendments.c.store_no, amendments.c.amends).in_(some)
        here = update(amendments).where(meant, amendments.c.state == WAITING, stored).values(state=UNTOLD)
        done = connection.execute(here.returning(amendments.c.store_no, amendments.c.amends))
        found += _taps(connection, [(row.store_no, row.amends) for row in done])
    return found


def waiting(connection: Connection, store_nos: Collection[int]) -> dict[int, set[int]]:
    """store_no → seqs that are replaced already and have not come in; a store without any is left out."""
    found: dict[int, set[int]] = defaultdict(set)
    ordered = sorted(store_nos)
    for start in range(0, len(ordered), _AT_ONCE):
        mine = amendments.c.store_no.in_(ordered[start : start + _AT_ONCE])
        query = select(amendments.c.store_no, amendments.c.amends).where(mine, amendments.c.state == WAITING)
        for row in connection.execute(query.where(_IS_OPEN)):
            found[row.store_no].add(row.amends)
    return dict(found)


def tell(connection: Connection) -> list[Replaced]:
    """What was replaced since the last time. Needs a writing connection; each is told once."""
    untold = update(amendments).where(amendments.c.state == UNTOLD, _IS_OPEN).values(state=DONE)
    rows = connection.execute(untold.returning(amendments.c.store_no, amendments.c.amends))
    return _taps(connection, [(row.store_no, row.amends) for row in rows])


def _taps(connection: Connection, identities: Sequence[Identity]) -> list[Replaced]:
    found: list[Replaced] = []
    columns = (taps.c.tap_id, taps.c.touchpoint_id, taps.c.question_no, taps.c.rating, taps.c.proof)
    for some in _portions(identities):
        query = select(*columns, taps.c.flags, taps.c.tapped_at)
        meant = tuple_(taps.c.store_no, taps.c.seq).in_(some)
        found += [Replaced(*row) for row in connection.execute(query.where(meant))]
    return found


def _portions(identities: Sequence[Identity]) -> Iterator[Sequence[Identity]]:
    for start in range(0, len(identities), _AT_ONCE):
        yield identities[start : start + _AT_ONCE]
