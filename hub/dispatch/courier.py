"""The courier: carries letters to their sinks, several sinks at a time, one request at a time to each.

In: letters that are due, claimed by lease. Out: requests, sent with no transaction held; then the letter is
settled or postponed, in one transaction. A crash between the two sends the same id again.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

import structlog

from hub.dispatch import retry
from hub.dispatch.channels import channel_of
from hub.dispatch.egress import TIMEOUT_S, Egress, Forbidden, Unreachable
from hub.dispatch.pace import plan
from hub.dispatch.post import BadSink, CannotCompose, Verdict
from hub.store import attempts, letters, sinks
from hub.store.database import Connection, Database
from hub.store.letters import LetterRow
from hub.store.sinks import SinkRow
from link import crash_points

_LEASE_MS = round(TIMEOUT_S * 1_000) * 2
_AT_ONCE = 60
_STOP_WITHIN_S = 2.0
_KEEP_MS = 90 * 86_400_000
_TIDY_EVERY_MS = 6 * 3_600_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One request to make: the first letter gives it its id, the others go in it."""

    sink: SinkRow
    letters: tuple[LetterRow, ...]
    attempt_id: int


class Courier:
    """A thread that looks for letters, and up to `lanes` threads that send. Several may run on one store."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], int],
        allow_private: bool = False,
        egress: Egress | None = None,
        chance: Callable[[], float] = random.random,
        lanes: int = 8,
        poll_s: float = 1.0,
    ) -> None:
        """`allow_private` lets every sink be at a private address, else each says so for itself.

        `chance` gives numbers from 0 to 1 that spread retries; every `poll_s` seconds letters that another
        process wrote are looked for.
        """
        self._database = database
        self._now = now
        self._allow_private = allow_private
        self._egress = egress or Egress()
        self._chance = chance
        self._lanes = lanes
        self._poll_s = poll_s
        self._owner = f"courier-{secrets.token_hex(8)}"
        self._bell = Condition()
        self._rung = False
        self._stopping = False
        self._busy: dict[int, Thread] = {}
        self._ask_at: dict[int, int] = {}
        self._tidied_at = 0
        self._thread = Thread(target=self._run, name="courier", daemon=True)
        self.sent = 0
        self.postponed = 0
        self.dead = 0
        self.failures = 0

    def start(self) -> None:
        """Carry what lies there, and from now on whatever comes."""
        self._thread.start()

    def stop(self) -> None:
        """End within 2 s; a request still under way is left, and its letter goes again under the same id."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
            lanes = list(self._busy.values())
        for thread in (self._thread, *lanes):
            if thread.is_alive():
                thread.join(_STOP_WITHIN_S)

    def wake(self) -> None:
        """There may be new letters."""
        with self._bell:
            self._rung = True
            self._bell.notify_all()

    def deliver_due(self) -> int:
        """Send all that may go now, in this thread; return the number of requests."""
        made = 0
        while True:
            with self._database.reading() as connection:
                ready = letters.ready_sinks(connection, self._now())
            before = made
            for sink_id in ready:
                while self.send_next(sink_id):
                    made += 1
            if made == before:
                return made

    def tidy(self) -> int:
        """Forget letters that were settled more than 90 days ago; return how many. Dead ones stay."""
        self._tidied_at = self._now()
        with self._database.writing() as connection:
            return letters.prune(connection, self._tidied_at - _KEEP_MS)

    def send_next(self, sink_id: int) -> bool:
        """Make the next request to this sink, if one may go now; False when none may."""
        job = self._take(sink_id)
        if job is None:
            return False
        verdict = self._send(job)
        crash_points.reach("courier.after_send")
        self._settle(job, verdict)
        return True

    def _take(self, sink_id: int) -> Job | None:
        """Choose the letters of the next request, lease them, and write down that a request leaves."""
        now = self._now()
        with self._database.writing() as connection:
            sink = sinks.lock(connection, sink_id)
            if sink is None or not sink.enabled or (sink.open_until_at or 0) > now:
                return None
            if letters.in_hand(connection, sink_id, now):
                return None
            due = self._in_order(connection, sink_id, now)
            chosen = self._choose(connection, sink, due, now) if due else []
            if not chosen:
                return None
            letters.lease(connection, [one.letter_id for one in chosen], self._owner, now + _LEASE_MS)
            return Job(sink, tuple(chosen), attempts.begin(connection, chosen[0].letter_id, now))

    def _in_order(self, connection: Connection, sink_id: int, now: int) -> list[LetterRow]:
        """The letters that are due, without those that a later letter of their alert has overtaken."""
        due = letters.due(connection, sink_id, now, _AT_ONCE)
        alert_ids = {one.alert_id for one in due if one.alert_id is not None}
        reached = letters.outrun(connection, sink_id, alert_ids) if alert_ids else {}
        late = [one for one in due if one.content["sequence"] < reached.get(one.alert_id or 0, 0)]
        for one in late:
            letters.settle(connection, one.letter_id, letters.SUPERSEDED, now)
            log.info("letter superseded", letter=one.letter_id, sink=sink_id, alert=one.alert_id)
        return [one for one in due if one not in late]

    def _choose(
        self, connection: Connection, sink: SinkRow, due: list[LetterRow], now: int
    ) -> list[LetterRow]:
        """What the next request carries: nothing while the pace forbids, one letter to a sink that fails."""
        channel = channel_of(sink.kind)
        span = channel.pace.window if channel.pace else 0
        lately = attempts.requests_since(connection, sink.sink_id, now - span) if span else []
        next_one = plan(channel.pace, lately, len(due), now)
        if next_one.take == 0:
            self._ask_at[sink.sink_id] = next_one.ask_at
            return []
        most = 1 if sink.failing_since_at is not None else next_one.take
        return due[: channel.fits([one.letter for one in due[:most]])]

    def _send(self, job: Job) -> Verdict:
        channel, now = channel_of(job.sink.kind), self._now()
        private = self._allow_private or job.sink.allow_private
        try:
            outgoing = channel.compose(job.sink.address, [one.letter for one in job.letters], now)
            answer = self._egress.post(outgoing, allow_private=private)
        except Unreachable as error:
            return Verdict("postponed", str(error))
        except (Forbidden, BadSink, CannotCompose) as error:
            return Verdict("refused", str(error))
        return channel.judge(job.sink.address, answer, now)

    def _settle(self, job: Job, verdict: Verdict) -> None:
        now = self._now()
        with self._database.writing() as connection:
            sink = sinks.by_id(connection, job.sink.sink_id) or job.sink
            attempts.end(connection, job.attempt_id, verdict.outcome, verdict.detail)
            if verdict.outcome == "sent":
                self._sent(connection, job, sink, verdict, now)
            elif verdict.outcome == "postponed":
                self._postponed(connection, job, sink, verdict, now)
            else:
                for one in job.letters:
                    self._bury(connection, one, verdict.detail, now)
                if verdict.disables:
                    sinks.set_enabled(connection, sink.sink_id, enabled=False)
                    log.warning("sink disabled: its receiver says it is gone", sink=sink.sink_id)

    def _sent(self, connection: Connection, job: Job, sink: SinkRow, verdict: Verdict, now: int) -> None:
        carrier = job.letters[0]
        for one in job.letters:
            letters.settle(connection, one.letter_id, letters.SENT, now)
            if one is not carrier:
                attempts.digested(connection, one.letter_id, carrier.letter_id, verdict.detail, now)
            log.info("letter sent", letter=one.letter_id, sink=sink.sink_id, of=len(job.letters))
        self.sent += len(job.letters)
        if sink.failing_since_at is not None:
            sinks.well(connection, sink.sink_id)
            letters.pull_forward(connection, sink.sink_id, now)

    def _postponed(self, connection: Connection, job: Job, sink: SinkRow, verdict: Verdict, now: int) -> None:
        since, rest_until = retry.breaker(sink.failing_since_at, verdict.wait_for, now)
        sinks.failing(connection, sink.sink_id, since, rest_until)
        for one in job.letters:
            failures = one.attempts + 1
            due_at = retry.next_try_at(failures, verdict.wait_for, now, self._chance())
            if due_at is None:
                self._bury(connection, one, verdict.detail, now)
                continue
            letters.postpone(connection, one.letter_id, failures, due_at, verdict.detail)
            self.postponed += 1
            fields = {"failures": failures, "again_in_s": (due_at - now) // 1_000, "why": verdict.detail}
            log.warning("letter postponed", letter=one.letter_id, sink=sink.sink_id, **fields)

    def _bury(self, connection: Connection, one: LetterRow, why: str, now: int) -> None:
        letters.settle(connection, one.letter_id, letters.DEAD, now, why)
        self.dead += 1
        log.error(
            "letter dead; replay it when the cause is gone", letter=one.letter_id, sink=one.sink_id, why=why
        )

    def _run(self) -> None:
        while not self._stopping:
            wait_s = self._poll_s
            try:
                if self._now() - self._tidied_at >= _TIDY_EVERY_MS:
                    self.tidy()
                wait_s = self._hand_out()
            except Exception:  # the worker outlives a locked or lost database
                self.failures += 1
                log.exception("looking for letters failed; trying again")
            with self._bell:
                self._bell.wait_for(lambda: self._rung or self._stopping, wait_s)
                self._rung = False

    def _hand_out(self) -> float:
        """Give each sink that is ready a lane; return after how many seconds to look again."""
        now = self._now()
        with self._database.reading() as connection:
            ready = letters.ready_sinks(connection, now)
            next_at = letters.next_due_at(connection, now)
        with self._bell:
            for sink_id in ready:
                if sink_id not in self._busy and len(self._busy) < self._lanes:
                    if self._ask_at.get(sink_id, 0) > now:
                        continue
                    lane = Thread(target=self._serve, args=(sink_id,), name=f"courier-{sink_id}", daemon=True)
                    self._busy[sink_id] = lane
                    lane.start()
        wait_s = self._poll_s if next_at is None else min(self._poll_s, (next_at - now) / 1_000)
        return max(wait_s, 0.001)

    def _serve(self, sink_id: int) -> None:
        try:
            while not self._stopping and self.send_next(sink_id):
                pass
        except Exception:  # one sink's trouble must not stop the others; the lease lapses
            self.failures += 1
            self._ask_at[sink_id] = self._now() + 1_000
            log.exception("carrying letters failed; trying again", sink=sink_id)
        finally:
            with self._bell:
                del self._busy[sink_id]
            self.wake()
