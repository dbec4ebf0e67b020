"""Photos of announcements, fetched once from the hub and kept on disk: they are shown without a network.

In: cards of the config, the hub's address. Out: which photos are here. One thread; nothing waits for it.
"""

from __future__ import annotations

import hashlib
import threading
import urllib.request
from collections.abc import Callable, Iterable
from http.client import HTTPException
from pathlib import Path

import structlog

from kiosk.memory import replace_file
from link.messages import Card

log = structlog.get_logger("kiosk.photos")
MOST_BYTES = 400_000
"""A larger file is not kept: a card has room for twelve of these and nothing else."""
WAITS_FOR = 10.0
"""Seconds without an answer of the hub."""
AGAIN_AFTER = 60.0
"""Seconds until what could not be fetched is tried again."""
_KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
"""First bytes of what can be drawn, and the ending of its file here."""

Here = tuple[tuple[str, str], ...]
"""Path on the hub → path on this machine."""


class BadPhoto(ValueError):
    """What the hub sent is no photo that can be shown."""


class Photos:
    """The photos of the cards in force; all others are deleted."""

    def __init__(self, folder: Path, tell: Callable[[Here], None]) -> None:
        """`tell` is called in the thread, whenever other photos are here."""
        self._folder, self._tell = folder, tell
        self._wanted: tuple[str, tuple[str, ...]] = ("", ())
        self._told: Here | None = None
        self._news = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="kiosk-photos", daemon=True)

    def start(self) -> None:
        """Begin to fetch."""
        self._thread.start()

    def stop(self) -> None:
        """End, at the latest when a hub that does not answer has been given up."""
        self._stopping = True
        self._news.set()

    def want(self, hub_url: str, cards: Iterable[Card]) -> None:
        """From now on these are the photos; from any thread."""
        self._wanted = hub_url, tuple(dict.fromkeys(card.photo for card in cards if card.photo))
        self._news.set()

    def _run(self) -> None:
        complete = True
        while not self._stopping:
            self._news.wait(None if complete else AGAIN_AFTER)
            self._news.clear()
            if not self._stopping:
                complete = self._look()

    def _look(self) -> bool:
        """Fetch what is missing, delete what is not wanted; False when something is still missing."""
        hub_url, wanted = self._wanted
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            missing = [photo for photo in wanted if not self._at(photo)]
            fetched = [self._fetched(hub_url, photo) for photo in missing]
            self._delete_others(wanted)
        except OSError as error:
            log.warning("photos cannot be kept", error=str(error))
            return False
        here = tuple((photo, str(path)) for photo in wanted if (path := self._at(photo)) is not None)
        if here != self._told:
            self._told = here
            self._tell(here)
        return all(fetched)

    def _fetched(self, hub_url: str, photo: str) -> bool:
        try:
            data = fetch(hub_url, photo)
            replace_file(self._folder / f"{_name(photo)}{kind_of(data)}", data)
        except (OSError, HTTPException, ValueError) as error:
            log.warning("photo not fetched", photo=photo, error=str(error))
            return False
        return True

    def _delete_others(self, wanted: tuple[str, ...]) -> None:
        names = {_name(photo) for photo in wanted}
        for path in self._folder.iterdir():
            if path.stem not in names:
                path.unlink()

    def _at(self, photo: str) -> Path | None:
        paths = (self._folder / f"{_name(photo)}{ending}" for ending in _KINDS.values())
        return next((path for path in paths if path.exists()), None)


def fetch(hub_url: str, photo: str) -> bytes:
    """The bytes of a photo of the hub; raise BadPhoto, OSError or HTTPException."""
    if not hub_url.startswith(("http://", "https://")) or not photo.startswith("/"):
        raise BadPhoto(f"{photo!r} is no path on the hub")
    with urllib.request.urlopen(hub_url + photo, timeout=WAITS_FOR) as answer:  # noqa: S310 checked above
        data: bytes = answer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadPhoto(f"{photo} has more than {MOST_BYTES // 1000} kB")
    return data


def kind_of(data: bytes) -> str:
    """The ending of a photo's file, by what is in it; raise BadPhoto."""
    for first, ending in _KINDS.items():
        if data.startswith(first):
            return ending
    raise BadPhoto("neither JPEG nor PNG")


def _name(photo: str) -> str:
    return hashlib.sha256(photo.encode()).hexdigest()[:16]
