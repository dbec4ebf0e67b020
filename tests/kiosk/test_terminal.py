"""The kiosk without its window, on a real outbox: keeping, failing, coming back."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.events import ConfigChanged, Event, Keep, KeepFailed, Kept, StoreLost, StoreReady
from kiosk.inbox import Inbox
from kiosk.keeper import Keeper
from kiosk.terminal import Place, Terminal
from link.identity import Identity
from link.machine import MachineClock
from link.outbox import Outbox
from tests.kiosk.asks import plan
from tests.kiosk.conftest import closed_port, furnish

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
