"""Births, heartbeats and wills become rows, many at a time; what cannot be read is set aside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from hub.ingest.listener import Heard
from hub.ingest.presence import Presence
from hub.live import Live
from hub.store import presence as rows
from hub.store import quarantine, terminals
from hub.store.database import Database
from link import messages
from link.messages import State, StoreState

HEARTBEAT_S = 10


class Hearing:
    """A presence under test, with a clock that stands still and a count of what was acknowledged."""

    def __init__(self, database: Database, *, broker_is_new: bool = False) -> None:
        self.database, self.at, self.done, self.said = database, 1_000_000, 0, 0
        self.live = Live()
        self.presence = Presence(
            database,
            now=lambda: self.at,
            live=self.live,
            heartbeat_after=HEARTBEAT_S,
            broker_is_new=broker_is_new,
            look_every_s=0.1,
        )

    def say(self, terminal: str, payload: bytes, *, retained: bool = False) -> None:
        self.said += 1
        self.presence.hear(Heard(terminal, payload, retained, self.at, self._done))

    def state(self, terminal: str, kind: str, session: str, **more: object) -> None:
        self.say(terminal, messages.encode(State(1, kind, session, **more)))

    def _done(self) -> None:
        self.done += 1

    def settle(self) -> None:
        until(lambda: self.done == self.said)

    def row(self, terminal: str) -> rows.PresenceRow | None:
        with self.database.reading() as connection:
            return next((one for one in rows.every(connection) if one.terminal_id == terminal), None)


def until(what: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


@pytest.fixture
def hearing(database: Database) -> Iterator[Hearing]:
    with database.writing() as connection:
        for name in ("k1", "k2"):
            terminals.create(connection, terminal_id=name, kind="kiosk", now=1)
    one = Hearing(database)
    one.presence.start()
    yield one
    one.presence.stop()


def test_a_birth_makes_a_terminal_present_and_its_will_absent(hearing: Hearing) -> None:
    hearing.state("k1", "birth", "s1", software="1.0", store=StoreState("st", 7, ((6, 7),), 2))
    hearing.settle()
    row = hearing.row("k1")
    assert row is not None
    assert (row.online, row.session, row.state["software"]) == (True, "s1", "1.0")
    hearing.state("k1", "will", "s1")
    hearing.settle()
    row = hearing.row("k1")
    assert row is not None
    assert not row.online


def test_a_will_of_an_earlier_session_does_not_count(hearing: Hearing) -> None:
    """TL-STATE-03."""
    hearing.state("k1", "birth", "s1")
    hearing.state("k1", "birth", "s2")
    hearing.state("k1", "will", "s1")
    hearing.settle()
    row = hearing.row("k1")
    assert row is not None
    assert row.online


def test_a_thousand_heartbeats_take_few_commits_and_lose_nobody(hearing: Hearing) -> None:
    for number in range(1000):
        hearing.at += 1
        hearing.state("k1" if number % 2 else "k2", "heartbeat", "s1")
    hearing.settle()
    assert hearing.presence.doings.heard == 1000
    assert hearing.live.version < 100
    row = hearing.row("k1")
    assert row is not None
    assert row.heard_at == hearing.at


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"not json", quarantine.UNREADABLE),
        (b'{"v":2,"kind":"dance"}', quarantine.VERSION),
        (bytes(messages.MAX_BYTES + 1), quarantine.TOO_LARGE),
    ],
    ids=["nonsense", "another version", "too large"],
)
def test_what_cannot_be_read_is_set_aside_and_stops_nobody(
    hearing: Hearing, payload: bytes, reason: str
) -> None:
    hearing.say("k1", payload)
    hearing.state("k2", "birth", "s1")
    hearing.settle()
    with hearing.database.reading() as connection:
        assert [row.reason for row in quarantine.newest(connection)] == [reason]
    assert hearing.row("k1") is None
    assert hearing.row("k2") is not None


def test_a_state_that_the_store_refuses_does_not_take_the_others_with_it(hearing: Hearing) -> None:
    hearing.state("k1", "birth", "s1", software="nul \0 byte")
    hearing.state("k2", "birth", "s1")
    hearing.settle()
    assert hearing.row("k2") is not None


def test_an_unknown_terminal_leaves_no_row(hearing: Hearing) -> None:
    hearing.state("nobody", "birth", "s1")
    hearing.state("k1", "birth", "s1")
    hearing.settle()
    assert hearing.row("nobody") is None


def test_a_terminal_that_falls_silent_is_absent_after_three_heartbeats(hearing: Hearing) -> None:
    hearing.state("k1", "birth", "s1")
    hearing.settle()
    hearing.at += 2 * HEARTBEAT_S * 1000
    hearing.state("k2", "birth", "s1")
    hearing.settle()
    time.sleep(0.25)
    row = hearing.row("k1")
    assert row is not None
    assert row.online
    hearing.at += HEARTBEAT_S * 1000 + 1
    until(lambda: not hearing.row("k1").online)  # type: ignore[union-attr]
    assert hearing.row("k2").online  # type: ignore[union-attr]


def test_behind_a_broker_that_has_just_started_nobody_is_present(hearing: Hearing) -> None:
    hearing.state("k1", "birth", "s1")
    hearing.settle()
    hearing.at += 1
    again = Hearing(hearing.database, broker_is_new=True)
    again.at = hearing.at
    again.presence.start()
    until(lambda: not hearing.row("k1").online)  # type: ignore[union-attr]
    again.presence.stop()
