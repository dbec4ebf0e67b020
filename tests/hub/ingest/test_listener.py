"""The hub's MQTT door on a real Mosquitto with the access rules that we generate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from hub import broker_rules
from hub.ingest.intake import Arrival
from hub.ingest.listener import Heard, Listener
from link import messages, topics
from link.messages import HubState, Receipt
from link.session import Address
from tests.peers.line import peer
from tests.peers.mosquitto import Broker

USERS = {"hub": "h", "k1": "1", "k2": "2"}


class Inside:
    """What stands behind the door in these tests: it remembers, and can be made to block."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.states: list[Heard] = []
        self.connects = 0
        self.open = Event()
        self.open.set()

    def offer(self, arrival: Arrival) -> None:
        assert self.open.wait(30)
        self.arrivals.append(arrival)
        arrival.done()

    def hear(self, heard: Heard) -> None:
        self.states.append(heard)
        heard.done()

    def up(self) -> None:
        self.connects += 1


@pytest.fixture
def broker(mosquitto) -> Broker:
    return mosquitto(users=USERS, acl=broker_rules.mosquitto_acl())


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.fixture
def listener(broker: Broker, inside: Inside) -> Iterator[Listener]:
    one = Listener(Address("127.0.0.1", broker.port), "h", now=lambda: 1_000)
    one.start(offer=inside.offer, hear=inside.hear, on_up=inside.up)
    until(lambda: inside.connects == 1)
    yield one
    inside.open.set()
    one.stop()


def until(what: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def test_batches_and_states_come_in_with_their_terminal_and_the_hubs_time(broker, listener, inside) -> None:
    with peer(broker.port, "k1", password="1") as terminal:
        terminal.publish(topics.taps("k1"), b"batch")
        terminal.publish(topics.state("k1"), b"state", retain=True)
        until(lambda: inside.arrivals and inside.states)
    arrival, heard = inside.arrivals[0], inside.states[0]
    assert (arrival.terminal, arrival.topic, arrival.payload) == ("k1", topics.taps("k1"), b"batch")
    assert (heard.terminal, heard.payload, heard.retained) == ("k1", b"state", False)
    assert arrival.received_at == heard.received_at == 1_000


def test_a_receipt_reaches_its_terminal_and_no_other(broker, listener) -> None:
    receipt = Receipt(messages.VERSION, "s", committed=((1, 3),))
    with peer(broker.port, "k1", password="1") as first, peer(broker.port, "k2", password="2") as second:
        for one in (first, second):
            one.subscribe(topics.all_down_to(one.user))
        listener.send_receipt("k1", receipt)
        assert first.wait(lambda: bool(first.got))
        assert first.got == [(topics.receipts("k1"), messages.encode(receipt))]
        assert second.got == []
    assert listener.doings.receipts == 1


def test_the_hub_announces_itself_and_that_it_goes(broker, inside) -> None:
    """TL-HUB-01."""
    one = Listener(Address("127.0.0.1", broker.port), "h", now=lambda: 1_000)
    one.start(offer=inside.offer, hear=inside.hear, on_up=inside.up)
    with peer(broker.port, "k1", password="1") as terminal:
        until(lambda: inside.connects == 1)
        terminal.subscribe(topics.hub_state())
        assert terminal.wait(lambda: bool(terminal.got))
        one.stop()
        assert terminal.wait(lambda: len(terminal.got) == 2)
    here, gone = (messages.decode(HubState, payload) for _, payload in terminal.got)
    assert (here.online, here.at) == (True, 1_000)
    assert not gone.online
    assert gone.retry_after > 0


def test_while_the_intake_is_full_the_broker_holds_what_comes(broker, listener, inside) -> None:
    inside.open.clear()
    with peer(broker.port, "k1", password="1") as terminal:
        for number in range(300):
            terminal.client.publish(topics.taps("k1"), b"%d" % number, 1)
        time.sleep(0.3)
        assert inside.arrivals == []
        inside.open.set()
        until(lambda: len(inside.arrivals) == 300)
    assert [arrival.payload for arrival in inside.arrivals] == [b"%d" % number for number in range(300)]


def test_after_the_broker_came_back_without_its_memory_everything_is_told_again(
    broker, listener, inside
) -> None:
    assert listener.send_config("k1", b"config")
    broker.restart()
    until(lambda: inside.connects == 2)
    with peer(broker.port, "k1", password="1") as terminal:
        terminal.subscribe(topics.hub_state())
        assert terminal.wait(lambda: bool(terminal.got))
        terminal.publish(topics.taps("k1"), b"after")
        until(lambda: inside.arrivals)


def test_while_the_broker_is_away_a_receipt_is_counted_as_unsent(broker, listener) -> None:
    broker.kill()
    until(lambda: not listener.connected)
    listener.send_receipt("k1", Receipt(messages.VERSION, "s"))
    assert not listener.send_config("k1", b"config")
    assert listener.doings.receipts_unsent == 1
    broker.start()


def test_a_topic_that_is_not_the_contracts_is_counted_and_harms_nothing(broker, listener, inside) -> None:
    with peer(broker.port, "k1", password="1") as terminal:
        terminal.publish("taploop/1/k1/up/gossip", b"?")
        terminal.publish(topics.replies("k1"), b"not json")
        terminal.publish(topics.taps("k1"), b"batch")
        until(lambda: inside.arrivals)
    assert listener.doings.strange_topics == 1
    assert listener.connected
