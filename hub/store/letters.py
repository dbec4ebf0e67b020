"""Letters: the hub's outbox, written in the transaction that made them due, settled when they are received.

In: a connection. Out: rows. A letter keeps its id over every retry and replay. States: waiting, sent, dead
(given up; can be replayed), superseded (a later letter of the same alert was sent first).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update

from hub.alerts import notice
from hub.dispatch.post import Letter
from hub.store.database import Connection
from hub.store.schema import attempts, letters, sinks, sites

WAITING, SENT, DEAD, SUPERSEDED = "waiting", "sent", "dead", "superseded"
STATES = (WAITING, SENT, DEAD, SUPERSEDED)
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter to one sink: `attempts` counts failures, from `due_at` on it may go."""

    letter_id: str
    sink_id: int
    alert_id: int | None
    kind: str
    content: dict[str, Any]
    state: str
    attempts: int
    lease_owner: str | None
    lease_until: int | None
    due_at: int
    written_at: int
    settled_at: int | None
    last_error: str

    @property
    def letter(self) -> Letter:
        """What the channel is given."""
        return Letter(self.letter_id, self.kind, self.content)


def write(
    connection: Connection,
    *,
    letter_id: str,
    sink_id: int,
    kind: str,
    content: dict[str, Any],
    now: int,
    alert_id: int | None = None,
) -> None:
    """Put a letter into the outbox, due at once."""
    row = {"letter_id": letter_id, "sink_id": sink_id, "alert_id": alert_id, "kind": kind, "content": content}
    fixed = {"state": WAITING, "attempts": 0, "due_at": now, "written_at": now}
    connection.execute(letters.insert().values(**row, **fixed))


def write_trial(
    connection: Connection, *, letter_id: str, sink_id: int, now: int, public_url: str = ""
) -> None:
    """Put a test letter into the outbox, by which somebody sees whether a sink works."""
    found = connection.execute(select(sites).order_by(sites.c.site_id).limit(1)).one_or_none()
    site_id, name = (found.site_id, found.name) if found else (0, {"zh-CN": "Taploop", "en": "Taploop"})
    content = notice.trial(site_id, name, now, public_url)
    write(connection, letter_id=letter_id, sink_id=sink_id, kind="test", content=content, now=now)


def every(
    connection: Connection, *, state: str | None = None, sink_id: int | None = None, most: int = 200
) -> list[LetterRow]:
    """The newest letters, on demand of one state or one sink."""
    query = select(letters).order_by(letters.c.written_at.desc(), letters.c.letter_id).limit(most)
    if state is not None:
        query = query.where(letters.c.state == state)
    if sink_id is not None:
        query = query.where(letters.c.sink_id == sink_id)
    return [_row(found) for found in connection.execute(query)]


def by_id(connection: Connection, letter_id: str) -> LetterRow | None:
    """The letter, or None."""
    found = connection.execute(select(letters).where(letters.c.letter_id == letter_id)).one_or_none()
    return None if found is None else _row(found)


def counts(connection: Connection) -> dict[str, int]:
    """State → how many letters; every state is there."""
    query = select(letters.c.state, func.count()).group_by(letters.c.state)
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in connection.execute(query)}


def oldest_waiting_at(connection: Connection) -> int | None:
    """When the oldest waiting letter was written; None when none waits. Alarm on age, not on number."""
    query = select(func.min(letters.c.written_at)).where(letters.c.state == WAITING)
    return connection.execute(query).scalar_one_or_none()


def ready_sinks(connection: Connection, now: int) -> list[int]:
    """Sinks that are enabled, rest no more, and have a letter that is due and in nobody's hands."""
    query = select(letters.c.sink_id).join(sinks).where(_due(now), sinks.c.enabled, _rested(now)).distinct()
    return sorted(connection.execute(query).scalars())


def next_due_at(connection: Connection, now: int) -> int | None:
    """When the next letter after `now` comes due at an enabled sink, or its lease or its sink's rest ends."""
    free = func.coalesce(letters.c.lease_until, 0)
    rest = func.coalesce(sinks.c.open_until_at, 0)
    query = (
        select(letters.c.due_at, free, rest).join(sinks).where(letters.c.state == WAITING, sinks.c.enabled)
    )
    times = (max(row) for row in connection.execute(query))
    return min((at for at in times if at > now), default=None)


def in_hand(connection: Connection, sink_id: int, now: int) -> bool:
    """Whether some worker holds a letter of this sink: one request at a time."""
    held = and_(letters.c.sink_id == sink_id, letters.c.state == WAITING, letters.c.lease_until > now)
    return connection.execute(select(letters.c.letter_id).where(held).limit(1)).first() is not None


def due(connection: Connection, sink_id: int, now: int, most: int) -> list[LetterRow]:
    """The letters of a sink that may go now, oldest first, those of one alert in their order."""
    query = select(letters).where(letters.c.sink_id == sink_id, _due(now))
    in_order = (letters.c.written_at, letters.c.alert_id, letters.c.kind, letters.c.letter_id)
    query = query.order_by(*in_order).limit(most)  # of one moment alert.firing comes before alert.resolved
    return [_row(found) for found in connection.execute(query)]


def outrun(connection: Connection, sink_id: int, alert_ids: Collection[int]) -> dict[int, int]:
    """alert_id → the highest sequence that this sink was already sent."""
    query = select(letters.c.alert_id, letters.c.content).where(
        letters.c.alert_id.in_(alert_ids), letters.c.sink_id == sink_id, letters.c.state == SENT
    )
    found: dict[int, int] = {}
    for alert_id, content in connection.execute(query):
        found[alert_id] = max(found.get(alert_id, 0), content["sequence"])
    return found


def lease(connection: Connection, letter_ids: Sequence[str], owner: str, until: int) -> None:
    """Take letters into hand until `until`; whoever finds them later may take them over."""
    _set(connection, letters.c.letter_id.in_(letter_ids), lease_owner=owner, lease_until=until)


def settle(connection: Connection, letter_id: str, state: str, now: int, error: str = "") -> None:
    """It is sent, dead or superseded."""
    done = {"state": state, "settled_at": now, "lease_owner": None, "lease_until": None}
    _set(connection, letters.c.letter_id == letter_id, **done, last_error=error[:_LONGEST_ERROR])


def postpone(connection: Connection, letter_id: str, attempts: int, due_at: int, error: str) -> None:
    """It failed and is due again at `due_at`; a letter that is settled stays so."""
    still = and_(letters.c.letter_id == letter_id, letters.c.state == WAITING)
    free = {"lease_owner": None, "lease_until": None, "last_error": error[:_LONGEST_ERROR]}
    _set(connection, still, attempts=attempts, due_at=due_at, **free)


def pull_forward(connection: Connection, sink_id: int, now: int) -> None:
    """The sink answers again: what waits for its next try is due at once."""
    mine = and_(letters.c.sink_id == sink_id, letters.c.state == WAITING, letters.c.due_at > now)
    _set(connection, mine, due_at=now)


def replay(connection: Connection, letter_id: str, now: int) -> bool:
    """Send a dead letter again under its own id, with all its tries; False when it is not dead."""
    return (
        _set(connection, and_(letters.c.letter_id == letter_id, letters.c.state == DEAD), **_anew(now)) == 1
    )


def replay_all(connection: Connection, now: int, sink_id: int | None = None) -> int:
    """Send every dead letter again, on demand only those of one sink; how many there were."""
    dead = letters.c.state == DEAD
    return _set(
        connection, dead if sink_id is None else and_(dead, letters.c.sink_id == sink_id), **_anew(now)
    )


def prune(connection: Connection, settled_before: int) -> int:
    """Forget letters sent or superseded before an instant, with their attempts; dead ones stay. How many."""
    old = and_(letters.c.state.in_((SENT, SUPERSEDED)), letters.c.settled_at < settled_before)
    connection.execute(
        delete(attempts).where(attempts.c.letter_id.in_(select(letters.c.letter_id).where(old)))
    )
    return connection.execute(delete(letters).where(old)).rowcount


def _anew(now: int) -> dict[str, object]:
    return {"state": WAITING, "attempts": 0, "due_at": now, "settled_at": None}


def _due(now: int) -> ColumnElement[bool]:
    free = or_(letters.c.lease_until.is_(None), letters.c.lease_until <= now)
    return and_(letters.c.state == WAITING, letters.c.due_at <= now, free)


def _rested(now: int) -> ColumnElement[bool]:
    return or_(sinks.c.open_until_at.is_(None), sinks.c.open_until_at <= now)


def _row(found: Row[Any]) -> LetterRow:
    return LetterRow(**found._mapping)


def _set(connection: Connection, where: ColumnElement[bool], **values: object) -> int:
    return connection.execute(update(letters).where(where).values(**values)).rowcount
