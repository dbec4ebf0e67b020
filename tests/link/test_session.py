"""The session against a real Mosquitto, and against a broker that does not speak MQTT 5."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from link.session import Address, Incoming, Session
from tests.peers.mosquitto import Broker, StartMosquitto
from tests.peers.old_broker import OldBroker
from tests.peers.small_hub import wait_for

ACL = """
user writer
topic write allowed
topic read allowed
"""


class End:
    """A session and all that it told."""

    def __init__(self, port: int, **options) -> None:
        self.got: list[Incoming] = []
        self.ups = 0
        self.downs: list[str] = []
        self.refused: list[tuple[str, str]] = []
        self.acks = True
        self.threads: set[str] = set()
        user = options.pop("user", "writer")
        self.subscribe_to: tuple[str, ...] = options.pop("subscribe", ())
        self.session = Session(
            Address("127.0.0.1", port),
            user=user,
            password=options.pop("password", "secret"),
            will=options.pop("will", None),
            on_up=self._up,
            on_down=self.downs.append,
            on_message=self._message,
            on_refused=lambda topic, reason: self.refused.append((topic, reason)),
            retry_first_s=0.1,
            retry_most_s=0.3,
            **options,
        )
        self.session.start()

    def _up(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.subscribe_to:
            self.session.subscribe(*self.subscribe_to)
        self.ups += 1

    def _message(self, incoming: Incoming) -> None:
        self.threads.add(threading.current_thread().name)
        self.got.append(incoming)
        if self.acks:
            self.session.ack(incoming)


@contextmanager
def ends(*makers: Callable[[], End]) -> Iterator[list[End]]:
    made: list[End] = []
    try:
        for make in makers:
            made.append(make())
            wait_for(lambda: made[-1].session.connected)
        yield made
    finally:
        for one in made:
            one.session.stop()


def reader_of(broker: Broker, **options) -> Callable[[], End]:
    return lambda: End(broker.port, user="reader", subscribe=("t/#",), **options)


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_a_published_message_arrives_whole_and_in_order(mosquitto: StartMosquitto, protocol) -> None:
    broker = mosquitto()
    with ends(reader_of(broker, protocol=protocol), lambda: End(broker.port, protocol=protocol)) as (
        reader,
        writer,
    ):
        payloads = [b"", bytes(range(256)), b"x" * 65_536, *(b"%d" % n for n in range(500))]
        time.sleep(0.1)
        for payload in payloads:
            assert writer.session.publish("t/a", payload)
        wait_for(lambda: len(reader.got) == len(payloads))
        assert [one.payload for one in reader.got] == payloads
        assert {(one.topic, one.qos, one.retain) for one in reader.got} == {("t/a", 1, False)}
        assert reader.session.protocol == writer.session.protocol == protocol
        assert reader.threads == {"session-reader"}


def test_publish_says_false_while_the_broker_is_away(mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    with ends(lambda: End(broker.port)) as (writer,):
        broker.kill()
        wait_for(lambda: not writer.session.connected)
        assert not writer.session.publish("t/a", b"lost")
        assert writer.downs
        broker.start()
        wait_for(lambda: writer.ups == 2)
        assert writer.session.publish("t/a", b"sent")


def test_publish_from_many_threads_loses_nothing(mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    with ends(reader_of(broker), lambda: End(broker.port, inflight=20)) as (reader, writer):
        time.sleep(0.1)

        def publish(start: int) -> None:
            for number in range(start, start + 250):
                while not writer.session.publish("t/n", b"%d" % number):
                    time.sleep(0.001)

        threads = [threading.Thread(target=publish, args=(250 * n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_for(lambda: len(reader.got) == 1000)
        assert {int(one.payload) for one in reader.got} == set(range(1000))


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_no_more_than_the_window_comes_without_an_acknowledgement(
    mosquitto: StartMosquitto, protocol
) -> None:
    broker = mosquitto()
    with ends(reader_of(broker, inflight=1500, protocol=protocol), lambda: End(broker.port)) as (
        reader,
        writer,
    ):
        reader.acks = False
        time.sleep(0.1)
        for number in range(1500):
            assert writer.session.publish("t/n", b"%d" % number)
        wait_for(lambda: len(reader.got) >= 1000)
        time.sleep(0.2)
        held = len(reader.got)
        for one in list(reader.got):
            reader.session.ack(one)
        reader.acks = True
        wait_for(lambda: len(reader.got) == 1500)
        assert held == (1500 if protocol == "5" else 1000)  # the broker's own window rules 3.1.1


# TL-SES-02
def test_what_was_not_acknowledged_comes_again_only_in_the_same_session(mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    with ends(reader_of(broker), lambda: End(broker.port)) as (reader, writer):
        reader.acks = False
        time.sleep(0.1)
        assert writer.session.publish("t/a", b"one")
        wait_for(lambda: reader.got)
        broker.restart()
        wait_for(lambda: reader.ups == 2 and writer.session.connected)
        reader.session.ack(reader.got[0])  # of the earlier connection: forgotten, not sent
        time.sleep(0.1)
        assert writer.session.publish("t/a", b"two")
        wait_for(lambda: len(reader.got) == 2)
        assert (reader.got[1].payload, reader.session.connected) == (b"two", True)


def test_each_connection_has_a_will_of_its_own_and_a_goodbye_sends_none(mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    wills: list[bytes] = []

    def will() -> tuple[str, bytes]:
        wills.append(b"will %d" % (len(wills) + 1))
        return "t/will", wills[-1]

    with ends(reader_of(broker), lambda: End(broker.port, will=will)) as (reader, writer):
        time.sleep(0.1)
        with socket.create_connection(("127.0.0.1", broker.port)) as rival:
            rival.sendall(b"\x10\x12\x00\x04MQTT\x04\x02\x00\x3c\x00\x06writer")  # the same client id
            wait_for(lambda: reader.got)
        wait_for(lambda: writer.ups == 2)
        writer.session.stop()
        time.sleep(0.2)
        assert [one.payload for one in reader.got] == [b"will 1"]
        assert len(wills) > 1


def test_a_forbidden_topic_is_told_on_5_and_swallowed_on_3_1_1(mosquitto: StartMosquitto) -> None:
    broker = mosquitto(users={"writer": "secret"}, acl=ACL)
    for protocol, told in (("5", [("forbidden", "Not authorized")]), ("3.1.1", [])):
        with ends(lambda protocol=protocol: End(broker.port, protocol=protocol)) as (writer,):
            assert writer.session.publish("allowed", b"x")
            assert writer.session.publish("forbidden", b"x")
            time.sleep(0.3)
            assert writer.refused == told


def test_a_wrong_password_is_told_and_not_taken_for_another_protocol(mosquitto: StartMosquitto) -> None:
    broker = mosquitto(users={"writer": "secret"})
    wrong = End(broker.port, password="guess")
    wait_for(lambda: len(wrong.downs) >= 3)
    assert all(reason.startswith("refused") for reason in wrong.downs)
    assert (wrong.session.protocol, wrong.ups) == ("5", 0)
    wrong.session.stop()


# TL-SES-01
@pytest.mark.parametrize("refuses", ["in words", "by hanging up"])
def test_a_broker_without_mqtt_5_is_spoken_to_in_3_1_1(refuses) -> None:
    broker = OldBroker(refuses)
    with ends(lambda: End(broker.port)) as (writer,):
        assert writer.session.protocol == "3.1.1"
        assert broker.levels == [5, 4]
        assert writer.session.publish("t/a", b"hello")
        wait_for(lambda: broker.published == [b"hello"])
    broker.stop()


def test_stop_waits_for_what_was_published(mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    with ends(reader_of(broker)) as (reader,):
        time.sleep(0.1)
        writer = End(broker.port)
        wait_for(lambda: writer.session.connected)
        for number in range(300):
            assert writer.session.publish("t/n", b"%d" % number)
        writer.session.stop()
        wait_for(lambda: len(reader.got) == 300)


def test_a_fault_in_a_callback_does_not_end_the_session(mosquitto: StartMosquitto) -> None:
    broker = mosquitto()
    faults = [ValueError("boom")]

    with ends(reader_of(broker), lambda: End(broker.port)) as (reader, writer):
        take = reader.session._give

        def failing(incoming: Incoming) -> None:
            if faults:
                raise faults.pop()
            take(incoming)

        reader.session._give = failing
        time.sleep(0.1)
        assert writer.session.publish("t/a", b"one")
        wait_for(lambda: reader.ups == 2)
        assert "boom" in reader.downs[-1]
        time.sleep(0.1)
        assert writer.session.publish("t/a", b"two")
        wait_for(lambda: [one.payload for one in reader.got] == [b"two"])


def test_a_session_that_was_never_started_can_be_stopped() -> None:
    Session(
        Address("127.0.0.1", 1),
        user="x",
        password="y",
        will=None,
        on_up=print,
        on_down=print,
        on_message=print,
    ).stop()
