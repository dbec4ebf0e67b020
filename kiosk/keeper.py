"""The thread that puts answers on the disk, so that a slow card never stops the picture.

In: answers with the clock reading of their touch. Out: `Kept` with its slip once it is there, or KeepFailed.
Answers have numbers on this side of it and seqs on the other: an amendment names the seq that its number got.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue

import structlog

from kiosk.events import Event, Keep, KeepFailed, Kept, Trouble
from link import slip_code
from link.clock import Reading
from link.messages import Tap
from link.outbox import Answer, Outbox, OutboxError, OutboxFull

log = structlog.get_logger("kiosk.keeper")
REMEMBERED = 64
"""So many of the last answers can be amended, or given again under their number."""


@dataclass(frozen=True, slots=True)
class Held:
    """What became of an answer that is on disk."""

    store: str
    seq: int
    slip: str
    reading: Reading


class Probe:
    """A question to the store that changes nothing."""


class Keeper:
    """One writer for one outbox. An answer that failed may be given again under its number."""

    def __init__(
        self,
        outbox: Outbox,
        terminal: str,
        tell: Callable[[Event], None],
        store_answered: Callable[[], None] = lambda: None,
    ) -> None:
        """`tell` gets the outcome; `store_answered` follows whatever the store did or refused to do."""
        self._outbox = outbox
        self._terminal = terminal
        self._tell = tell
        self._store_answered = store_answered
        self._inbox: SimpleQueue[tuple[Keep, Reading] | Probe | None] = SimpleQueue()
        self._held: dict[int, Held] = {}
        self._chance = secrets.SystemRandom()
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

    def probe(self) -> None:
        """Have the store answer, so that a thread or a disk that hangs is found without a visitor."""
        self._inbox.put(Probe())

    def _run(self) -> None:
        while (given := self._inbox.get()) is not None:
            if isinstance(given, Probe):
                with suppress(OutboxError):  # refused is an answer too
                    self._outbox.pending()
                self._store_answered()
                continue
            keep, reading = given
            try:
                self._tell(Kept(keep.number, self._kept(keep, reading)))
            except Exception as error:  # noqa: BLE001 whatever it is, the screen must say that nothing was kept
                self._tell(KeepFailed(keep.number, trouble_of(error)))
                self._log_failed(error)
            self._store_answered()

    def _kept(self, keep: Keep, reading: Reading) -> str:
        """Put an answer on disk, once; its slip."""
        if (done := self._held.get(keep.number)) is not None:
            return done.slip
        before = self._held.get(keep.amends)
        if before is not None and before.store != self._outbox.store and not keep.urgent:
            log.warning("an answer stays as it was: its store is gone", store=before.store, seq=before.seq)
            self._hold(keep.number, before)
            return before.slip
        slip = (before.slip if before else "") or (slip_code.mint(self._chance) if keep.bad else "")
        moment = before.reading if before else reading
        amends = before.seq if before and before.store == self._outbox.store else 0
        tap = self._outbox.keep(_answer(keep, amends, slip), moment)
        self._hold(keep.number, Held(self._outbox.store, tap.seq, slip, moment))
        self._log_kept(tap)
        return slip

    def _hold(self, number: int, held: Held) -> None:
        self._held[number] = held
        while len(self._held) > REMEMBERED:
            del self._held[next(iter(self._held))]

    def _log_kept(self, tap: Tap) -> None:
        with suppress(OSError):  # a log that lies on a full disk must not unmake a tap
            log.info(
                "kept",
                terminal=self._terminal,
                store=self._outbox.store,
                first=tap.seq,
                last=tap.seq,
                rating=tap.rating,
                amends=tap.amends,
            )

    def _log_failed(self, error: Exception) -> None:
        with suppress(OSError):
            log.error("not kept", terminal=self._terminal, error=str(error), kind=type(error).__name__)


def trouble_of(error: Exception) -> Trouble:
    """The trouble that the screen tells."""
    return "full" if isinstance(error, OutboxFull) else "broken"


def _answer(keep: Keep, amends: int, slip: str) -> Answer:
    return Answer(
        keep.questionnaire,
        keep.question,
        keep.scale,
        keep.rating,
        layout=keep.layout,
        test=keep.test,
        burst=keep.burst,
        amends=amends,
        reasons=keep.reasons,
        slip=slip,
        urgent=keep.urgent,
    )
