"""A clock that a test moves, sinks and letters put into a store, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hub.alerts import notice
from hub.dispatch.courier import Courier
from hub.store import attempts, letters, sinks
from hub.store.database import Database
from hub.store.letters import LetterRow
from tests.hub.dispatch.contents import content
from tests.peers.receiver import SECRET, WebhookReceiver, WeComReceiver

START = 1_763_900_000_000


class Clock:
    """Milliseconds that pass only when the test says so."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> int:
        return self.at

    def seconds(self) -> float:
        return self.at / 1_000

    def pass_s(self, seconds: float) -> None:
        self.at += round(seconds * 1_000)


def courier_on(database: Database, clock: Clock, **options: Any) -> Courier:
    return Courier(database, now=clock, chance=lambda: 0.5, **options)


def add_webhook(database: Database, receiver: WebhookReceiver, **options: Any) -> int:
    choice = {"kind": "webhook", "name": "工单系统", "secret": SECRET, "allow_private": True} | options
    with database.writing() as connection:
        return sinks.create(connection, url=choice.pop("url", receiver.url), now=START, **choice)


def add_robot(database: Database, receiver: WeComReceiver, **options: Any) -> int:
    choice = {"kind": "wecom", "name": "项目群", "url": receiver.url, "allow_private": True} | options
    with database.writing() as connection:
        return sinks.create(connection, now=START, **choice)


def put(
    database: Database,
    sink_id: int,
    number: int,
    *,
    at: int = START,
    state: notice.State = "firing",
    **more: Any,
) -> str:
    """Write the letter `msg_<state>_<number>` of alert `number`."""
    letter_id = f"msg_{state}_{number}"
    told = content(state, alert_id=number, **more)
    with database.writing() as connection:
        row = {"letter_id": letter_id, "sink_id": sink_id, "kind": f"alert.{state}", "content": told}
        letters.write(connection, **row, now=at, alert_id=number)
    return letter_id


def put_many(database: Database, sink_id: int, many: int) -> list[str]:
    return [put(database, sink_id, number, name=f"{number}号楼客梯") for number in range(1, many + 1)]


def letter(database: Database, letter_id: str) -> LetterRow:
    with database.reading() as connection:
        found = letters.by_id(connection, letter_id)
    assert found is not None
    return found


def outcomes(database: Database, letter_id: str) -> list[str]:
    with database.reading() as connection:
        return [attempt.outcome for attempt in attempts.of_letter(connection, letter_id)]


def states(database: Database) -> Counter[str]:
    with database.reading() as connection:
        return Counter({state: many for state, many in letters.counts(connection).items() if many})
