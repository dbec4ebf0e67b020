"""The tap ledger: what each terminal made, and what became of it. In: claims, counts. Out: rows for people.

`made` is what the terminal claims or the hub has, whichever is more; `pending` lies on the terminal still;
`missing` was made and is nowhere. Days are the terminal's own (20261123; 0: its clock was not trusted).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Row, RowMapping, func, select, text, update

from hub.store import amendments, details, gaps, rollup
from hub.store.schema import ledger, stores, terminals
from hub.store.upsert import insert_into, insert_of
from link.messages import StoreState

_MOST_LOOKS = 100
_COUNTED = ("received", "duplicates", "refused")
_ISLANDS = text(
    "SELECT min(seq), max(seq) FROM (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS island FROM taps"
    " WHERE store_no = :store_no AND seq BETWEEN :first AND :last) AS numbered GROUP BY island"
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One terminal on one of its days."""

    terminal_no: int
    terminal_id: str
    name: str
    day: int
    made: int
    received: int
    pending: int
    missing: int
    duplicates: int
    refused: int


@dataclass(frozen=True, slots=True)
class TerminalTotal:
    """One terminal over all its days; `missing_ranges` are (store, first seq, last seq)."""

    terminal_no: int
    terminal_id: str
    name: str
    made: int
    received: int
    pending: int
    missing: int
    duplicates: int
    refused: int
    missing_ranges: tuple[tuple[str, int, int], ...]
    oldest_pending_at: int
    stated_at: int | None


def claim(connection: Connection, store_no: int, state: StoreState, now: int) -> None:
    """Take in what a terminal says of one store, and look what is missing. Needs a writing connection."""
    row = connection.execute(select(stores).where(stores.c.store_no == store_no).with_for_update()).one()
    claimed = max(row.claimed_seq, state.last_seq)
    said = {"claimed_seq": claimed, "pending": [list(r) for r in state.pending], "stated_at": now}
    said |= {"pending_count": state.pending_count, "oldest_pending_at": state.oldest_pending_at}
    now_open = _open(connection, {**row._mapping, **said})
    missing_count = gaps.size(now_open.missing)
    found = {"upto": claimed, "holes": now_open.holes, "missing": now_open.missing}
    values = said | found | {"missing_count": missing_count}
    connection.execute(update(stores).where(stores.c.store_no == store_no).values(**values))
    for day in state.days:
        _at_least_made(connection, store_no, day.day, day.made)
    _replace_late(connection, store_no)


def _replace_late(connection: Connection, store_no: int) -> None:
    """Of a tap and its amendment that two intakes wrote at once neither saw the other: now both are there."""
    late = [(store_no, seq) for seq in amendments.waiting(connection, [store_no]).get(store_no, ())]
    if late and (gone := amendments.replace(connection, late)):
        back = rollup.counted_of(gone)
        rollup.add(connection, Counter({key: -n for key, n in back.items()}))
        details.hand_on(connection, [one.tap_id for one in gone])


def count(connection: Connection, changes: Mapping[tuple[int, int], Counter[str]]) -> None:
    """Add `received`, `duplicates`, `refused` by (store_no, day), in that order lest two writers lock up."""
    if not changes:
        return
    connection.execute(
        _counting(connection.dialect.name),
        [
            {"store_no": store_no, "day": day, "made": 0, **{name: counts[name] for name in _COUNTED}}
            for (store_no, day), counts in sorted(changes.items(), key=lambda change: change[0])
        ],
    )


@cache
def _counting(dialect: str) -> Insert:
    statement = insert_of(dialect, ledger)
    grown = {name: ledger.c[name] + statement.excluded[name] for name in _COUNTED}
    return statement.on_conflict_do_update(index_elements=["store_no", "day"], set_=grown)


def refuse(connection: Connection, store_no: int, seqs: Iterable[int]) -> None:
    """Note taps that the hub will never take, so that they are not looked for."""
    where = stores.c.store_no == store_no
    before = connection.execute(select(stores.c.refused).where(where).with_for_update()).scalar_one() or []
    after = gaps.merged([*before, *((seq, seq) for seq in seqs)])
    connection.execute(update(stores).where(where).values(refused=after))


def view(connection: Connection, *, terminal_no: int | None = None, since_day: int = 0) -> list[LedgerRow]:
    """Per terminal and day from `since_day` on (days 0 always), newest day first; exact as of now."""
    days: dict[int, dict[int, Counter[str]]] = defaultdict(dict)
    query = select(ledger).join(stores, ledger.c.store_no == stores.c.store_no)
    if terminal_no is not None:
        query = query.where(stores.c.terminal_no == terminal_no)
    for row in connection.execute(query):
        counts = Counter(received=row.received, duplicates=row.duplicates, refused=row.refused)
        counts["made"] = max(row.made, row.received)
        days[row.store_no][row.day] = counts
    found: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    who = {}
    for store in _stores(connection, terminal_no):
        who[store.terminal_no] = (store.terminal_no, store.terminal_id, store.name)
        mine = days[store.store_no]
        _share_out(connection, store, mine)
        for day, counts in mine.items():
            found[store.terminal_no, day].update(counts)
    order = sorted(found, key=lambda key: (-key[1], key[0]))
    return [
        LedgerRow(*who[number], day, *_six(found[number, day]))
        for number, day in order
        if day >= since_day or day == 0
    ]


def totals(connection: Connection, *, terminal_no: int | None = None) -> list[TerminalTotal]:
    """Per terminal over all days, with the missing ranges by name; exact as of now."""
    sums = {
        row.store_no: row
        for row in connection.execute(
            select(
                ledger.c.store_no,
                func.sum(ledger.c.received).label("received"),
                func.sum(ledger.c.duplicates).label("duplicates"),
                func.sum(ledger.c.refused).label("refused"),
            ).group_by(ledger.c.store_no)
        )
    }
    grouped: dict[int, list[Row[Any]]] = defaultdict(list)
    for store in _stores(connection, terminal_no):
        grouped[store.terminal_no].append(store)
    return [_total(connection, mine, sums) for mine in grouped.values()]


def _total(connection: Connection, mine: list[Row[Any]], sums: dict[int, Any]) -> TerminalTotal:
    counts: Counter[str] = Counter()
    ranges: list[tuple[str, int, int]] = []
    for store in mine:
        now_open = _open(connection, store._mapping)
        done = sums.get(store.store_no)
        received = int(done.received) if done else 0
        counts.update(received=received, made=max(store.claimed_seq, received))
        counts.update(
            duplicates=int(done.duplicates) if done else 0, refused=int(done.refused) if done else 0
        )
        counts.update(pending=gaps.size(now_open.pending), missing=gaps.size(now_open.missing))
        ranges.extend((store.store, first, last) for first, last in now_open.missing)
    return TerminalTotal(
        mine[0].terminal_no,
        mine[0].terminal_id,
        mine[0].name,
        *_six(counts),
        tuple(ranges),
        min((s.oldest_pending_at for s in mine if s.pending_count), default=0),
        max((s.stated_at for s in mine if s.stated_at is not None), default=None),
    )


def _six(counts: Counter[str]) -> tuple[int, int, int, int, int, int]:
    made, received, pending = counts["made"], counts["received"], counts["pending"]
    return made, received, pending, counts["missing"], counts["duplicates"], counts["refused"]


def _share_out(connection: Connection, store: Row[Any], days: dict[int, Counter[str]]) -> None:
    now_open = _open(connection, store._mapping)
    made = {day: counts["made"] for day, counts in days.items()}
    for name, ranges in (("pending", now_open.pending), ("missing", now_open.missing)):
        for day, n in gaps.by_day(made, store.claimed_seq, ranges).items():
            days.setdefault(day, Counter())[name] += n


def _stores(connection: Connection, terminal_no: int | None) -> list[Row[Any]]:
    query = select(stores, terminals.c.terminal_id, terminals.c.name).join(
        terminals, stores.c.terminal_no == terminals.c.terminal_no
    )
    if terminal_no is not None:
        query = query.where(stores.c.terminal_no == terminal_no)
    return list(connection.execute(query.order_by(stores.c.terminal_no, stores.c.store_no)))


def _open(connection: Connection, store: RowMapping | dict[str, Any]) -> gaps.Open:
    claimed = store["claimed_seq"]
    wanted = gaps.unsure(store["holes"] or [], store["upto"], claimed, store["refused"] or [])
    if not wanted:
        return gaps.Open([], [], [])
    looks = wanted if len(wanted) <= _MOST_LOOKS else [(wanted[0][0], wanted[-1][1])]
    received: list[gaps.Range] = []
    for first, last in looks:
        asked = {"store_no": store["store_no"], "first": first, "last": last}
        received.extend((row[0], row[1]) for row in connection.execute(_ISLANDS, asked))
    pending = gaps.merged(store["pending"] or [])
    # a state lists 50 ranges at most: with more pending, all above the last one is held to be pending
    if store["pending_count"] > gaps.size(pending) and pending:
        pending.append((pending[-1][1] + 1, claimed))
    return gaps.look(wanted, received, pending)


def _at_least_made(connection: Connection, store_no: int, day: int, made: int) -> None:
    statement = insert_into(connection, ledger).values(store_no=store_no, day=day, made=made)
    grown = statement.excluded.made > ledger.c.made
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["store_no", "day"], set_={"made": statement.excluded.made}, where=grown
        )
    )
