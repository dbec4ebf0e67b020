"""A hub in memory: commits taps into a dictionary, answers with receipts, as well or badly as wanted."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from link import messages, topics
from link.messages import (
    BadMessage,
    Command,
    Config,
    HubState,
    Message,
    Receipt,
    Refusal,
    Reply,
    State,
    Tap,
    TapBatch,
    ranges_of,
)
from link.session import Address, Incoming, Session


def wait_for(what: Callable[[], object], within_s: float = 15.0) -> None:
    """Wait until it is so; the sentence of the assertion is the test's."""
    until = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


class SmallHub:
    """Everything that reached it, and knobs for how it answers."""

    def __init__(self, port: int, *, password: str = "hub-password") -> None:
        self.taps: dict[tuple[str, str, int], Tap] = {}
        self.copies: Counter[tuple[str, str, int]] = Counter()
        self.batches: list[tuple[str, TapBatch]] = []
        self.states: list[tuple[str, State]] = []
        self.replies: list[Reply] = []
        self.receipts_per_batch = 1
        self.refuses: Callable[[Tap], str] = lambda _tap: ""
        self.cannot_read: Callable[[Tap], bool] = lambda _tap: False
        self.up = threading.Event()
        self._session = Session(
            Address("127.0.0.1", port),
            user=topics.HUB,
            password=password,
            will=None,
            on_up=self._came_up,
            on_down=lambda _reason: self.up.clear(),
            on_message=self._hear,
            retry_first_s=0.1,
            retry_most_s=0.2,
        )
        self._session.start()
        assert self.up.wait(10)

    def stop(self) -> None:
        self._session.stop()

    def say(self, topic: str, message: Message, *, retain: bool = False) -> None:
        assert self._session.publish(topic, messages.encode(message), retain=retain)

    def say_raw(self, topic: str, payload: bytes) -> None:
        assert self._session.publish(topic, payload)

    def online(self, online: bool, at: int = 1, retry_after: int = 0) -> None:
        self.say(topics.hub_state(), HubState(1, online, at, retry_after=retry_after), retain=True)

    def command(self, terminal: str, command: Command) -> Reply:
        self.say(topics.commands(terminal), command)
        wait_for(lambda: any(reply.id == command.id for reply in self.replies))
        return next(reply for reply in self.replies if reply.id == command.id)

    def configure(self, terminal: str, config: Config) -> None:
        self.say(topics.config(terminal), config, retain=True)

    def has(self, terminal: str) -> int:
        """How many taps of a terminal it holds."""
        return sum(owner == terminal for owner, _, _ in self.taps)

    def last(self, terminal: str) -> State:
        """The last state of a terminal."""
        return [state for owner, state in self.states if owner == terminal][-1]

    def _came_up(self) -> None:
        self._session.subscribe(topics.all_up())
        self.up.set()

    def _hear(self, incoming: Incoming) -> None:
        topic = topics.parse(incoming.topic)
        try:
            if topic.kind == "taps":
                self._commit(topic.terminal, incoming.payload)
            elif topic.kind == "state":
                self.states.append((topic.terminal, messages.decode(State, incoming.payload)))
            else:
                self.replies.append(messages.decode(Reply, incoming.payload))
        except BadMessage as error:  # pragma: no cover
            print("small hub:", error)
        self._session.ack(incoming)

    def _commit(self, terminal: str, payload: bytes) -> None:
        batch = messages.decode(TapBatch, payload)
        self.batches.append((terminal, batch))
        if any(map(self.cannot_read, batch.taps)):
            receipt = Receipt(1, "", unreadable=(messages.fingerprint(payload),))
        else:
            receipt = self._take(terminal, batch)
        for _ in range(self.receipts_per_batch):
            self._session.publish(topics.receipts(terminal), messages.encode(receipt))

    def _take(self, terminal: str, batch: TapBatch) -> Receipt:
        refused = [Refusal(tap.seq, why) for tap in batch.taps if (why := self.refuses(tap))]
        good = [tap for tap in batch.taps if not self.refuses(tap)]
        for tap in good:
            key = (terminal, batch.store, tap.seq)
            assert self.taps.setdefault(key, tap) == tap, "the same identity with another body"
            self.copies[key] += 1
        return Receipt(1, batch.store, ranges_of([tap.seq for tap in good]), tuple(refused))
