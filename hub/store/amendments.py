"""Amendments: taps that another tap of their store replaces. In: a connection, identities. Out: such taps.

A tap is never changed: that it is replaced stands here, once, whichever of the two came in first. While the
one replaced has not come in, its row waits; from then on it counts nowhere, and the alert windows are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, select, text, update

from hub.store.schema import amendments, taps
from hub.store.upsert import insert_into

WAITING, UNTOLD, DONE = 0, 1, 2
"""The replaced tap is not there yet; it was just taken out of the roll-up; also out of the alert windows."""
Identity = tuple[int, int]
"""store_no, seq."""
_IS_OPEN = text("state < 2")
"""In the very words of the partial index."""
_AT_ONCE = 200
"""Numbers in one query: databases limit the parameters of a statement."""


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
    for store_no, seqs in portions(identities):
        meant = (amendments.c.store_no == store_no) & amendments.c.amends.in_(seqs)
        here = update(amendments).where(meant, amendments.c.state == WAITING, stored).values(state=UNTOLD)
        done = connection.execute(here.returning(amendments.c.amends)).scalars()
        found += _taps(connection, [(store_no, seq) for seq in done])
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


def before(connection: Connection, tap_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """tap_id → all in whose place it stands, directly or by others between; none: left out."""
    found: dict[int, tuple[int, ...]] = {}
    heir = {tap_id: tap_id for tap_id in tap_ids}
    while heir:
        links = _replaced_by(connection, sorted(heir))
        for later, earlier in links:
            found[heir[later]] = (*found.get(heir[later], ()), earlier)
        heir = {earlier: heir[later] for later, earlier in links}
    return found


def _replaced_by(connection: Connection, tap_ids: Sequence[int]) -> list[tuple[int, int]]:
    later, earlier = taps.alias("later"), taps.alias("earlier")
    its_own = (amendments.c.store_no == later.c.store_no) & (amendments.c.seq == later.c.seq)
    of_it = (earlier.c.store_no == amendments.c.store_no) & (earlier.c.seq == amendments.c.amends)
    query = select(later.c.tap_id, earlier.c.tap_id).join(amendments, its_own).join(earlier, of_it)
    found: list[tuple[int, int]] = []
    for start in range(0, len(tap_ids), _AT_ONCE):
        rows = connection.execute(query.where(later.c.tap_id.in_(tap_ids[start : start + _AT_ONCE])))
        found += [(row[0], row[1]) for row in rows]
    return found


def tell(connection: Connection) -> list[Replaced]:
    """What was replaced since the last time. Needs a writing connection; each is told once."""
    untold = update(amendments).where(amendments.c.state == UNTOLD, _IS_OPEN).values(state=DONE)
    rows = connection.execute(untold.returning(amendments.c.store_no, amendments.c.amends))
    return _taps(connection, [(row.store_no, row.amends) for row in rows])


def _taps(connection: Connection, identities: Sequence[Identity]) -> list[Replaced]:
    found: list[Replaced] = []
    columns = (taps.c.tap_id, taps.c.touchpoint_id, taps.c.question_no, taps.c.rating, taps.c.proof)
    for store_no, seqs in portions(identities):
        meant = (taps.c.store_no == store_no) & taps.c.seq.in_(seqs)
        query = select(*columns, taps.c.flags, taps.c.tapped_at).where(meant)
        found += [Replaced(*row) for row in connection.execute(query)]
    return found


def portions(identities: Iterable[Identity]) -> Iterator[tuple[int, list[int]]]:
    """The same by store, so many at a time as a query may ask for: on pairs SQLite would use no index."""
    for store_no, mine in groupby(sorted(set(identities)), itemgetter(0)):
        seqs = [seq for _, seq in mine]
        for start in range(0, len(seqs), _AT_ONCE):
            yield store_no, seqs[start : start + _AT_ONCE]
