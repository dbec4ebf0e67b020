"""What the hub has sent, on disk: a cold start without a network still asks, and still proves presence.

In: a config that was taken, the key of the rotating QR. Out: the same at the next start of the same terminal;
never half a file. All of it belongs to one terminal and is forgotten when the identity changes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog
from msgspec import Struct

from kiosk.events import Door
from link import messages
from link.messages import BadMessage, Config

log = structlog.get_logger("kiosk.memory")
T = TypeVar("T")


class _DoorKey(Struct, frozen=True):
    """The key as it lies on disk, readable by the kiosk alone."""

    key: bytes
    label: str
    valid_until: int


class Memory:
    """One file for each thing, replaced whole."""

    def __init__(self, directory: Path, terminal: str) -> None:
        self._config = directory / f"config.{terminal}.json"
        self._door = directory / f"door.{terminal}.json"

    def recall(self) -> Config | None:
        """The config last remembered; None when there is none or when it cannot be read."""
        data = _read(self._config)
        try:
            return None if data is None else messages.decode(Config, data)
        except BadMessage as error:
            log.warning("the remembered config cannot be read", path=str(self._config), error=str(error))
            return None

    def remember(self, config: Config) -> None:
        """Put the config on disk before returning; raises OSError and leaves the old one in place."""
        replace_file(self._config, messages.encode(config))

    def recall_door(self) -> Door | None:
        """The key of the rotating QR; None when there is none or when it cannot be read."""
        data = _read(self._door)
        if data is None:
            return None
        try:
            found = msgspec.json.decode(data, type=_DoorKey)
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.warning("the remembered door key cannot be read", path=str(self._door))
            return None
        return Door(found.key, found.label, found.valid_until)

    def remember_door(self, door: Door) -> None:
        """Put the key on disk, readable by this user alone; raises OSError."""
        replace_file(self._door, msgspec.json.encode(_DoorKey(door.key, door.label, door.valid_until)), 0o600)

    def forget(self) -> None:
        """Nothing of this terminal is remembered any more."""
        for path in (self._config, self._door):
            path.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Make `data` the content of a file, whole and on disk, or leave the file as it was; raises OSError."""
    partial = path.with_suffix(".part")
    partial.unlink(missing_ok=True)  # its mode may be another
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)  # the new name itself must survive a power cut
    finally:
        os.close(directory)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("what was remembered cannot be read", path=str(path), error=str(error))
        return None
