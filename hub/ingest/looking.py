"""A thread that looks again and again at what is to be told to terminals: when poked, and every 30 s.

In: a function that looks, and says whether the broker took everything. Out: its calls, never two at once.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import structlog

LOOK_EVERY_S = 30.0
RETRY_AFTER_S = 1.0
_log = structlog.get_logger("hub.looking")


class Looking:
    """Calls `look` until it is stopped; `poke` from any thread."""

    def __init__(self, name: str, look: Callable[[], bool]) -> None:
        """`look` returns False when it has to be called again soon."""
        self._name, self._look = name, look
        self._stopping = False
        self._news = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the look that is going on."""
        self._stopping = True
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()

    def poke(self) -> None:
        """Look at once."""
        self._news.set()

    def _run(self) -> None:
        pause = LOOK_EVERY_S
        while not self._stopping:
            self._news.wait(pause)
            self._news.clear()
            if self._stopping:
                return
            try:
                pause = LOOK_EVERY_S if self._look() else RETRY_AFTER_S
            except Exception as error:  # noqa: BLE001 the store is away or holds nonsense: told, and looked at again
                _log.error("look.failed", what=self._name, error=str(error))
                pause = LOOK_EVERY_S
