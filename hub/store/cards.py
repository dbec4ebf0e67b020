"""Cards: 您说我做, what owners said and what was done. In: a connection. Out: rows, photos.

A card hangs at a node of the touchpoint tree and is shown on every screen at or below it. It is withdrawn,
never changed: who photographed a screen finds the same card here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, or_, select, update

from hub.store import touchpoints
from hub.store.schema import cards
from hub.store.upsert import new_row

MOST_CHARS = 120
"""Longest text of a card in one language: it is read from two metres, in eight seconds."""


class BadCard(ValueError):
    """The card cannot be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class CardRow:
    """One card without its photo's bytes; texts are keyed by language, `day` is 20261123."""

    card_id: int
    touchpoint_id: int
    said: dict[str, str]
    done: dict[str, str]
    day: int
    photo_digest: str
    """The first 16 hex digits of the photo's SHA-256; empty: there is no photo."""
    created_at: int
    until_at: int | None
    """From then on it is shown no more."""
    withdrawn_at: int | None

    @property
    def photo_path(self) -> str:
        """Where the hub serves the photo; another photo has another address. Empty: none."""
        return f"/cards/{self.card_id}.jpg?v={self.photo_digest}" if self.photo_digest else ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A card's photo as it is served."""

    jpeg: bytes
    digest: str


_COLUMNS = [column for column in cards.columns if column.name != "photo"]


def create(
    connection: Connection,
    *,
    touchpoint_id: int,
    said: dict[str, str],
    done: dict[str, str],
    day: int,
    now: int,
    photo: bytes | None = None,
    until_at: int | None = None,
) -> int:
    """Add a card and return its card_id; `photo` is a JPEG as `hub.photos` makes it. Raises BadCard."""
    for name, words in (("said", said), ("done", done)):
        _check(name, words)
    digest = hashlib.sha256(photo).hexdigest()[:16] if photo else ""
    row = {"said": said, "done": done, "day": day, "photo": photo, "photo_digest": digest}
    return new_row(connection, cards, touchpoint_id=touchpoint_id, **row, created_at=now, until_at=until_at)


def by_id(connection: Connection, card_id: int) -> CardRow | None:
    """The card, shown or not, or None."""
    found = connection.execute(_cards().where(cards.c.card_id == card_id)).one_or_none()
    return None if found is None else _row(found)


def every(connection: Connection, *, now: int | None = None) -> list[CardRow]:
    """All cards, newest first; with `now` only those that are shown then."""
    query = _cards() if now is None else _shown(now)
    return [_row(found) for found in connection.execute(_newest_first(query))]


def shown_at(connection: Connection, touchpoint_id: int, now: int, most: int) -> list[CardRow]:
    """The newest cards of a touchpoint and of the nodes above it, newest first."""
    path = [node.touchpoint_id for node in touchpoints.path(connection, touchpoint_id)]
    query = _shown(now).where(cards.c.touchpoint_id.in_(path))
    return [_row(found) for found in connection.execute(_newest_first(query).limit(most))]


def photo(connection: Connection, card_id: int) -> Photo | None:
    """The photo of a card that was not withdrawn, or None."""
    query = select(cards.c.photo, cards.c.photo_digest).where(
        cards.c.card_id == card_id, cards.c.withdrawn_at.is_(None), cards.c.photo.is_not(None)
    )
    found = connection.execute(query).one_or_none()
    return None if found is None else Photo(bytes(found.photo), found.photo_digest)


def withdraw(connection: Connection, card_id: int, at: int) -> bool:
    """Show it no more; False when there is no such card or it was withdrawn before."""
    mine = (cards.c.card_id == card_id) & cards.c.withdrawn_at.is_(None)
    return connection.execute(update(cards).where(mine).values(withdrawn_at=at)).rowcount == 1


def _check(name: str, words: dict[str, str]) -> None:
    if not words.get("zh-CN"):
        raise BadCard(f"{name}: the Chinese text is missing")
    longest = max(map(len, words.values()))
    if longest > MOST_CHARS:
        raise BadCard(f"{name}: {longest} characters; at most {MOST_CHARS} can be read in passing")


def _cards() -> Select[tuple[object, ...]]:
    return select(*_COLUMNS)


def _shown(now: int) -> Select[tuple[object, ...]]:
    in_time = or_(cards.c.until_at.is_(None), cards.c.until_at > now)
    return _cards().where(cards.c.withdrawn_at.is_(None), in_time)


def _newest_first(query: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    return query.order_by(cards.c.day.desc(), cards.c.card_id.desc())


def _row(found: Row[tuple[object, ...]]) -> CardRow:
    return CardRow(**found._mapping)
