"""The MQTT door of the hub: one session as user `hub`.

In: everything that terminals publish. Out: batches to the intake, states to presence, replies to the log; and
receipts, configs and commands back to the terminals. An intake that is full blocks here, so the broker holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from hub.ingest.intake import Arrival
from link import messages, topics
from link.comeback import Protocol
from link.messages import BadMessage, Command, HubState, Receipt, Reply
from link.session import Address, Incoming, Session

RETRY_FIRST_S, RETRY_MOST_S = 0.2, 5.0
"""The hub comes back sooner than its terminals."""
TERMINALS_A_SECOND, SPREAD_MOST_S = 100, 60
"""When the hub stops it asks its terminals to spread their return, so that so many come back in a second."""
_MOST_TOPICS = 100_000
_log = structlog.get_logger("hub.listener")


@dataclass(frozen=True, slots=True)
class Heard:
    """A state message as it came, not read yet. `done` acknowledges it to the broker."""

    terminal: str
    payload: bytes
    retained: bool
    received_at: int
    """Milliseconds since 1970-01-01 UTC."""
    done: Callable[[], None]


@dataclass(slots=True)
class Doings:
    """Plain counters for the metrics."""

    messages: int = 0
    strange_topics: int = 0
    receipts: int = 0
    receipts_unsent: int = 0
    refused_by_broker: int = 0


class Listener:
    """`start` says where things go; the three `send_…` may be called from any thread, before and after it."""

    def __init__(
        self, address: Address, password: str, *, now: Callable[[], int], protocol: Protocol = "5"
    ) -> None:
        self.doings = Doings()
        self._now = now
        self._known: dict[str, topics.Topic] = {}
        self._on_up: Callable[[], None] = lambda: None
        self._leaving = False
        self._session = Session(
            address,
            user=topics.HUB,
            password=password,
            will=self._will,
            on_up=self._up,
            on_down=self._down,
            on_message=self._heard,
            on_refused=self._refused,
            retry_first_s=RETRY_FIRST_S,
            retry_most_s=RETRY_MOST_S,
            protocol=protocol,
        )

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted the session now."""
        return self._session.connected

    def start(
        self, *, offer: Callable[[Arrival], None], hear: Callable[[Heard], None], on_up: Callable[[], None]
    ) -> None:
        """Connect. `offer` and `hear` are called in the session's thread, `on_up` after every connect."""
        self._offer, self._hear, self._on_up = offer, hear, on_up
        self._session.start()

    def stop(self) -> None:
        """Tell the terminals that the hub goes, and leave."""
        self._leaving = True
        terminals = sum(topic.kind == "state" for topic in self._known.values())
        spread = min(SPREAD_MOST_S, 1 + terminals // TERMINALS_A_SECOND)
        going = HubState(messages.VERSION, online=False, at=self._now(), retry_after=spread)
        self._session.publish(topics.hub_state(), messages.encode(going), retain=True)
        self._session.stop()

    def send_receipt(self, terminal: str, receipt: Receipt) -> None:
        """Say what became of taps. Lost when the broker is away: the terminal sends again, is told again."""
        sent = self._session.publish(topics.receipts(terminal), messages.encode(receipt))
        if not sent:
            self.doings.receipts_unsent += 1
            return
        self.doings.receipts += 1
        _log.debug(
            "receipt.sent",
            terminal=terminal,
            store=receipt.store,
            committed=receipt.committed,
            refused=[refusal.seq for refusal in receipt.refused],
            unreadable=receipt.unreadable,
        )

    def send_config(self, terminal: str, payload: bytes) -> bool:
        """Retain what the terminal shall be (empty: nothing any more); False when the broker is away."""
        return self._session.publish(topics.config(terminal), payload, retain=True)

    def send_command(self, terminal: str, command: Command) -> bool:
        """Ask something of a terminal; False when the broker is away."""
        return self._session.publish(topics.commands(terminal), messages.encode(command))

    # --- in the session's thread -----------------------------------------------------------------------

    def _will(self) -> tuple[str, bytes]:
        return topics.hub_state(), messages.encode(HubState(messages.VERSION, online=False))

    def _up(self) -> None:
        self._session.subscribe(topics.all_up())
        here = HubState(messages.VERSION, online=True, at=self._now())
        self._session.publish(topics.hub_state(), messages.encode(here), retain=True)
        self._on_up()

    def _down(self, reason: str) -> None:
        if not self._leaving:
            _log.warning("broker.lost", reason=reason)

    def _refused(self, topic: str, reason: str) -> None:
        self.doings.refused_by_broker += 1
        _log.error("broker.refused", topic=topic, reason=reason, hint="see taploop-hub broker-config")

    def _heard(self, incoming: Incoming) -> None:
        self.doings.messages += 1
        topic = self._known.get(incoming.topic) or self._learn(incoming.topic)
        if topic is None:
            self._session.ack(incoming)
        elif topic.kind == "taps":
            done = partial(self._session.ack, incoming)
            self._offer(Arrival(topic.terminal, incoming.topic, incoming.payload, self._now(), done))
        elif topic.kind == "state":
            done = partial(self._session.ack, incoming)
            self._hear(Heard(topic.terminal, incoming.payload, incoming.retain, self._now(), done))
        else:
            self._note(topic.terminal, incoming)

    def _learn(self, name: str) -> topics.Topic | None:
        try:
            topic = topics.parse(name)
        except topics.BadTopic:
            topic = None
        if topic is None or topic.direction != "up":
            self.doings.strange_topics += 1
            _log.warning("topic.strange", topic=name[:256])
            return None
        if len(self._known) >= _MOST_TOPICS:
            self._known.clear()
        self._known[name] = topic
        return topic

    def _note(self, terminal: str, incoming: Incoming) -> None:
        try:
            reply = messages.decode(Reply, incoming.payload)
        except BadMessage as error:
            _log.warning("reply.unreadable", terminal=terminal, error=str(error))
        else:
            _log.info("command.answered", terminal=terminal, command=reply.id, ok=reply.ok, error=reply.error)
        self._session.ack(incoming)
