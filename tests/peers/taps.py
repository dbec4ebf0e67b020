"""By hand: taps, batches, a small estate in a store, and an intake whose words are written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

from sqlalchemy import select

from hub.ingest.intake import Arrival, Intake
from hub.store import placements, rollup, schema, sites, terminals, touchpoints
from hub.store.database import Database
from link import messages, topics
from link.messages import Receipt, Tap, TapBatch

NOW = 1_795_000_000_000
"""An instant in November 2026."""
DAY = 20261118
UPTIME = 1_000_000_000
BOOT = "boot-a"


def tap(seq: int, rating: int = 5, **changed: Any) -> Tap:
    """One tap made with a good clock, `seq` minutes before NOW."""
    made: dict[str, Any] = {
        "seq": seq,
        "tapped_at": NOW - 60_000 * seq,
        "uptime": UPTIME - 60_000 * seq,
        "boot": BOOT,
        "trusted": True,
        "day": DAY,
        "questionnaire": "lobby@1",
        "question": "clean",
        "scale": "faces-5",
        "rating": rating,
    }
    return Tap(**(made | changed))


def batch(taps: Iterable[Tap], store: str = "store-1", **changed: Any) -> bytes:
    """The bytes of a batch sent NOW."""
    head: dict[str, Any] = {
        "v": messages.VERSION,
        "store": store,
        "boot": BOOT,
        "uptime": UPTIME,
        "sent_at": NOW,
        "trusted": True,
    }
    return messages.encode(TapBatch(**(head | changed), taps=tuple(taps)))


@dataclass
class Estate:
    """Two touchpoints, and the terminals k1 … k3: k1 and k2 at the first, k3 nowhere."""

    site_id: int
    lobby: int
    lift: int
    terminals: dict[str, int]


def build_estate(database: Database) -> Estate:
    """Put an estate into an empty store."""
    with database.writing() as connection:
        site = sites.create(connection, name={"zh-CN": "云栖苑"}, now=1)
        lobby = touchpoints.create(connection, site_id=site, kind="touchpoint", name={"zh-CN": "大堂"})
        lift = touchpoints.create(connection, site_id=site, kind="touchpoint", name={"zh-CN": "电梯"})
        numbers = {
            name: terminals.create(connection, terminal_id=name, kind="kiosk", now=1)
            for name in ("k1", "k2", "k3")
        }
        for name in ("k1", "k2"):
            placements.place_terminal(connection, numbers[name], lobby, 1)
    return Estate(site, lobby, lift, numbers)


@dataclass
class Told:
    """What an intake said, in order: ("done", terminal), ("receipt", terminal, receipt), ("rang",)."""

    words: list[tuple[Any, ...]] = field(default_factory=list)
    _news: Condition = field(default_factory=Condition)

    def say(self, *word: Any) -> None:
        with self._news:
            self.words.append(word)
            self._news.notify_all()

    def wait_for(self, kind: str, count: int = 1, timeout: float = 20.0) -> None:
        with self._news:
            assert self._news.wait_for(lambda: self.count(kind) >= count, timeout), self.words

    def count(self, kind: str) -> int:
        return sum(1 for word in self.words if word[0] == kind)

    @property
    def receipts(self) -> list[tuple[str, Receipt]]:
        return [(word[1], word[2]) for word in self.words if word[0] == "receipt"]


class Taker:
    """An intake on a store. What is offered before `start` goes into one commit."""

    def __init__(self, database: Database, now: int = NOW, **options: Any) -> None:
        self.database, self.now, self.told = database, now, Told()
        self.intake = Intake(
            database,
            now=lambda: self.now,
            send_receipt=lambda terminal, receipt: self.told.say("receipt", terminal, receipt),
            on_commit=lambda: self.told.say("rang"),
            **options,
        )

    def offer(self, payload: bytes, terminal: str = "k1", received_at: int | None = None) -> None:
        """Hand over one message."""
        at = self.now if received_at is None else received_at
        done = lambda: self.told.say("done", terminal)  # noqa: E731
        self.intake.offer(Arrival(terminal, topics.taps(terminal), payload, at, done))

    def finish(self) -> Taker:
        """Commit all that was offered, and stop."""
        if not self.intake._thread.is_alive():
            self.intake.start()
        self.intake.stop()
        return self


def take_in(database: Database, *payloads: bytes, terminal: str = "k1", now: int = NOW) -> Taker:
    """One commit of these messages of one terminal."""
    taker = Taker(database, now)
    for payload in payloads:
        taker.offer(payload, terminal)
    return taker.finish()


def stored(database: Database) -> list[Any]:
    """Every row of `taps`, by terminal, store and seq."""
    query = select(schema.taps, schema.stores.c.store, schema.terminals.c.terminal_id)
    query = query.join(schema.stores, schema.stores.c.store_no == schema.taps.c.store_no)
    query = query.join(schema.terminals, schema.terminals.c.terminal_no == schema.stores.c.terminal_no)
    order = (schema.terminals.c.terminal_id, schema.stores.c.store, schema.taps.c.seq)
    with database.reading() as connection:
        return list(connection.execute(query.order_by(*order)))


def rollup_is_right(database: Database) -> bool:
    """Whether the roll-up says what counting the taps says."""
    with database.reading() as connection:
        return rollup.stored(connection) == rollup.recounted(connection)
