"""The kiosk on a real broker: the question comes, the answer goes, a broken config is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.events import ConfigChanged, Keep
from kiosk.inbox import Inbox
from kiosk.memory import Memory
from kiosk.terminal import Place, Terminal
from link.identity import Identity
from link.machine import MachineClock
from tests.kiosk.asks import config, plan
from tests.kiosk.test_terminal import wait_for as wait_for_event
from tests.peers.mosquitto import StartMosquitto
from tests.peers.small_hub import SmallHub, wait_for

KEEP = Keep(1, "lobby@7", "clean", "faces-5", 4, "row-5")


@pytest.fixture
def port(mosquitto: StartMosquitto) -> int:
    return mosquitto().port


@pytest.fixture
def hub(port: int) -> Iterator[SmallHub]:
    found = SmallHub(port)
    found.online(True)
    yield found
    found.stop()


@pytest.fixture
def kiosk(hub: SmallHub, port: int, tmp_path: Path) -> Iterator[tuple[Terminal, Inbox]]:
    """A terminal that has never heard of anything."""
    Identity("k-test", "secret", "127.0.0.1", port).save(tmp_path / "identity.json")
    inbox = Inbox()
    terminal = Terminal(Place(tmp_path / "identity.json", tmp_path / "data"), MachineClock(), inbox, "test")
    assert terminal.start()[0] is None
    yield terminal, inbox
    terminal.stop()


def test_the_question_comes_from_the_hub_and_is_remembered(hub, kiosk, tmp_path):
    hub.configure("k-test", config())
    assert wait_for_event(kiosk[1], ConfigChanged) == ConfigChanged(plan())
    assert Memory(tmp_path / "data", "k-test").recall() == config()


def test_an_answer_reaches_the_hub_and_nothing_is_left_to_send(hub, kiosk):
    terminal, _ = kiosk
    terminal.duplicate_touches = 3
    terminal.keep(KEEP)
    wait_for(lambda: hub.has("k-test") == 1)
    wait_for(lambda: terminal.link().online and terminal.link().pending == 0)
    (tap,) = hub.taps.values()
    assert (tap.rating, tap.layout, tap.proof) == (4, "row-5", "kiosk")


def test_a_config_that_cannot_be_asked_leaves_the_last_good_one(hub, kiosk, tmp_path):
    hub.configure("k-test", config())
    wait_for_event(kiosk[1], ConfigChanged)
    broken = msgspec.structs.replace(config(revision=8), questionnaire=msgspec.Raw(b'{"id": "x"}'))
    hub.configure("k-test", broken)
    wait_for(lambda: hub.replies)
    (reply,) = hub.replies
    assert not reply.ok
    assert "revision" in reply.error
    assert Memory(tmp_path / "data", "k-test").recall() == config()


def test_a_config_without_a_question_lets_the_kiosk_wait(hub, kiosk):
    hub.configure("k-test", msgspec.structs.replace(config(), questionnaire=msgspec.Raw(b"null")))
    changed = wait_for_event(kiosk[1], ConfigChanged)
    assert isinstance(changed, ConfigChanged)
    assert changed.plan is not None
    assert changed.plan.asks == ()
