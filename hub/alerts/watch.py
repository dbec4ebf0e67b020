"""The watch: takes each batch that the intake committed, judges the rules it touches, writes what follows.

In: `batches` rows, claimed by lease. Out: alert state, letters, and the batches marked done, all in one
transaction; then a ring for pages and courier. A lost ring costs a second; a crash costs the lease.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from threading import Event, Thread

import structlog

from hub.alerts.judgement import Change, Judge, longest_window
from hub.alerts.rules import Answer, Counts, first_slot, tally
from hub.live import Live
from hub.store import alert_windows, batches
from hub.store.batches import BatchRow
from hub.store.database import Connection, Database
from link import crash_points

_LEASE_MS = 20_000
_KEEP_BATCHES_MS = 24 * 3_600_000
_AT_ONCE = 200

log = structlog.get_logger(__name__)


def new_letter_id() -> str:
    """A fresh letter id: `msg_` and 32 random hex digits."""
    return f"msg_{secrets.token_hex(16)}"


class LeaseLost(Exception):
    """Another worker took the batches over; its transaction counts, this one does not."""


class Watch:
    """One worker thread. Several may run, in one process or in many, on one store."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], int],
        live: Live,
        on_letters: Callable[[], None] | None = None,
        public_url: str = "",
        new_id: Callable[[], str] = new_letter_id,
        tick_s: float = 30.0,
        gather_s: float = 0.03,
    ) -> None:
        """`live` rings on commits and is rung on changes; `on_letters` wakes the courier of this process.

        Every `tick_s` seconds all open alerts are judged, taps or no taps; `gather_s` seconds after a ring
        commits are taken together, so that a busy intake is not answered with a transaction each.
        """
        self._database = database
        self._now = now
        self._live = live
        self._on_letters = on_letters or (lambda: None)
        self._public_url = public_url
        self._new_id = new_id
        self._tick_s = tick_s
        self._gather_s = gather_s
        self._owner = f"watch-{secrets.token_hex(8)}"
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="watch", daemon=True)
        self._bad: dict[int, frozenset[int]] = {}  # a question's revision never changes, so neither does this
        self.judged_batches = 0
        self.fired = 0
        self.resolved = 0
        self.failures = 0

    def start(self) -> None:
        """Judge what lies there, and from now on whatever comes."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction at hand and end."""
        self._stopping.set()
        self._live.tell()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """There may be new batches."""
        self._live.tell()

    def take_batches(self) -> int:
        """Work on all batches that nobody else holds; return how many. Raises the database's errors."""
        done = 0
        while not self._stopping.is_set():
            with self._database.reading() as connection:
                if not batches.waiting(connection):
                    break
            with self._database.writing() as connection:
                claimed = batches.claim(
                    connection, self._owner, self._now(), lease_for_ms=_LEASE_MS, limit=_AT_ONCE
                )
            if not claimed:
                break
            self._judge_batches(claimed)
            done += len(claimed)
        self.judged_batches += done
        return done

    def tick(self) -> list[Change]:
        """Judge all that is open or fresh, and forget what no rule looks at any more."""
        with self._database.writing() as connection:
            now = self._now()
            oldest = first_slot(longest_window(connection), now)
            alert_windows.add(connection, self._taken_back(connection, now))
            changes = self._judge(connection, now).everything(oldest)
            alert_windows.prune(connection, oldest)
            batches.prune(connection, now - _KEEP_BATCHES_MS)
        self._announce(changes)
        return changes

    def _judge_batches(self, claimed: list[BatchRow]) -> None:
        now = self._now()
        counts = self._count(claimed, now)
        try:
            with self._database.writing() as connection:
                ids = [batch.batch_id for batch in claimed]
                if batches.settle(connection, self._owner, ids, now) < len(ids):
                    raise LeaseLost
                back = self._taken_back(connection, now)
                for some in (counts, back):
                    alert_windows.add(connection, some)
                touched = {touchpoint for touchpoint, _ in counts.keys() | back.keys()}
                changes = self._judge(connection, now).touched(touched)
                crash_points.reach("watch.before_commit")
        except LeaseLost:
            log.warning("batches were taken over", first=ids[0], last=ids[-1])
            return
        crash_points.reach("watch.after_commit")
        self._announce(changes)

    def _count(self, claimed: list[BatchRow], now: int) -> dict[tuple[int, int], Counts]:
        with self._database.reading() as connection:
            oldest = now - longest_window(connection).window_s * 1_000
            answers = [one for batch in claimed for one in alert_windows.answers(connection, batch, oldest)]
            return self._tally(connection, answers)

    def _taken_back(self, connection: Connection, now: int) -> dict[tuple[int, int], Counts]:
        oldest = now - longest_window(connection).window_s * 1_000
        return self._tally(connection, alert_windows.taken_back(connection, oldest))

    def _tally(self, connection: Connection, answers: list[Answer]) -> dict[tuple[int, int], Counts]:
        unknown = {answer.question_no for answer in answers} - self._bad.keys()
        if unknown:
            self._bad |= alert_windows.bad_ratings(connection, unknown)
        return tally(answers, self._bad)

    def _judge(self, connection: Connection, now: int) -> Judge:
        return Judge(connection, now, self._new_id, self._public_url)

    def _announce(self, changes: list[Change]) -> None:
        for change in changes:
            firing = change.state == "firing"
            self.fired += firing
            self.resolved += not firing
            log.info(
                "alert fired" if firing else "alert resolved",
                alert=change.alert_id,
                rule=change.rule_id,
                touchpoint=change.touchpoint_id,
                n=change.counts.n,
                bad=change.counts.bad,
                letters=list(change.letter_ids),
            )
        if changes:
            self._on_letters()
            self._live.tell()

    def _run(self) -> None:
        ticked = -self._tick_s
        while not self._stopping.is_set():
            seen = self._live.version
            try:
                if time.monotonic() - ticked >= self._tick_s:
                    ticked = time.monotonic()
                    self.tick()
                self.take_batches()
            except Exception:  # the worker outlives a locked or lost database; the leases lapse
                self.failures += 1
                log.exception("judging failed; trying again")
                self._stopping.wait(1.0)
            self._live.wait_blocking(seen, 1.0)
            self._stopping.wait(self._gather_s)
