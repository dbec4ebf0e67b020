"""The same cases of allow and deny, on every broker that we can start: they must give the same answers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub import broker_rules, terminal_passwords
from hub.broker import EmbeddedBroker
from hub.listening import listen
from link import topics
from tests.peers import line
from tests.peers.line import Peer

PASSWORDS = {"hub": "hub-secret", "k1": "one-secret", "k2": "two-secret"}

WRITES = [
    ("k1", "taploop/1/k1/up/taps", True),
    ("k1", "taploop/1/k1/up/state", True),
    ("k1", "taploop/1/k1/up/replies", True),
    ("k1", "taploop/1/k2/up/taps", False),
    ("k1", "taploop/1/k2/up/state", False),
    ("k1", "taploop/1/k1/up/taps/deeper", False),
    ("k1", "taploop/1/k1/down/receipts", False),
    ("k1", "taploop/1/k2/down/config", False),
    ("k1", "taploop/1/all/down/hub", False),
    ("k1", "taploop/2/k1/up/taps", False),
    ("k1", "somewhere/else", False),
    ("hub", "taploop/1/k1/down/receipts", True),
    ("hub", "taploop/1/k2/down/config", True),
    ("hub", "taploop/1/all/down/hub", True),
    ("hub", "taploop/1/k1/up/taps", False),
    ("hub", "somewhere/else", False),
]
READS = [  # who, what it subscribes to, who publishes where, whether it arrives
    ("k1", "taploop/1/k1/down/+", "hub", "taploop/1/k1/down/receipts", True),
    ("k1", "taploop/1/k1/down/config", "hub", "taploop/1/k1/down/config", True),
    ("k1", "taploop/1/all/down/hub", "hub", "taploop/1/all/down/hub", True),
    ("k1", "taploop/1/k2/down/+", "hub", "taploop/1/k2/down/receipts", False),
    ("k1", "taploop/1/+/down/+", "hub", "taploop/1/k2/down/commands", False),
    ("k1", "taploop/1/k2/up/+", "k2", "taploop/1/k2/up/taps", False),
    ("k1", "taploop/1/+/up/+", "k2", "taploop/1/k2/up/state", False),
    ("k1", "#", "k2", "taploop/1/k2/up/taps", False),
    ("k1", "taploop/#", "hub", "taploop/1/k2/down/config", False),
    ("hub", "taploop/1/+/up/+", "k1", "taploop/1/k1/up/taps", True),
    ("hub", "taploop/1/+/up/+", "k2", "taploop/1/k2/up/state", True),
]


@contextmanager
def peer(port: int, user: str, **options: str) -> Iterator[Peer]:
    with line.peer(port, user, **{"password": PASSWORDS.get(user, ""), **options}) as one:
        yield one


class Doors:
    """Knows the passwords of this file."""

    def admits(self, user: str, client_id: str, password: str) -> bool:
        return user == client_id and PASSWORDS.get(user) == password

    def passwords(self) -> dict[str, str | None]:
        return dict.fromkeys(PASSWORDS, "same")


@contextmanager
def mosquitto(directory: Path) -> Iterator[tuple[int, Callable[[], set[bytes]]]]:
    """A Mosquitto with the rules that we generate, and one more user who sees everything."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if program is None:
        pytest.fail("mosquitto is missing; install it with: apt-get install mosquitto")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    acl, passwords = directory / "acl", directory / "passwords"
    acl.write_text("user observer\ntopic read #\n\n" + broker_rules.mosquitto_acl())
    passwords.write_text(
        "\n".join(
            terminal_passwords.mosquitto_line(user, word, os.urandom(12))
            for user, word in {**PASSWORDS, "observer": "sees"}.items()
        )
    )
    config = directory / "mosquitto.conf"
    config.write_text(
        broker_rules.mosquitto_conf(port, str(acl), str(passwords), "127.0.0.1") + "user root\n"
    )
    process = subprocess.Popen([program, "-c", str(config)], stderr=subprocess.PIPE)
    try:
        _wait_for_port(port, process)
        with peer(port, "observer", password="sees") as observer:
            observer.subscribe("#")
            yield port, lambda: {payload for _, payload in observer.got}
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, process.communicate()[1]
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("mosquitto did not listen")


@contextmanager
def amqtt(_directory: Path) -> Iterator[tuple[int, Callable[[], set[bytes]]]]:
    broker = EmbeddedBroker(listen("127.0.0.1", 0, "mqtt_port"), Doors())
    broker.start()
    try:
        yield broker.port, lambda: {bytes(kept.data) for kept in broker._amqtt.retained_messages.values()}
    finally:
        broker.stop()


@dataclass
class Findings:
    carried: set[bytes]
    arrived: set[int]
    refused: dict[str, bool]


def _look(port: int, seen: Callable[[], set[bytes]]) -> Findings:
    arrived: set[int] = set()
    for number, (reader, pattern, writer, topic, _) in enumerate(READS):
        fence = "taploop/1/k1/up/replies" if reader == "hub" else "taploop/1/k1/down/commands"
        with peer(port, reader) as listening, peer(port, writer) as speaking:
            listening.subscribe(pattern)
            listening.subscribe(fence)
            speaking.publish(topic, b"read %d" % number)
            if reader == "hub":
                with peer(port, "k1") if writer != "k1" else _same(speaking) as other:
                    other.publish(fence, b"fence")
            else:
                with peer(port, "hub") if writer != "hub" else _same(speaking) as other:
                    other.publish(fence, b"fence")
            assert listening.wait(lambda here=listening: any(body == b"fence" for _, body in here.got))
            if any(body == b"read %d" % number for _, body in listening.got):
                arrived.add(number)
    refused = {}
    for name, user, options in (
        ("wrong password", "k1", {"password": "two-secret"}),
        ("unknown terminal", "k9", {"password": "x"}),
        ("another's client id", "k2", {"client_id": "k1"}),
    ):
        with peer(port, "k1") as victim:
            victim.subscribe("taploop/1/k1/down/+")
            with peer(port, user, **options) as intruder:
                refused[name] = bool(intruder.refused)
            with peer(port, "hub") as hub:
                hub.publish("taploop/1/k1/down/receipts", name.encode())
            refused[f"{name}, victim still hears"] = victim.wait(
                lambda here=victim, word=name: any(got == word.encode() for _, got in here.got), 3
            )
    for number, (writer, topic, _) in enumerate(WRITES):
        with peer(port, writer) as speaking:  # one each: Mosquitto may end a 3.1.1 session after a denial
            speaking.publish(topic, b"write %d" % number, retain=True)
            _wait_until(lambda wanted=b"write %d" % number: wanted in seen(), 0.15)
    return Findings(seen(), arrived, refused)


@contextmanager
def _same(one: Peer) -> Iterator[Peer]:
    yield one


def _wait_until(what: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.01)


@pytest.fixture(scope="module", params=[amqtt, mosquitto], ids=["amqtt", "mosquitto"])
def findings(request, tmp_path_factory) -> Iterator[Findings]:
    with request.param(tmp_path_factory.mktemp("broker")) as (port, seen):
        yield _look(port, _kept(seen))


def _kept(seen: Callable[[], set[bytes]]) -> Callable[[], set[bytes]]:
    ever: set[bytes] = set()

    def look() -> set[bytes]:
        ever.update(seen())
        return ever

    return look


@pytest.mark.parametrize("number", range(len(WRITES)), ids=lambda n: " ".join(map(str, WRITES[n])))
def test_a_message_is_carried_only_where_its_writer_may_write(findings: Findings, number: int) -> None:
    """TL-ACL-01."""
    """TL-ACL-01"""
    user, topic, allowed = WRITES[number]
    assert (b"write %d" % number in findings.carried) == allowed
    assert topics.allows(user, "publish", topic) == allowed


@pytest.mark.parametrize("number", range(len(READS)), ids=lambda n: " ".join(map(str, READS[n])))
def test_a_message_arrives_only_where_its_reader_may_read(findings: Findings, number: int) -> None:
    """TL-ACL-01, TL-ACL-02."""
    """TL-ACL-02"""
    user, pattern, _, _, allowed = READS[number]
    assert (number in findings.arrived) == allowed
    assert topics.allows(user, "subscribe", pattern) == allowed


def test_a_session_is_refused_without_the_right_password(findings: Findings) -> None:
    assert findings.refused["wrong password"]
    assert findings.refused["unknown terminal"]


def test_nobody_takes_over_the_session_of_another(findings: Findings) -> None:
    """TL-ID-02."""
    """TL-ID-02"""
    assert findings.refused["another's client id, victim still hears"]
    assert findings.refused["wrong password, victim still hears"]
