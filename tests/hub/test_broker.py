"""The embedded broker: what amqtt alone would let through, limits, and a clean end."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from threading import active_count

import pytest

from hub import broker_gate
from hub.broker import EmbeddedBroker
from hub.listening import PortTaken, listen
from tests.peers.line import peer

PASSWORDS = {"hub": "h", "k1": "1", "k2": "2"}


class Doors:
    """Knows three passwords; a terminal can be retired."""

    def __init__(self) -> None:
        self.retired: set[str] = set()

    def admits(self, user: str, client_id: str, password: str) -> bool:
        return user == client_id and PASSWORDS.get(user) == password and user not in self.retired

    def passwords(self) -> dict[str, str | None]:
        return {user: "hash" for user in PASSWORDS if user not in self.retired}


@pytest.fixture
def doors() -> Doors:
    return Doors()


@pytest.fixture
def broker(doors: Doors) -> Iterator[EmbeddedBroker]:
    one = EmbeddedBroker(listen("127.0.0.1", 0, "mqtt_port"), doors, sweep_every=0.1)
    one.start()
    yield one
    one.stop()


def test_a_newcomer_is_not_shown_what_is_retained_under_the_subscriptions_of_others(broker) -> None:
    with peer(broker.port, "hub", password="h") as hub, peer(broker.port, "k1", password="1") as first:
        hub.subscribe("taploop/1/+/up/+")
        first.publish("taploop/1/k1/up/state", b"private", retain=True)
        assert hub.wait(lambda: bool(hub.got))
        with peer(broker.port, "k2", password="2") as second:
            second.subscribe("taploop/1/k2/down/+")
            hub.publish("taploop/1/k2/down/receipts", b"fence")
            assert second.wait(lambda: bool(second.got))
            assert second.got == [("taploop/1/k2/down/receipts", b"fence")]


def test_what_is_retained_for_a_terminal_comes_when_it_subscribes(broker) -> None:
    with peer(broker.port, "hub", password="h") as hub:
        hub.publish("taploop/1/k1/down/config", b"config", retain=True)
        with peer(broker.port, "k1", password="1") as terminal:
            terminal.subscribe("taploop/1/k1/down/+")
            assert terminal.wait(lambda: bool(terminal.got))
            assert terminal.got == [("taploop/1/k1/down/config", b"config")]


def test_a_will_on_the_topic_of_another_is_refused(broker) -> None:
    with peer(broker.port, "k1", password="1", will="taploop/1/k2/up/state") as forger:
        assert forger.refused
    with peer(broker.port, "k1", password="1", will="taploop/1/all/down/hub") as forger:
        assert forger.refused
    with peer(broker.port, "k1", password="1", will="taploop/1/k1/up/state") as honest:
        assert honest.up


def test_a_stranger_who_uses_the_hubs_name_does_not_make_it_deaf(broker) -> None:
    with peer(broker.port, "hub", password="h") as hub, peer(broker.port, "k1", password="1") as terminal:
        hub.subscribe("taploop/1/+/up/+")
        with peer(broker.port, "hub", password="wrong") as stranger:
            assert stranger.refused
        terminal.publish("taploop/1/k1/up/taps", b"still heard")
        assert hub.wait(lambda: bool(hub.got), 3)


def test_a_second_session_of_the_same_terminal_ends_the_first(broker) -> None:
    with (
        peer(broker.port, "hub", password="h") as hub,
        peer(broker.port, "k1", password="1") as first,
        peer(broker.port, "k1", password="1") as second,
    ):
        assert first.wait(lambda: first.downs > 0, 3)
        first.client.loop_stop()
        second.subscribe("taploop/1/k1/down/+")
        hub.publish("taploop/1/k1/down/receipts", b"to the second")
        assert second.wait(lambda: bool(second.got), 3)


def test_a_silent_terminal_is_cut_off_and_its_will_is_told(broker) -> None:
    with peer(broker.port, "hub", password="h") as hub:
        hub.subscribe("taploop/1/+/up/+")
        with socket.create_connection(("127.0.0.1", broker.port)) as mute:
            mute.sendall(connect("k1", "1", keep_alive=1, will=("taploop/1/k1/up/state", "gone")))
            assert mute.recv(4) == b"\x20\x02\x00\x00"
            assert hub.wait(lambda: ("taploop/1/k1/up/state", b"gone") in hub.got, 6)


def test_a_packet_that_is_too_large_ends_the_session_and_not_the_broker(broker) -> None:
    with peer(broker.port, "k1", password="1") as terminal:
        terminal.client.publish("taploop/1/k1/up/taps", bytes(broker_gate.MAX_PACKET + 1), 1)
        assert terminal.wait(lambda: terminal.downs > 0, 5)
        terminal.client.loop_stop()
    with peer(broker.port, "k2", password="2") as other:
        assert other.up


def test_a_batch_over_64_kib_still_reaches_the_hub_that_explains_it(broker) -> None:
    with peer(broker.port, "hub", password="h") as hub, peer(broker.port, "k1", password="1") as terminal:
        hub.subscribe("taploop/1/+/up/+")
        terminal.publish("taploop/1/k1/up/taps", bytes(100_000))
        assert hub.wait(lambda: bool(hub.got))
        assert len(hub.got[0][1]) == 100_000


def test_a_retired_terminal_is_cut_off_and_not_let_in_again(broker, doors) -> None:
    with peer(broker.port, "k1", password="1") as terminal:
        time.sleep(0.3)
        assert terminal.downs == 0
        doors.retired.add("k1")
        assert terminal.wait(lambda: terminal.downs > 0, 3)
        assert terminal.wait(lambda: bool(terminal.refused), 5)


@pytest.mark.parametrize(
    "first",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x10\xff\xff\xff\xff\x7f",
        b"\x10\x04\x00\x04MQ",
        b"\x10\x02\xff\xff",
        b"\x30\x00",
    ],
)
def test_whoever_does_not_speak_mqtt_is_hung_up_on(broker, first: bytes) -> None:
    with socket.create_connection(("127.0.0.1", broker.port), 5) as stranger:
        stranger.sendall(first)
        stranger.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            assert stranger.recv(100) == b""
    with peer(broker.port, "k1", password="1") as terminal:
        assert terminal.up


def test_a_session_that_wants_to_be_remembered_is_refused(broker) -> None:
    """TL-SES-02: what matters is on a disk; queues of sessions that never come back would fill the memory."""
    asked = bytearray(connect("k1", "1", keep_alive=60, will=("taploop/1/k1/up/state", "gone")))
    asked[9] &= ~0x02
    with socket.create_connection(("127.0.0.1", broker.port), 5) as remembered:
        remembered.sendall(asked)
        assert remembered.recv(100) == broker_gate.connack(broker_gate.NOT_AUTHORISED)


def test_another_version_of_mqtt_is_told_so(broker) -> None:
    with socket.create_connection(("127.0.0.1", broker.port), 5) as newer:
        newer.sendall(b"\x10\x0d\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x00")
        assert newer.recv(100) == broker_gate.connack(broker_gate.BAD_PROTOCOL)


def test_it_ends_within_two_seconds_and_frees_its_port() -> None:
    threads = active_count()
    broker = EmbeddedBroker(listen("127.0.0.1", 0, "mqtt_port"), Doors())
    broker.start()
    with peer(broker.port, "k1", password="1"), peer(broker.port, "hub", password="h") as hub:
        hub.subscribe("taploop/1/+/up/+")
        started = time.monotonic()
        broker.stop()
        assert time.monotonic() - started < 2
    assert active_count() == threads
    listen("127.0.0.1", broker.port, "mqtt_port").close()


def test_a_taken_port_is_told_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} is taken by another program; .* set mqtt_port"):
            listen("127.0.0.1", port, "mqtt_port")


def connect(user: str, password: str, keep_alive: int, will: tuple[str, str]) -> bytes:
    """A CONNECT packet by hand: clean session, will with QoS 1, user and password."""
    fields = [user, *will, user, password]
    body = b"\x00\x04MQTT\x04" + bytes((0x02 | 0x04 | 0x08 | 0x80 | 0x40,)) + keep_alive.to_bytes(2, "big")
    body += b"".join(len(one).to_bytes(2, "big") + one.encode() for one in fields)
    return bytes((0x10, len(body))) + body
