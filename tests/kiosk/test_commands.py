"""`taploop-kiosk` as people use it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk import doctor
from kiosk.commands import main
from kiosk.terminal import Place
from link.identity import Identity
from link.machine import MachineClock, machine_id
from link.outbox import Answer, Outbox
from tests.kiosk.conftest import ROOT, furnish


def ask(*words: object, **variables: str) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env=variables)


def options(folder: Path) -> tuple[object, ...]:
    return "--identity", folder / "identity.json", "--data", folder / "data"


def test_help_says_what_it_is_for():
    found = ask("--help")
    assert found.exit_code == 0
    assert "touchscreen" in found.output
    for command in ("run", "doctor"):
        assert ask(command, "--help").exit_code == 0


@pytest.mark.parametrize("size", ["1280", "x", "1280x", "100x100", "axb"])
def test_a_wrong_size_is_told_with_an_example(tmp_path: Path, size: str):
    found = ask("run", *options(tmp_path), "--window", size)
    assert found.exit_code == 2
    assert "1280x800" in found.output


def test_without_a_screen_it_says_what_is_missing(tmp_path: Path):
    assert "DISPLAY" in doctor.display({}, tmp_path).advice
    assert doctor.display({"DISPLAY": ":7"}, tmp_path).well


def test_a_display_that_is_gone_is_told_and_not_drawn_on(tmp_path: Path):
    words = [str(word) for word in options(furnish(tmp_path / "k"))]
    gone = {k: v for k, v in os.environ.items() if k != "SDL_VIDEODRIVER"} | {"DISPLAY": ":98765"}
    found = subprocess.run(
        [sys.executable, "-m", "kiosk", "run", *words, "--window", "640x480"],
        cwd=ROOT,
        env=gone,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 1
    assert "No screen could be opened" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_screen_without_a_touch_panel_that_may_be_read_is_told(tmp_path: Path):
    (tmp_path / "dri").mkdir()
    (tmp_path / "dri" / "card0").touch()
    assert "usermod" in doctor.display({}, tmp_path).advice
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "event0").touch()
    assert doctor.display({}, tmp_path).well


def test_a_wrong_time_zone_is_told(tmp_path: Path):
    words = options(furnish(tmp_path / "k"))
    found = ask("run", *words, "--zone", "Asia/Nowhere", SDL_VIDEODRIVER="offscreen")
    assert found.exit_code == 1
    assert "Asia/Shanghai" in found.output


def test_the_doctor_finds_nothing_wrong_with_a_kiosk_that_has_all(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    with socket.create_server(("127.0.0.1", 0)) as hub:
        Identity("k-test", "secret", "127.0.0.1", hub.getsockname()[1]).save(folder / "identity.json")
        _answered(folder, settled=True)
        found = ask("doctor", *options(folder), SDL_VIDEODRIVER="offscreen")
    assert found.exit_code == 0, found.output
    assert "1 of 1 answers are safely at the hub" in found.output
    assert "All is well." in found.output


def test_the_doctor_names_what_to_do(tmp_path: Path):
    folder = furnish(tmp_path / "k", remembers=False)
    _answered(folder, settled=False)
    found = ask("doctor", *options(folder), SDL_VIDEODRIVER="offscreen")
    assert found.exit_code == 1
    for sentence in (
        "check the network cable",
        "place it at a touchpoint",
        "no receipt yet",
        "3 to look at.",
    ):
        assert sentence in found.output


def test_the_doctor_stops_at_a_missing_identity(tmp_path: Path):
    found = ask("doctor", *options(tmp_path), SDL_VIDEODRIVER="offscreen")
    assert found.exit_code == 1
    assert "enrol this terminal" in found.output
    assert "hub 服务器" not in found.output


def test_the_doctor_tells_of_a_directory_that_cannot_be_written(tmp_path: Path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert "writable" in doctor.disk(in_the_way / "data").advice


def test_the_doctor_changes_nothing(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    before = sorted(path.name for path in (folder / "data").iterdir())
    list(doctor.findings(Place(folder / "identity.json", folder / "data")))
    assert sorted(path.name for path in (folder / "data").iterdir()) == before


def _answered(folder: Path, *, settled: bool) -> None:
    outbox = Outbox.open(folder / "data" / "outbox.db", machine=machine_id(), terminal="k-test")
    tap = outbox.keep(Answer("lobby@7", "clean", "faces-5", 4), MachineClock().read())
    if settled:
        outbox.settle([(tap.seq, tap.seq)])
    outbox.close()
