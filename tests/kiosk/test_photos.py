"""Photos of announcements over real HTTP, kept for a time without a network."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kiosk.photos import MOST_BYTES, BadPhoto, Photos, fetch, kind_of
from link.messages import Card

JPEG = b"\xff\xd8\xff" + bytes(1_000)
FILES = {"/c/1.jpg": JPEG, "/c/2.png": b"\x89PNG\r\n\x1a\n12", "/c/large.jpg": JPEG + bytes(MOST_BYTES)}
FILES["/c/text.jpg"] = b"<html>"


class Shelf(BaseHTTPRequestHandler):
    """A hub that has some photos and counts who asks."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        data = FILES.get(self.path)
        self.send_response(200 if data else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def hub() -> Iterator[str]:
    Shelf.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def cards(*photos: str) -> list[Card]:
    return [Card(str(number), {}, {}, 20261120, photo) for number, photo in enumerate(photos)]


class Wall:
    """Photos, and what they told."""

    def __init__(self, folder: Path) -> None:
        self.told: list[dict[str, str]] = []
        self.photos = Photos(folder, lambda here: self.told.append(dict(here)))
        self.photos.start()

    def after(self, count: int) -> dict[str, str]:
        deadline = time.monotonic() + 10
        while len(self.told) < count:
            assert time.monotonic() < deadline, "nothing was told"
            time.sleep(0.01)
        return self.told[count - 1]


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    found = Wall(tmp_path / "photos")
    yield found
    found.photos.stop()
    found.photos._thread.join(5)


def test_photos_are_fetched_once_and_told(hub: str, wall: Wall):
    wall.photos.want(hub, cards("/c/1.jpg", "/c/2.png", "/c/1.jpg", ""))
    here = wall.after(1)
    assert Path(here["/c/1.jpg"]).read_bytes() == JPEG
    assert here["/c/2.png"].endswith(".png")
    wall.photos.want(hub, cards("/c/1.jpg"))
    assert list(wall.after(2)) == ["/c/1.jpg"]
    assert sorted(Shelf.asked) == ["/c/1.jpg", "/c/2.png"]
    assert len(list(Path(here["/c/1.jpg"]).parent.iterdir())) == 1


def test_without_a_hub_what_was_fetched_is_still_here(hub: str, tmp_path: Path):
    first = Wall(tmp_path / "photos")
    first.photos.want(hub, cards("/c/1.jpg"))
    first.after(1)
    first.photos.stop()
    first.photos._thread.join(5)
    later = Wall(tmp_path / "photos")
    later.photos.want("http://127.0.0.1:9", cards("/c/1.jpg", "/c/2.png"))
    assert list(later.after(1)) == ["/c/1.jpg"]
    later.photos.stop()
    later.photos._thread.join(5)


@pytest.mark.parametrize("photo", ["/c/large.jpg", "/c/text.jpg", "/c/missing.jpg"])
def test_what_is_no_photo_for_a_screen_is_not_kept(hub: str, wall: Wall, photo: str):
    wall.photos.want(hub, cards(photo, "/c/1.jpg"))
    assert list(wall.after(1)) == ["/c/1.jpg"]


@pytest.mark.parametrize(("hub_url", "photo"), [("file://", "/etc/passwd"), ("http://hub", "c/1.jpg")])
def test_only_paths_on_the_hub_are_fetched(hub_url: str, photo: str):
    with pytest.raises(BadPhoto):
        fetch(hub_url, photo)
    with pytest.raises(BadPhoto):
        kind_of(b"GIF89a")
