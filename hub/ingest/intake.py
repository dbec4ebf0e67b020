"""The intake: the only way by which a tap enters the hub.

In: messages off the line and answers of the survey page, from any thread. Out, after their commit and in this
order: acknowledgements to the broker, receipts to the terminals, results to the page, a ring of the bell.
Whenever the writer is free it commits all that has come. While the store is away nothing is acknowledged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, fields
from threading import Event, Thread

import structlog

from hub.ingest.arrivals import Alarm, Arrival, Doings, Draft, NotTaken, Outcome, Taken, WebAnswer
from hub.ingest.numbers import Numbers
from hub.ingest.opening import Opened, open_batch
from hub.ingest.taking import take_in
from hub.ingest.waiting_line import WaitingLine
from hub.store import quarantine
from hub.store.database import Database
from link import crash_points, messages
from link.messages import Receipt

__all__ = ["Alarm", "Arrival", "Doings", "Intake", "NotTaken", "Taken", "WebAnswer"]

MOST_AT_ONCE = 1_000
"""Messages and answers in one commit."""
MOST_BYTES_AT_ONCE = 4_000_000
"""No more messages are added to a commit that has this many bytes: other writers are waiting."""
BUSY_FROM = 8
"""A commit of so many messages or more means that they come faster than lone commits are worth."""
GATHER_S = 0.005
RETRY_FIRST_S, RETRY_MOST_S = 0.1, 5.0
_MOST_ALARMS = 100
_log = structlog.get_logger("hub.intake")


@dataclass(slots=True)
class _Asked:
    answer: WebAnswer
    result: Future[Taken] = field(default_factory=Future)


_Item = Arrival | _Asked


class Intake:
    """`offer` and `answer` from any thread; one thread of its own writes."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], int],
        send_receipt: Callable[[str, Receipt], None],
        on_commit: Callable[[], None],
        capacity: int = 10_000,
    ) -> None:
        """`send_receipt(terminal, receipt)` and `on_commit()` are called in the intake's thread."""
        self.doings = Doings()
        self.trouble = ""
        """Why nothing is committed at the moment; empty when all is well."""
        self.last_commit_at = 0
        """Milliseconds UTC; 0 before the first."""
        self._database, self._now = database, now
        self._send_receipt, self._on_commit = send_receipt, on_commit
        self._line: WaitingLine[_Item] = WaitingLine(capacity)
        self._numbers = Numbers()
        self._alarms: deque[Alarm] = deque(maxlen=_MOST_ALARMS)
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="intake", daemon=True)

    @property
    def depth(self) -> int:
        """How many messages and answers wait for the next commit."""
        return len(self._line)

    def alarms(self) -> tuple[Alarm, ...]:
        """The last 100 things that a person should look at, oldest first."""
        return tuple(self._alarms)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Let nothing more in, commit what waits unless the store is away, and end."""
        self._stopping.set()
        self._line.close()
        if self._thread.is_alive():
            self._thread.join()

    def offer(self, arrival: Arrival) -> None:
        """Hand over one message; waits while the line is full. After `stop` it is dropped unacknowledged."""
        self._line.put(arrival)

    def answer(self, answer: WebAnswer, timeout_s: float = 15.0) -> Taken:
        """Hand over one answer and wait until it is on disk.

        Raises NotTaken when that takes too long or the hub is stopping; ValueError when its scale has no such
        rating. After NotTaken the answer may still get in: send the same form again.
        """
        asked = _Asked(answer)
        if not self._line.put(asked):
            raise NotTaken("the hub is stopping")
        try:
            return asked.result.result(timeout_s)
        except TimeoutError as error:
            raise NotTaken(self.trouble or "the store is too slow") from error

    # --- in the intake's thread ------------------------------------------------------------------------

    def _run(self) -> None:
        while group := self._line.take(MOST_AT_ONCE, MOST_BYTES_AT_ONCE, _weight):
            if self._stopping.is_set() and self.trouble:
                _give_up(group, self.trouble)
            else:
                self._commit(group)
                self._gather(len(group))

    def _gather(self, committed: int) -> None:
        """Let more come together while they come fast; a lone tap is never held up."""
        if committed >= BUSY_FROM and self.depth < MOST_AT_ONCE:
            self._stopping.wait(GATHER_S)

    def _commit(self, group: Sequence[_Item]) -> None:
        """Commit the group, whatever is in it and however long the store is away."""
        opened = [(item, open_batch(item.payload)) for item in group if isinstance(item, Arrival)]
        asked = [item for item in group if isinstance(item, _Asked)]
        wait = RETRY_FIRST_S
        while True:
            try:
                outcome = self._write(opened, [item.answer for item in asked])
            except Exception as error:  # noqa: BLE001 whatever it is, no message may stop the ones behind it
                self._numbers.forget()
                if not self._database.is_at_fault(error):
                    self._divide(group, error)
                    return
                self._tell_trouble(error)
                if self._stopping.wait(wait):
                    _give_up(group, self.trouble)
                    return
                wait = min(wait * 2, RETRY_MOST_S)
            else:
                self._settle(outcome, [item for item, _ in opened], asked)
                return

    def _write(self, opened: Sequence[tuple[Arrival, Opened]], answers: Sequence[WebAnswer]) -> Outcome:
        with self._database.writing() as connection:
            outcome = take_in(connection, self._numbers, self._now(), opened, answers)
            crash_points.reach("intake.before_commit")
        crash_points.reach("intake.after_commit")
        return outcome

    def _divide(self, group: Sequence[_Item], error: Exception) -> None:
        """One of the group cannot be written at all: find it by halving, so that the others get in."""
        if len(group) > 1:
            self._commit(group[: len(group) // 2])
            self._commit(group[len(group) // 2 :])
        elif isinstance(group[0], _Asked):
            group[0].result.set_exception(error)
        else:
            self._refuse_unwritable(group[0], error)

    def _refuse_unwritable(self, arrival: Arrival, error: Exception) -> None:
        _log.error("tap.unwritable", terminal=arrival.terminal, error=repr(error))
        draft = Draft(unreadable=[messages.fingerprint(arrival.payload)])
        outcome = Outcome({(arrival.terminal, ""): draft}, doings=Doings(messages=1, quarantined=1))
        try:
            with self._database.writing() as connection:
                quarantine.keep(
                    connection,
                    terminal_id=arrival.terminal,
                    topic=arrival.topic,
                    reason=quarantine.UNREADABLE,
                    detail=repr(error),
                    payload=arrival.payload,
                    received_at=arrival.received_at,
                )
        except Exception as again:  # noqa: BLE001 not even its bytes can be kept: the terminal keeps them
            self._tell_trouble(again)
            return
        self._settle(outcome, [arrival], [])

    def _settle(self, outcome: Outcome, arrivals: Sequence[Arrival], asked: Sequence[_Asked]) -> None:
        """It is on disk: tell everybody, the broker first."""
        self._count(outcome)
        for arrival in arrivals:
            self._call(arrival.done)
        crash_points.reach("intake.after_done")
        for item, taken in zip(asked, outcome.answers, strict=True):
            item.result.set_result(taken)
        for (terminal, store), draft in outcome.receipts.items():
            self._send(terminal, store, draft)
        self._call(self._on_commit)

    def _send(self, terminal: str, store: str, draft: Draft) -> None:
        _log.info(
            "tap.committed",
            terminal=terminal,
            store=store,
            seqs=draft.committed,
            new=draft.new,
            duplicates=draft.duplicates,
            refused=[refusal.seq for refusal in draft.refused],
        )
        receipt = Receipt(
            messages.VERSION, store, tuple(draft.committed), tuple(draft.refused), tuple(draft.unreadable)
        )
        self._call(lambda: self._send_receipt(terminal, receipt))

    def _count(self, outcome: Outcome) -> None:
        self.doings.commits += 1
        for counter in fields(Doings):
            so_far = getattr(self.doings, counter.name)
            setattr(self.doings, counter.name, so_far + getattr(outcome.doings, counter.name))
        for alarm in outcome.alarms:
            self._alarms.append(alarm)
            _log.error("intake.alarm", terminal=alarm.terminal, reason=alarm.reason, detail=alarm.detail)
        self.last_commit_at = self._now()
        if self.trouble:
            _log.info("store.back", after=self.trouble)
            self.trouble = ""

    def _tell_trouble(self, error: Exception) -> None:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        if reason != self.trouble:
            self.trouble = reason
            _log.error("store.away", error=reason, waiting=self.depth)

    def _call(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception as error:  # noqa: BLE001 it is committed; who cannot be told asks again
            _log.error("intake.callback", error=repr(error))


def _weight(item: _Item) -> int:
    return len(item.payload) if isinstance(item, Arrival) else 0


def _give_up(group: Sequence[_Item], trouble: str) -> None:
    """Stop with the store away: messages are sent again by their terminals, people are told."""
    for item in group:
        if isinstance(item, _Asked):
            item.result.set_exception(NotTaken(trouble))
