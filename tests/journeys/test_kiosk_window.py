"""A finger on a real window: touch → tap on disk → thank-you → the next question."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.kiosk.conftest import ROOT, furnish
from tests.peers.display import Display

pytestmark = pytest.mark.journey
FACES = [151, 395, 640, 884, 1128]
"""Middle of each face on a window of 1280 × 800, in pixels from the left."""
PAPER, CARD, CHECK = (246, 244, 239), (255, 255, 255), (0, 104, 163)


@dataclass
class Window:
    """A kiosk as an installer starts it, seen from outside."""

    display: Display
    folder: Path
    process: subprocess.Popen[bytes]

    def rows(self) -> list[dict[str, object]]:
        """The taps on disk."""
        with closing(sqlite3.connect(self.folder / "data" / "outbox.db")) as database:
            return [json.loads(body) for (body,) in database.execute("select body from taps order by seq")]

    def until(self, shows: Callable[[Image.Image], bool], what: str) -> Image.Image:
        """Wait for a picture."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            picture = self.display.picture()
            if shows(picture):
                return picture
            time.sleep(0.02)
        log = (self.folder / "stderr").read_text()
        pytest.fail(f"{what} never appeared; the kiosk wrote:\n{log}")

    def until_it_asks(self) -> Image.Image:
        return self.until(asks, "the question")


def asks(picture: Image.Image) -> bool:
    """All five cards are there, none pressed."""
    return all(picture.getpixel((x - 90, 310)) == CARD for x in FACES)


def thanks(picture: Image.Image) -> bool:
    """A blue disc in the upper half, and no card."""
    return picture.getpixel((640, 150)) == CHECK and picture.getpixel((FACES[0], 600)) == PAPER


@pytest.fixture
def window(display: Display, tmp_path: Path) -> Iterator[Window]:
    """A kiosk whose hub is away and whose memory holds a question."""
    folder = furnish(tmp_path / "k", minimum_interval=0)
    words = ["--identity", str(folder / "identity.json"), "--data", str(folder / "data"), "--no-cursor"]
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", *words, "--window", "1280x800"],
            cwd=ROOT,
            env=display.environment(),
            stderr=errors,
        )
    shown = Window(display, folder, process)
    try:
        shown.until_it_asks()
        time.sleep(0.3)  # a face must have been on the screen for a moment before a touch is meant
        yield shown
    finally:
        process.terminate()
        code = process.wait(20)
    assert code == 0, (folder / "stderr").read_text()
    assert "Traceback" not in (folder / "stderr").read_text()


def test_a_finger_on_a_face_is_kept_and_thanked_and_the_next_person_is_asked(window: Window):
    window.display.touch(FACES[4], 440)
    window.until(thanks, "the thank-you")
    (row,) = window.rows()
    assert (row["rating"], row["question"], row["layout"]) == (5, "clean", "row-5")
    window.until_it_asks()


def test_every_touch_on_a_real_window_is_one_tap(window: Window):
    ratings = [1, 4, 4, 5]
    for rating in ratings:
        window.until_it_asks()
        time.sleep(0.3)
        window.display.touch(FACES[rating - 1], 560)
        window.until(lambda picture: not asks(picture), "a reaction")
        time.sleep(1.2)
        window.display.touch(640, 30)  # the next person is in a hurry
    assert [row["rating"] for row in window.rows()] == ratings


def test_a_finger_that_slides_off_a_face_slowly_takes_it_back(window: Window):
    window.display.drag((FACES[1], 440), (FACES[3], 440), held_ms=600)
    time.sleep(0.3)
    assert asks(window.display.picture())
    assert window.rows() == []


def test_no_key_ends_it(window: Window):
    for key in ("Escape", "F1", "ctrl+e", "F11"):
        window.display.key(key)
    time.sleep(0.3)
    assert window.process.poll() is None
    assert asks(window.display.picture())
