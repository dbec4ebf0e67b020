"""One commit of the intake: what all those messages and answers mean for the tables.

In: opened messages and answers, a writing connection. Out: `Outcome`, to be told once it is on disk.
Nothing is sent or logged here: the transaction may still be rolled back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from hub.ingest import amending, answering, placing
from hub.ingest.arrivals import Alarm, Arrival, Draft, Outcome, WebAnswer
from hub.ingest.numbers import Numbers
from hub.ingest.opening import Opened
from hub.store import batches, gaps, ledger, placements, quarantine, rollup, stores, tap_writing
from hub.store.database import Connection
from link import messages
from link.messages import Range, Refusal, Tap

_ALARMED = {quarantine.VERSION, quarantine.CONFLICT, quarantine.STORES}


@dataclass(slots=True)
class _Sender:
    """Whose taps they are: one message, and the store that it comes from."""

    arrival: Arrival
    store: str
    store_no: int


@dataclass(slots=True)
class _Batch:
    """The rows of one message: `rows[first:last]` of the commit."""

    sender: _Sender
    taps: tuple[Tap, ...]
    first: int
    last: int


@dataclass(slots=True)
class _Commit:
    connection: Connection
    numbers: Numbers
    now: int
    outcome: Outcome = field(default_factory=Outcome)
    rows: list[placing.Row] = field(default_factory=list)
    marked: list[tuple[int, Tap]] = field(default_factory=list)
    batches: list[_Batch] = field(default_factory=list)
    counts: dict[tuple[int, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    refused: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def take_in(
    connection: Connection,
    numbers: Numbers,
    now: int,
    opened: Sequence[tuple[Arrival, Opened]],
    answers: Sequence[WebAnswer],
) -> Outcome:
    """Write it all; the caller commits. Raises what the driver raises, and then nothing may be believed."""
    numbers.use(connection, now)
    commit = _Commit(connection, numbers, now)
    known = [found for arrival, one in opened if (found := _known(commit, arrival, one)) is not None]
    _learn_boots(commit, known)
    spots = placements.spots(connection, {number for _, _, number in known}) if known else {}
    for arrival, one, terminal_no in known:
        _add(commit, arrival, one, terminal_no, spots.get(terminal_no, []))
    sheet = answering.prepare(connection, numbers, now, answers) if answers else None
    at = len(commit.rows)
    commit.rows += sheet.rows if sheet else []
    _write(commit)
    if sheet is not None:
        commit.outcome.answers = answering.finish(connection, sheet, now)
        commit.outcome.doings.received += len(commit.rows) - at
    for store_no, seqs in sorted(commit.refused.items()):
        ledger.refuse(connection, store_no, seqs)
    ledger.count(connection, commit.counts)
    commit.outcome.doings.messages = len(opened)
    return commit.outcome


def _known(commit: _Commit, arrival: Arrival, one: Opened) -> tuple[Arrival, Opened, int] | None:
    terminal_no = commit.numbers.terminal(arrival.terminal)
    doings = commit.outcome.doings
    if terminal_no is None:
        doings.unknown += 1
        _set_aside(commit, arrival, quarantine.UNKNOWN, "no terminal has this id", arrival.payload)
        return None
    if one.fault == quarantine.VERSION:
        doings.wrong_version += 1
        _set_aside(commit, arrival, one.fault, one.detail, arrival.payload)
        return None
    if one.fault:
        _set_aside(commit, arrival, one.fault, one.detail, arrival.payload)
        draft = commit.outcome.draft(arrival.terminal, "")
        draft.unreadable.append(messages.fingerprint(arrival.payload))
        return None
    return arrival, one, terminal_no


def _learn_boots(commit: _Commit, known: list[tuple[Arrival, Opened, int]]) -> None:
    """First of all, so that a batch may be placed by what the one behind it tells."""
    for arrival, one, terminal_no in known:
        if one.batch is not None and not commit.numbers.knows_boots(terminal_no, one.batch):
            for boot, started_at in placing.boot_starts(one.batch, arrival.received_at).items():
                commit.numbers.keep_boot(terminal_no, boot, started_at)


def _add(commit: _Commit, arrival: Arrival, one: Opened, terminal_no: int, spots: list[placing.Spot]) -> None:
    try:
        store_no = commit.numbers.store(terminal_no, one.store)
    except stores.TooManyStores as error:
        _set_aside(commit, arrival, quarantine.STORES, str(error), arrival.payload)
        return
    sender = _Sender(arrival, one.store, store_no)
    for seq, detail, raw in one.bad:
        _refuse(commit, sender, Refusal(seq, quarantine.BAD_TAP), detail=detail, raw=raw)
    if one.batch is None:
        return
    rows, marked, impossible = placing.rows_of(
        one.batch,
        store_no,
        arrival.received_at,
        spots=spots,
        asked=commit.numbers,
        boot_started=partial(commit.numbers.boot_started, terminal_no),
    )
    for tap in impossible:
        what = f"{tap.rating} is no rating of {tap.scale}"
        refusal = Refusal(tap.seq, quarantine.BAD_TAP)
        _refuse(commit, sender, refusal, detail=what, raw=messages.encode(tap), day=tap.day)
    first = len(commit.rows)
    commit.rows += rows
    if marked:
        commit.marked += [(first + index, tap) for index, tap in marked]
    commit.batches.append(_Batch(sender, one.batch.taps, first, len(commit.rows)))


def _write(commit: _Commit) -> None:
    """Insert, and count by what was really inserted."""
    if not commit.rows:
        return
    written = tap_writing.write(commit.connection, commit.rows)
    old = {*written.repeated, *written.conflicting}
    fresh = [row for index, row in enumerate(commit.rows) if index not in old] if old else commit.rows
    counted = placing.by_hour(fresh)
    if commit.marked or commit.numbers.waiting:
        marked = [(commit.rows[index], tap) for index, tap in commit.marked if index not in old]
        gone = amending.follow(commit.connection, commit.numbers, fresh, marked, commit.now)
        counted.subtract(rollup.counted_of(gone))
    rollup.add(commit.connection, counted)
    for key, n in placing.by_day(fresh).items():
        commit.counts[key]["received"] += n
    for key, n in placing.by_day(commit.rows[index] for index in written.repeated).items():
        commit.counts[key]["duplicates"] += n
    if written.new:
        batches.add(commit.connection, written.first_tap_id, written.last_tap_id, commit.now)
    _draft(commit, set(written.repeated), set(written.conflicting))


def _draft(commit: _Commit, repeated: set[int], conflicting: set[int]) -> None:
    """Every batch gets its part of a receipt: repeated taps are as committed as new ones."""
    for batch in commit.batches:
        draft = commit.outcome.draft(batch.sender.arrival.terminal, batch.sender.store)
        rows = commit.rows[batch.first : batch.last]
        draft.new += len(rows)
        if repeated or conflicting:
            rows = _believed(commit, batch, draft, repeated, conflicting)
        draft.committed += _ranges([row[1] for row in rows])
    for draft in commit.outcome.receipts.values():
        draft.committed = gaps.merged(draft.committed)
        commit.outcome.doings.received += draft.new
        commit.outcome.doings.duplicates += draft.duplicates


def _believed(
    commit: _Commit, batch: _Batch, draft: Draft, repeated: set[int], conflicting: set[int]
) -> list[placing.Row]:
    """The rows of a batch that are in the store; those that contradict it are refused."""
    mine = range(batch.first, batch.last)
    again = len(repeated.intersection(mine))
    bad = sorted(conflicting.intersection(mine))
    draft.duplicates += again
    draft.new -= again + len(bad)
    for index in bad:
        _contradicted(commit, batch, commit.rows[index])
    return [commit.rows[index] for index in mine if index not in conflicting]


def _ranges(seqs: list[int]) -> Iterable[Range]:
    if seqs and seqs == [*range(seqs[0], seqs[0] + len(seqs))]:  # nearly always
        return ((seqs[0], seqs[-1]),)
    return messages.ranges_of(seqs)


def _contradicted(commit: _Commit, batch: _Batch, row: placing.Row) -> None:
    sender, seq, day = batch.sender, row[1], row[10]
    raw = next(messages.encode(tap) for tap in batch.taps if tap.seq == seq and tap.rating == row[4])
    what = f"store {sender.store}, seq {seq}: another tap has this identity"
    _refuse(commit, sender, Refusal(seq, quarantine.CONFLICT), detail=what, raw=raw, day=day)


def _refuse(
    commit: _Commit, sender: _Sender, refusal: Refusal, *, detail: str, raw: bytes, day: int = 0
) -> None:
    """Refuse one tap; however often it comes, it is counted once."""
    if _set_aside(commit, sender.arrival, refusal.reason, detail, raw):
        commit.counts[sender.store_no, day]["refused"] += 1
        commit.outcome.doings.refused += 1
    if refusal.reason != quarantine.CONFLICT:  # of a conflict the other tap was received
        commit.refused[sender.store_no].append(refusal.seq)
    commit.outcome.draft(sender.arrival.terminal, sender.store).refused.append(refusal)


def _set_aside(commit: _Commit, arrival: Arrival, reason: str, detail: str, raw: bytes) -> bool:
    """Quarantine bytes; False when they lie there already."""
    kept = quarantine.keep(
        commit.connection,
        terminal_id=arrival.terminal,
        topic=arrival.topic,
        reason=reason,
        detail=detail,
        payload=raw,
        received_at=arrival.received_at,
    )
    commit.outcome.doings.quarantined += kept
    if reason in _ALARMED:
        commit.outcome.alarms.append(Alarm(arrival.terminal, reason, detail, commit.now))
    return kept
