"""The last config of the hub on disk, so that a cold start without a network still asks.

In: a config that was taken. Out: the same config at the next start of the same terminal; never half a file.
"""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from link import messages
from link.messages import BadMessage, Config

log = structlog.get_logger()


class Memory:
    """One file, replaced whole; it belongs to one terminal and is forgotten when the identity changes."""

    def __init__(self, directory: Path, terminal: str) -> None:
        self._path = directory / f"config.{terminal}.json"

    def recall(self) -> Config | None:
        """The config last remembered; None when there is none or when it cannot be read."""
        try:
            return messages.decode(Config, self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, BadMessage) as error:
            log.warning("the remembered config cannot be read", path=str(self._path), error=str(error))
            return None

    def remember(self, config: Config) -> None:
        """Put the config on disk before returning; raises OSError and leaves the old one in place."""
        partial = self._path.with_suffix(".part")
        with partial.open("wb") as file:
            file.write(messages.encode(config))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)
        directory = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)  # the new name itself must survive a power cut
        finally:
            os.close(directory)
