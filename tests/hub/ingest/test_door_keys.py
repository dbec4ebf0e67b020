"""Kiosks that show the rotating QR are handed its key by the running hub, over its real broker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from structlog.testing import capture_logs

from hub import logs, terminal_passwords
from hub.app import Hub
from hub.ingest.door_keys import EVERY_MS, VALID_MS, DoorKeys
from hub.settings import Settings
from hub.store import kiosk_settings, labels, placements, presence, sites, terminals, touchpoints
from hub.store.database import Database
from link import door_code, label_code, messages, topics
from link.messages import Command, Reply, State
from tests.peers.line import Peer, peer

CODE, OTHER = (label_code.mint(Random(n)) for n in (7, 8))
SECRET = b"s" * 32


def until(what: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def furnish(database: Database, *, qr: str = "beside") -> int:
    """A site, a touchpoint with a label, and a terminal k1 there; returns the touchpoint_id."""
    with database.writing() as connection:
        site = sites.create(connection, name={"zh-CN": "演示"}, now=1)
        root = touchpoints.create(connection, site_id=site, kind="overall", name={"zh-CN": "总"})
        leaf = touchpoints.create(
            connection, site_id=site, kind="touchpoint", name={"zh-CN": "大堂"}, parent_id=root
        )
        kiosk_settings.write(connection, root, {"qr": qr}, 1)
        labels.create(connection, CODE, leaf, 1)
        hashed = terminal_passwords.hashed("pw", "salt")
        number = terminals.create(connection, terminal_id="k1", kind="kiosk", now=1, password_hash=hashed)
        placements.place_terminal(connection, number, leaf, 1)
    return leaf


# --- over the broker ------------------------------------------------------------------------------------
@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    fixed = {"data_dir": tmp_path, "http_host": "127.0.0.1", "mqtt_host": "127.0.0.1"}
    one = Hub(Settings(**fixed, http_port=0, mqtt_port=0, log_level="info"))
    one.start()
    yield one
    one.stop()
    logs.configure("text", "error")


def birth(kiosk: Peer, session: str) -> None:
    state = State(messages.VERSION, "birth", session)
    kiosk.publish(topics.state("k1"), messages.encode(state), retain=True)


def test_a_kiosk_is_handed_its_key_on_its_birth_and_nothing_of_it_is_kept(hub: Hub, capfd) -> None:
    furnish(hub.parts.database)
    with peer(hub.mqtt_port, "k1", password="pw") as kiosk:
        kiosk.subscribe(topics.commands("k1"))
        birth(kiosk, "s1")
        assert kiosk.wait(lambda: len(kiosk.got) == 1)
        command = messages.decode(Command, kiosk.got[0][1])
        assert (command.op, command.label) == ("door_key", CODE)
        assert command.key == door_code.key_for(hub.parts.secret, CODE).hex()
        assert 29 * EVERY_MS < command.valid_until - hub.parts.now() <= VALID_MS
        reply = Reply(messages.VERSION, command.id, ok=False, error="no label")
        kiosk.publish(topics.replies("k1"), messages.encode(reply))
        birth(kiosk, "s2")
        assert kiosk.wait(lambda: len(kiosk.got) == 2)
    with peer(hub.mqtt_port, "k1", password="pw") as kiosk:
        kiosk.subscribe(topics.commands("k1"))
        assert not kiosk.wait(lambda: bool(kiosk.got), seconds=0.3)
    told = capfd.readouterr().err
    assert "door_key.sent" in told
    assert "command.answered" in told
    assert "no label" in told
    assert command.key not in told


def test_a_code_made_with_the_key_that_was_handed_out_proves_presence(hub: Hub) -> None:
    furnish(hub.parts.database, qr="full")
    with peer(hub.mqtt_port, "k1", password="pw") as kiosk:
        kiosk.subscribe(topics.commands("k1"))
        birth(kiosk, "s1")
        assert kiosk.wait(lambda: bool(kiosk.got))
    command = messages.decode(Command, kiosk.got[0][1])
    now = hub.parts.now()
    code = door_code.make(bytes.fromhex(command.key), now)
    assert door_code.proves(door_code.key_for(hub.parts.secret, CODE), code, now)


# --- by the clock ---------------------------------------------------------------------------------------
class Line:
    """The broker and the time, as a test sets them."""

    def __init__(self) -> None:
        self.now, self.away = 1_000, False
        self.got: list[Command] = []

    def send(self, terminal: str, command: Command) -> bool:
        if not self.away:
            assert terminal == "k1"
            self.got.append(command)
        return not self.away


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def keys(database: Database, line: Line) -> Iterator[DoorKeys]:
    one = DoorKeys(database, now=lambda: line.now, secret=SECRET, send=line.send)
    one.start()
    yield one
    one.stop()


def heard(database: Database, kind: str = "birth") -> None:
    with database.writing() as connection:
        number = terminals.by_id(connection, "k1").terminal_no
        presence.state_heard(connection, number, State(messages.VERSION, kind, "s"), 1)


def looked(keys: DoorKeys) -> None:
    keys.poke()
    time.sleep(0.15)


def test_a_key_is_renewed_daily_and_when_the_label_changes_and_not_in_between(keys, line, database) -> None:
    leaf = furnish(database)
    heard(database)
    keys.poke()
    until(lambda: len(line.got) == 1)
    line.now += EVERY_MS - 1
    looked(keys)
    assert len(line.got) == 1
    line.now += 1
    keys.poke()
    until(lambda: len(line.got) == 2)
    with database.writing() as connection:
        labels.retire(connection, CODE, 5)
        labels.create(connection, OTHER, leaf, 5)
    keys.poke()
    until(lambda: len(line.got) == 3)
    assert [command.label for command in line.got] == [CODE, CODE, OTHER]
    assert len({command.key for command in line.got}) == 2
    assert len({command.id for command in line.got}) == 3


@pytest.mark.parametrize("why", ["no qr", "no label", "offline", "nowhere"])
def test_who_shows_no_rotating_qr_is_handed_no_key(keys, line, database, why) -> None:
    furnish(database, qr="none" if why == "no qr" else "beside")
    with database.writing() as connection:
        if why == "no label":
            labels.retire(connection, CODE, 5)
        if why == "nowhere":
            placements.take_away(connection, terminals.by_id(connection, "k1").terminal_no, 5)
    heard(database)
    if why == "offline":
        heard(database, "will")
    with capture_logs() as told:
        looked(keys)
    assert (line.got, told) == ([], [])


def test_a_key_that_the_broker_did_not_take_is_sent_when_it_is_back(keys, line, database) -> None:
    furnish(database)
    heard(database)
    line.away = True
    looked(keys)
    line.away = False
    until(lambda: len(line.got) == 1)
