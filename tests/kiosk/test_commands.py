"""`taploop-kiosk` as people use it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.commands import main
from tests.kiosk.conftest import ROOT, furnish
from tests.peers.display import Display


def ask(*words: object, **variables: str) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env=variables)


def options(folder: Path) -> tuple[object, ...]:
    return "--identity", folder / "identity.json", "--data", folder / "data"


def test_help_says_what_it_is_for():
    found = ask("--help")
    assert found.exit_code == 0
    assert "touchscreen" in found.output
    for command in ("run", "doctor", "apologise"):
        assert ask(command, "--help").exit_code == 0


@pytest.mark.parametrize("size", ["1280", "x", "1280x", "100x100", "axb"])
def test_a_wrong_size_is_told_with_an_example(tmp_path: Path, size: str):
    found = ask("run", *options(tmp_path), "--window", size)
    assert found.exit_code == 2
    assert "1280x800" in found.output


def test_without_a_screen_it_says_what_is_missing(tmp_path: Path):
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    words = [str(word) for word in options(furnish(tmp_path / "k"))]
    command = [sys.executable, "-m", "kiosk", "run", *words]
    found = subprocess.run(
        command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60, check=False
    )
    if Path("/dev/dri").exists():
        pytest.fail("this machine has a graphics card; the test must run where there is none")
    assert found.returncode == 1
    assert "--session x11" in found.stderr
    assert "没有窗口系统" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_wrong_time_zone_is_told(tmp_path: Path):
    words = options(furnish(tmp_path / "k"))
    found = ask("run", *words, "--zone", "Asia/Nowhere", SDL_VIDEODRIVER="offscreen")
    assert found.exit_code == 1
    assert "Asia/Shanghai" in found.output


def test_the_service_manager_hears_of_the_first_picture_and_of_the_end(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        variables = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1000000"}
        process = start(folder, SDL_VIDEODRIVER="offscreen", **variables)
        assert manager.recv(100) == b"READY=1"
        assert manager.recv(100) == b"WATCHDOG=1"
        second = ask("run", *options(folder), "--window", "640x480", SDL_VIDEODRIVER="offscreen")
        assert (second.exit_code, str(process.pid) in second.output) == (1, True)
        process.send_signal(signal.SIGSTOP)
        try:
            manager.settimeout(1.5)
            with pytest.raises(TimeoutError):
                while True:
                    manager.recv(100)
        finally:
            process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        manager.settimeout(30)
        while manager.recv(100) != b"STOPPING=1":
            pass
        assert process.wait(30) == 0


def test_a_window_that_nobody_touches_goes_on_turning(tmp_path: Path, display: Display):
    folder = furnish(tmp_path / "k", paired=False)  # no line, so nothing but time wakes it
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        given = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "1000000"}
        process = start(folder, "--session", "x11", **given, DISPLAY=display.name)
        try:
            assert manager.recv(100) == b"READY=1"
            manager.settimeout(4)
            assert [manager.recv(100) for _ in range(6)] == [b"WATCHDOG=1"] * 6
        finally:
            process.terminate()
            process.wait(30)


def test_it_fills_a_bare_x_server_that_has_no_window_manager(tmp_path: Path, display: Display):
    folder = furnish(tmp_path / "k")
    words = [str(word) for word in options(folder)]
    command = [sys.executable, "-m", "kiosk", "run", *words, "--session", "x11"]
    process = subprocess.Popen(command, cwd=ROOT, env=display.environment(), stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        corners = [(4, 4), (1275, 4), (4, 795), (1275, 795)]
        while min(sum(display.picture().getpixel(at)) for at in corners) < 600:  # type: ignore[arg-type]
            assert time.monotonic() < until, "a corner of the screen stayed black"
            time.sleep(0.1)
    finally:
        process.terminate()
        process.wait(30)


def test_every_thank_you_ends_by_itself(tmp_path: Path, display: Display):
    folder = furnish(tmp_path / "k")
    words = [str(word) for word in options(folder)]
    command = [sys.executable, "-m", "kiosk", "run", *words, "--session", "x11"]
    process = subprocess.Popen(command, cwd=ROOT, env=display.environment(), stderr=subprocess.DEVNULL)

    def until(*, asking: bool) -> None:
        """The middle of the last face is blue; the thank-you is light there."""
        deadline = time.monotonic() + 30
        while (sum(display.picture().getpixel((1128, 360))[:2]) < 300) is not asking:  # type: ignore[index]
            assert time.monotonic() < deadline, f"asking is not {asking}"
            time.sleep(0.1)

    try:
        until(asking=True)
        for _ in range(3):
            time.sleep(1.3)
            display.touch(1128, 360)
            until(asking=False)
            until(asking=True)
            time.sleep(3)
    finally:
        process.terminate()
        process.wait(30)


def start(folder: Path, *more: str, **variables: str) -> subprocess.Popen[bytes]:
    words = [*(str(word) for word in options(folder)), *more]
    command = [sys.executable, "-m", "kiosk", "run", *words, "--window", "640x480"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | variables, stderr=subprocess.DEVNULL)


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
