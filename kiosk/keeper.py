"""The thread that puts answers on the disk, so that a slow card never stops the picture.

In: answers with the clock reading of their touch. Out: `Kept` after the commit, or `KeepFailed`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue

import structlog

from kiosk.stages import Event, Keep, KeepFailed, Kept, Trouble
from link.clock import Reading
from link.messages import Tap
from link.outbox import Answer, Outbox, OutboxFull

log = structlog.get_logger("kiosk.keeper")


class Keeper:
    """One writer for one outbox. An answer that failed may be given again under its number."""

    def __init__(self, outbox: Outbox, terminal: str, tell: Callable[[Event], None]) -> None:
        self._outbox = outbox
        self._terminal = terminal
        self._tell = tell
        self._inbox: SimpleQueue[tuple[Keep, Reading] | None] = SimpleQueue()
        self._kept = 0
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin to keep what is given."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what was given, then end."""
        self._inbox.put(None)
        self._thread.join()

    def keep(self, keep: Keep, reading: Reading) -> None:
        """Give an answer; `Kept` or `KeepFailed` follows from the keeper's thread."""
        self._inbox.put((keep, reading))

    def _run(self) -> None:
        while (given := self._inbox.get()) is not None:
            keep, reading = given
            try:
                if keep.number > self._kept:
                    tap = self._outbox.keep(_answer(keep), reading)
                    self._kept = keep.number
                    self._log_kept(tap)
                self._tell(Kept(keep.number))
            except Exception as error:  # noqa: BLE001 whatever it is, the screen must say that nothing was kept
                self._tell(KeepFailed(keep.number, trouble_of(error)))
                self._log_failed(error)

    def _log_kept(self, tap: Tap) -> None:
        with suppress(OSError):  # a log that lies on a full disk must not unmake a tap
            log.info(
                "kept",
                terminal=self._terminal,
                store=self._outbox.store,
                first=tap.seq,
                last=tap.seq,
                rating=tap.rating,
            )

    def _log_failed(self, error: Exception) -> None:
        with suppress(OSError):
            log.error("not kept", terminal=self._terminal, error=str(error), kind=type(error).__name__)


def trouble_of(error: Exception) -> Trouble:
    """The trouble that the screen tells."""
    return "full" if isinstance(error, OutboxFull) else "broken"


def _answer(keep: Keep) -> Answer:
    return Answer(keep.questionnaire, keep.question, keep.scale, keep.rating, layout=keep.layout)
