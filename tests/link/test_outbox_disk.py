"""A full disk, for real: the outbox in a process of its own on a small disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers import small_disk

on_every_small_disk = pytest.mark.parametrize("kind", small_disk.kinds())


# TL-TAP-08
@on_every_small_disk
def test_a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room(kind: str, tmp_path: Path) -> None:
    told = small_disk.run(kind, "unsettled_only", tmp_path)
    assert "takes no more taps" in str(told["words"])
    assert (told["full"], told["again"]) == (["disk_full"], 0)
    assert told["held"] == told["kept"]
    assert (told["room"], told["after"]) == ([], 100)
    assert told["seqs"] == list(range(1, int(str(told["kept"])) + 101))


@on_every_small_disk
def test_settled_rows_make_room_before_any_tap_is_refused(kind: str, tmp_path: Path) -> None:
    told = small_disk.run(kind, "settled_first", tmp_path)
    assert (told["kept"], told["words"]) == (600, "")
    assert told["troubles"] == ["disk_full"]
    assert told["pending"] == [[801, 1600]]
    assert told["made"] == 1600
    assert 0 <= int(str(told["reopened"])) < 800


@on_every_small_disk
def test_a_terminal_that_starts_on_a_full_disk_goes_on_with_its_store(kind: str, tmp_path: Path) -> None:
    told = small_disk.run(kind, "start_on_a_full_disk", tmp_path)
    assert told["store"] == told["same"]
    assert (told["kept"], told["words"]) == (50, "")
    assert told["pending"] == [[201, 350]]
