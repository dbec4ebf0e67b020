"""Sleeping until a panel, or another thread, has something to say."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.pace import InputWait


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[tuple[InputWait, int]]:
    """A wait on one channel, and the end into which the panel writes."""
    os.mkfifo(tmp_path / "event0")
    keep_open = os.open(tmp_path / "event0", os.O_RDWR | os.O_NONBLOCK)
    wait = InputWait(tmp_path)
    yield wait, keep_open
    wait.close()
    os.close(keep_open)


def test_a_touch_ends_the_wait_once(panel: tuple[InputWait, int]):
    wait, finger = panel
    os.write(finger, bytes(24))
    assert wait.wait(5)
    began = time.monotonic()
    assert not wait.wait(0.05)
    assert time.monotonic() - began >= 0.04


def test_another_thread_ends_the_wait(panel: tuple[InputWait, int]):
    wait, _ = panel
    threading.Timer(0.05, wait.wake).start()
    began = time.monotonic()
    assert wait.wait(10)
    assert time.monotonic() - began < 5
    for _ in range(100_000):  # more than the pipe holds
        wait.wake()
    assert wait.wait(1)
    assert not wait.wait(0.01)


def test_a_panel_that_is_unplugged_does_not_keep_the_kiosk_awake(tmp_path: Path):
    (tmp_path / "event0").write_bytes(b"")  # reads as ended, like a channel whose panel is gone
    (tmp_path / "event1").symlink_to(tmp_path / "event0")
    wait = InputWait(tmp_path)
    wait.wait(0.05)
    began = time.monotonic()
    assert not wait.wait(0.05)
    assert time.monotonic() - began >= 0.04
    wait.close()
