"""Files damaged as cards damage them: pages of zeros, a lost tail, a lost first page, rubbish all over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from link import outbox_rescue
from link.answer import Answer
from link.clock import Reading
from link.messages import ranges_of
from link.outbox import Outbox
from link.outbox_file import UNSETTLED

PAGE = 4096
READING = Reading("boot-1", 1_000, 1_795_428_000_000, trusted=True, day=20261123)
ANSWER = Answer("lobby@1", "satisfied", "faces-5", 4)
TAPS = 400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed store: 400 taps, of which the first 100 are settled."""
    path = tmp_path / "outbox.db"
    outbox = Outbox.open(path, machine="board-1")
    for _ in range(TAPS):
        outbox.keep(ANSWER, READING)
    outbox.settle([(1, 100)])
    outbox.close()
    return path


def overwrite(path: Path, first_page: int, pages: int, byte: bytes = b"\0") -> None:
    with path.open("r+b") as file:
        file.seek(first_page * PAGE)
        file.write(byte * (pages * PAGE))


def halve(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // PAGE // 2 * PAGE + 100)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "zeros in the middle": lambda path: overwrite(path, 12, 3),
    "rubbish in the middle": lambda path: overwrite(path, 12, 3, b"\xa5"),
    "a lost tail": halve,
    "a lost first page": lambda path: overwrite(path, 0, 1),
    "a first page of rubbish": lambda path: overwrite(path, 0, 1, b"\x5a"),
}


def old_rows(outbox: Outbox, store: str) -> set[int]:
    return {tap.seq for tap in outbox.due(limit=10_000, store=store)}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_put_aside_what_can_be_read_is_sent_on_and_taps_go_on(
    path: Path, damage: str
) -> None:
    DAMAGES[damage](path)
    outbox = Outbox.open(path, machine="board-1")
    assert outbox.troubles == ("store_replaced",)
    assert outbox.keep(ANSWER, READING).seq == 1
    assert (path.parent / "outbox.db.broken-1").exists()
    (old,) = [store for store in outbox.stores() if store != outbox.store]
    found = old_rows(outbox, old)
    assert len(found) > TAPS // 20
    lost = {seq for first, last in outbox.lost.get(old, ()) for seq in range(first, last + 1)}
    assert not found & lost
    assert not found & set(range(1, 101))
    if damage.startswith(("a lost first", "a first")):
        assert found == set(range(101, TAPS + 1))
        assert lost == set()
    outbox.close()


def test_only_the_rows_on_the_damaged_pages_are_lost_and_they_are_named(path: Path) -> None:
    store = Outbox.open(path, machine="board-1")
    name = store.store
    store.close()
    overwrite(path, 14, 1, b"\xff")
    outbox = Outbox.open(path, machine="board-1")
    lost = [seq for first, last in outbox.lost[name] for seq in range(first, last + 1)]
    assert 1 <= len(lost) <= 30  # a page of 4 KiB holds about 15 taps
    reader = sqlite3.connect(path)
    kept = reader.execute("SELECT seq FROM taps").fetchall()
    reader.close()
    assert ranges_of([seq for (seq,) in kept] + lost) == ((1, TAPS),)
    outbox.close()


def test_a_file_of_nothing_but_rubbish_still_gives_a_working_store(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 400)
    outbox = Outbox.open(path, machine="board-1")
    assert outbox.keep(ANSWER, READING).seq == 1
    assert outbox.stores() == [outbox.store]
    outbox.close()


def test_a_file_damaged_while_it_is_open_takes_the_tap_all_the_same(path: Path) -> None:
    outbox = Outbox.open(path, machine="board-1")
    store = outbox.store
    outbox._opened().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    outbox._opened().execute("PRAGMA shrink_memory")
    overwrite(path, 1, path.stat().st_size // PAGE - 1)
    tap = outbox.keep(ANSWER, READING)
    assert outbox.store != store
    assert outbox.troubles == ("store_replaced",)
    assert tap in outbox.due()
    outbox.close()


def test_salvaged_rows_are_the_very_bytes_that_were_kept(path: Path) -> None:
    reader = sqlite3.connect(path)
    before = dict(reader.execute("SELECT seq, body FROM taps"))
    reader.close()
    overwrite(path, 0, 1)
    Outbox.open(path, machine="board-1").close()
    reader = sqlite3.connect(path)
    assert dict(reader.execute("SELECT seq, body FROM taps WHERE store_no = 1")) == before
    assert reader.execute(f"SELECT count(*) FROM taps WHERE state = {UNSETTLED}").fetchone() == (TAPS - 100,)
    reader.close()


def test_a_row_that_cannot_be_read_is_set_aside_and_blocks_nothing(path: Path) -> None:
    writer = sqlite3.connect(path)
    writer.execute("DROP TRIGGER taps_are_frozen")
    writer.execute("UPDATE taps SET body = '{\"seq\":' WHERE seq = 200")
    writer.commit()
    writer.close()
    outbox = Outbox.open(path, machine="board-1")
    assert 200 not in old_rows(outbox, outbox.store)
    assert outbox.figures(READING).refused_count == 1
    outbox.close()


def test_no_tap_is_ever_added_to_a_damaged_store_again(path: Path) -> None:
    overwrite(path, 0, 1)
    first = Outbox.open(path, machine="board-1")
    first.close()
    again = Outbox.open(path, machine="board-1")
    assert (again.store, again.troubles) == (first.store, ())
    assert len(again.stores()) == 2
    again.close()


def test_a_rescue_cut_short_between_its_renames_is_ended_at_the_next_start(path: Path) -> None:
    path.rename(path.with_name("outbox.db.rescue"))
    outbox = Outbox.open(path, machine="board-1")
    assert len(old_rows(outbox, outbox.store)) == TAPS - 100
    outbox.close()


def test_a_rescue_cut_short_earlier_is_begun_anew(path: Path) -> None:
    (path.parent / "outbox.db.rescue").write_bytes(b"half a file")
    outbox = Outbox.open(path, machine="board-1")
    assert len(old_rows(outbox, outbox.store)) == TAPS - 100
    assert not (path.parent / "outbox.db.rescue").exists()
    outbox.close()


def test_only_the_last_three_quarantined_files_are_kept(path: Path) -> None:
    for _ in range(5):
        overwrite(path, 0, 1)
        Outbox.open(path, machine="board-1").close()
    left = sorted(one.name for one in path.parent.glob("*.broken-?"))
    assert left == ["outbox.db.broken-3", "outbox.db.broken-4", "outbox.db.broken-5"]
    assert outbox_rescue.KEEP_BROKEN == 3
