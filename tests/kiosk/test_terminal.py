"""The kiosk without its window, on a real outbox: keeping, failing, coming back."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from kiosk.events import (
    CheckPin,
    ClockChanged,
    ConfigChanged,
    Door,
    DoorChanged,
    Event,
    HealthFound,
    Keep,
    KeepFailed,
    Kept,
    LinkChanged,
    PinChecked,
    StoreLost,
    StoreReady,
)
from kiosk.inbox import Inbox
from kiosk.keeper import Keeper
from kiosk.stages import Counts
from kiosk.terminal import Place, Terminal
from link import staff_pin
from link.identity import Identity
from link.machine import MachineClock
from link.messages import Command
from link.outbox import Outbox
from tests.kiosk.asks import config, plan
from tests.kiosk.conftest import closed_port, furnish
from tests.peers.mosquitto import StartMosquitto
from tests.peers.small_hub import SmallHub

KEEP = Keep(1, "lobby@7", "clean", "faces-5", 4, "row-5")


def place(folder: Path) -> Place:
    return Place(folder / "identity.json", folder / "data")


def wait_for(inbox: Inbox, kind: type[Event]) -> Event:
    """The next event of this kind; all others are passed over."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for event in inbox.taken():
            if isinstance(event, kind):
                return event
        time.sleep(0.005)
    pytest.fail(f"no {kind.__name__} came")


def rows(folder: Path) -> list[dict[str, object]]:
    with closing(sqlite3.connect(folder / "data" / "outbox.db")) as database:
        return [json.loads(body) for (body,) in database.execute("select body from taps order by seq")]


Begin = Callable[[Path], tuple[Terminal, Inbox]]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Makes terminals and stops them at the end."""
    made: list[Terminal] = []

    def start(folder: Path) -> tuple[Terminal, Inbox]:
        inbox = Inbox()
        made.append(Terminal(place(folder), MachineClock(), inbox, "test"))
        return made[-1], inbox

    yield start
    for terminal in made:
        terminal.stop()


def test_a_cold_start_without_a_network_asks_from_memory(begin: Begin, tmp_path: Path):
    """TL-CONF-02"""
    terminal, _ = begin(furnish(tmp_path / "k"))
    found, link = terminal.start()
    assert found == plan()
    assert (link.paired, link.online, link.terminal) == (True, False, "k-test")


def test_an_answer_is_on_disk_when_kept_is_said(begin: Begin, tmp_path: Path):
    terminal, inbox = begin(furnish(tmp_path / "k"))
    terminal.start()
    terminal.keep(KEEP)
    assert wait_for(inbox, Kept) == Kept(1)
    (row,) = rows(tmp_path / "k")
    assert (row["rating"], row["layout"], row["questionnaire"]) == (4, "row-5", "lobby@7")
    assert terminal.link().pending == 1


def test_the_same_number_is_never_kept_twice(tmp_path: Path):
    inbox, outbox = Inbox(), Outbox.open(tmp_path / "outbox.db", machine="m")
    keeper = Keeper(outbox, "k-test", inbox.put)
    keeper.start()
    for _ in range(3):
        keeper.keep(KEEP, MachineClock().read())
    keeper.stop()
    assert list(inbox.taken()) == [Kept(1)] * 3
    assert len(outbox.due()) == 1
    outbox.close()


def test_what_was_given_before_the_stop_is_kept(tmp_path: Path):
    inbox, outbox = Inbox(), Outbox.open(tmp_path / "outbox.db", machine="m")
    keeper = Keeper(outbox, "k-test", inbox.put)
    for number in range(1, 21):
        keeper.keep(Keep(number, "lobby@7", "clean", "faces-5", 4, ""), MachineClock().read())
    keeper.start()
    keeper.stop()
    assert len(outbox.due()) == 20
    outbox.close()


def test_a_store_that_fails_is_told_and_the_answer_can_be_given_again(tmp_path: Path):
    inbox, outbox = Inbox(), Outbox.open(tmp_path / "outbox.db", machine="m")
    keeper = Keeper(outbox, "k-test", inbox.put)
    keeper.start()
    outbox.close()
    keeper.keep(KEEP, MachineClock().read())
    assert wait_for(inbox, KeepFailed) == KeepFailed(1, "broken")
    keeper.stop()


def test_a_store_that_cannot_be_opened_is_tried_again_until_it_can(begin: Begin, tmp_path: Path):
    folder = furnish(tmp_path / "k")
    blocked = folder / "data" / "outbox.db"
    blocked.mkdir()
    (blocked / "in the way").touch()
    terminal, inbox = begin(folder)
    _, link = terminal.start()
    assert wait_for(inbox, StoreLost) == StoreLost("broken")
    assert link.last_error
    terminal.keep(KEEP)
    assert wait_for(inbox, StoreLost) == StoreLost("broken")
    shutil.rmtree(blocked)
    terminal.open_store()
    wait_for(inbox, StoreReady)
    terminal.keep(KEEP)
    wait_for(inbox, Kept)
    assert len(rows(folder)) == 1


def test_an_identity_that_others_can_read_is_refused_on_the_screen(begin: Begin, tmp_path: Path):
    folder = furnish(tmp_path / "k")
    (folder / "identity.json").chmod(0o644)
    terminal, _ = begin(folder)
    found, link = terminal.start()
    assert (found, link.paired) == (None, False)
    assert "chmod 600" in link.last_error


def test_another_identity_does_not_inherit_the_question(begin: Begin, tmp_path: Path):
    folder = furnish(tmp_path / "k")
    Identity("k-other", "secret", "127.0.0.1", closed_port()).save(folder / "identity.json")
    terminal, _ = begin(folder)
    found, link = terminal.start()
    assert (found, link.terminal) == (None, "k-other")


def test_an_identity_that_appears_is_taken_up(begin: Begin, tmp_path: Path):
    folder = furnish(tmp_path / "k", paired=False)
    terminal, inbox = begin(folder)
    found, link = terminal.start()
    assert (found, link.paired) == (None, False)
    Identity("k-test", "secret", "127.0.0.1", closed_port()).save(folder / "identity.json")
    assert wait_for(inbox, ConfigChanged) == ConfigChanged(plan())
    assert terminal.link().paired


# --- over a real line ----------------------------------------------------------------------------------


@pytest.fixture
def hub(mosquitto: StartMosquitto) -> Iterator[tuple[SmallHub, int]]:
    broker = mosquitto()
    small = SmallHub(broker.port)
    yield small, broker.port
    small.stop()


def paired_with(folder: Path, port: int) -> Path:
    furnish(folder)
    (folder / "identity.json").unlink()
    Identity("lobby-1", "secret", "127.0.0.1", port).save(folder / "identity.json")
    return folder


def test_a_broken_config_is_refused_with_a_reply_and_the_last_good_one_stays(
    begin: Begin, hub: tuple[SmallHub, int], tmp_path: Path
):
    small, port = hub
    folder = paired_with(tmp_path / "k", port)
    terminal, inbox = begin(folder)
    terminal.start()
    small.configure("lobby-1", config(revision=8))
    assert wait_for(inbox, ConfigChanged) == ConfigChanged(plan(revision=8))
    broken = msgspec.structs.replace(config(revision=9), settings=msgspec.Raw(b'{"dim_to": 200}'))
    small.configure("lobby-1", broken)
    until(lambda: any("dim_to" in reply.error for reply in small.replies))
    assert [reply.id for reply in small.replies if not reply.ok] == ["config-9"]
    assert not [event for event in inbox.taken() if isinstance(event, ConfigChanged)]
    terminal.stop()
    again, _ = begin(folder)
    found, _ = again.start()
    assert found == plan(revision=8)


def test_a_door_key_is_used_remembered_and_told_at_the_next_start(
    begin: Begin, hub: tuple[SmallHub, int], tmp_path: Path
):
    small, port = hub
    folder = paired_with(tmp_path / "k", port)
    terminal, inbox = begin(folder)
    terminal.start()
    until(lambda: terminal.link().online or small.states)
    order = Command(1, "d1", "door_key", 2**50, key="ab" * 32, label="7K3QX9TF", valid_until=2**50)
    assert small.command("lobby-1", order).ok
    door = Door(b"\xab" * 32, "7K3QX9TF", 2**50)
    assert wait_for(inbox, DoorChanged) == DoorChanged(door)
    for number, wrong in enumerate([{"key": "no hex"}, {"key": "ab"}, {"label": ""}]):
        reply = small.command("lobby-1", msgspec.structs.replace(order, id=f"w{number}", **wrong))
        assert not reply.ok
        assert "ab" * 32 not in reply.error
    terminal.stop()
    again, inbox = begin(folder)
    again.start()
    assert wait_for(inbox, DoorChanged) == DoorChanged(door)


def test_touches_that_became_no_tap_are_told_by_reason(
    begin: Begin, hub: tuple[SmallHub, int], tmp_path: Path
):
    small, port = hub
    terminal, _ = begin(paired_with(tmp_path / "k", port))
    terminal.counts = Counts(duplicate=3, bounced=2, burst=1)
    terminal.start()
    until(lambda: small.states)
    state = small.last("lobby-1")
    assert state.duplicate_touches == 3
    assert (state.counts["bounced"], state.counts["burst"]) == (2, 1)
    assert "held" not in state.counts


def test_reasons_reach_the_hub_as_an_amendment(begin: Begin, hub: tuple[SmallHub, int], tmp_path: Path):
    small, port = hub
    terminal, inbox = begin(paired_with(tmp_path / "k", port))
    terminal.start()
    bad = replace(KEEP, rating=1, bad=True)
    terminal.keep(bad)
    first = wait_for(inbox, Kept)
    terminal.keep(replace(bad, number=2, amends=1, reasons=("dirty",)))
    assert wait_for(inbox, Kept) == replace(first, number=2)
    until(lambda: len(small.taps) == 2)
    one, two = sorted(small.taps.values(), key=lambda tap: tap.seq)
    assert (two.amends, two.reasons, two.slip) == (one.seq, ("dirty",), one.slip)


# --- what the staff corner asks for --------------------------------------------------------------------


def test_a_pin_is_compared_behind_the_screen(begin: Begin, tmp_path: Path):
    terminal, inbox = begin(furnish(tmp_path / "k"))
    terminal.start()
    kept = staff_pin.hashed("471100", b"salt", rounds=1_000)
    terminal.check_pin(CheckPin("471100", kept))
    assert wait_for(inbox, PinChecked) == PinChecked(True)
    terminal.check_pin(CheckPin("471101", kept))
    assert wait_for(inbox, PinChecked) == PinChecked(False)


def test_the_machine_is_examined(begin: Begin, tmp_path: Path):
    terminal, inbox = begin(furnish(tmp_path / "k"))
    terminal.start()
    terminal.keep(KEEP)
    wait_for(inbox, Kept)
    terminal.examine()
    found = wait_for(inbox, HealthFound)
    assert isinstance(found, HealthFound)
    assert (found.health.software, found.health.config_revision) == ("test", 7)
    assert found.health.disk_free > 0


def test_the_clock_is_told_at_the_start(begin: Begin, tmp_path: Path):
    terminal, inbox = begin(furnish(tmp_path / "k"))
    terminal.start()
    told = wait_for(inbox, ClockChanged)
    assert isinstance(told, ClockChanged)
    assert told.clock.zone == 8 * 3_600_000
    assert abs(told.clock.wall(time.monotonic_ns() // 1_000_000) - time.time() * 1000) < 1_000


def test_a_forgotten_identity_leaves_the_answers_and_nothing_else(begin: Begin, tmp_path: Path):
    folder = furnish(tmp_path / "k")
    terminal, inbox = begin(folder)
    terminal.start()
    terminal.keep(KEEP)
    wait_for(inbox, Kept)
    assert not terminal.forget_identity(sure=False)
    told = [event.link.last_error for event in inbox.taken() if isinstance(event, LinkChanged)]
    assert any("not at the hub" in error for error in told)
    assert terminal.forget_identity(sure=True)
    terminal.stop()
    again, _ = begin(folder)
    found, link = again.start()
    assert (found, link.paired) == (None, False)
    assert len(rows(folder)) == 1
    assert not again.forget_identity(sure=True)


def test_a_store_that_answers_is_told_to_the_watchdog(begin: Begin, tmp_path: Path):
    terminal, _ = begin(furnish(tmp_path / "k"))
    answered = threading.Event()
    terminal.store_answered = answered.set
    terminal.start()
    terminal.look()
    assert answered.wait(10)
    unpaired, _ = begin(furnish(tmp_path / "u", paired=False))
    answered.clear()
    unpaired.store_answered = answered.set
    unpaired.look()
    assert answered.is_set()


def until(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
