"""Who is there: births, heartbeats and wills, written to the store many at a time.

In: states as they came off the line. Out: rows of presence and the terminals' claims for the ledger; what
cannot be read goes to quarantine. A state is no custody: one that is lost is followed by the next.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

import structlog

from hub.ingest.listener import Heard
from hub.live import Live
from hub.store import presence, quarantine, stores, terminals
from hub.store.database import Connection, Database
from link import messages, topics
from link.messages import BadMessage, State, TooLarge, WrongVersion

MOST_WAITING = 10_000
GROUP = 500
"""Most states in one commit."""
LOOK_EVERY_S = 15.0
"""How often terminals that fell silent are looked for."""
MISSED_HEARTBEATS = 3
_log = structlog.get_logger("hub.presence")


@dataclass(slots=True)
class Doings:
    """Plain counters for the metrics."""

    heard: int = 0
    dropped: int = 0
    unreadable: int = 0
    wrong_version: int = 0


class Presence:
    """`hear` from any thread; one thread of its own writes."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], int],
        live: Live,
        heartbeat_after: int,
        broker_is_new: bool,
        on_birth: Callable[[str], None] = lambda _terminal: None,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """`heartbeat_after` in seconds; `broker_is_new`: no terminal can be connected at the start.

        `on_birth` is told the id of a terminal that came online, when that is in the store.
        """
        self.doings = Doings()
        self._database, self._now, self._live = database, now, live
        self._silent_after = int(MISSED_HEARTBEATS * heartbeat_after * 1000)
        self._on_birth = on_birth
        self._broker_is_new, self._look_every_s = broker_is_new, look_every_s
        self._queue: queue.Queue[Heard | None] = queue.Queue(MOST_WAITING)
        self._thread = Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what has been heard, and end."""
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def hear(self, heard: Heard) -> None:
        """Take in a state; dropped when thousands wait already, for another one comes."""
        try:
            self._queue.put_nowait(heard)
        except queue.Full:
            self.doings.dropped += 1
            heard.done()

    def _run(self) -> None:
        if self._broker_is_new:
            self._attempt(lambda: self._look_for_silence(self._now()))
        while True:
            group, going_on = self._next_group()
            if group:
                self._write_or_split(group)
                for heard in group:
                    heard.done()
            elif going_on:
                self._attempt(lambda: self._look_for_silence(self._now() - self._silent_after))
            if not going_on:
                return

    def _write_or_split(self, group: list[Heard]) -> None:
        if not self._attempt(lambda: self._write(group)) and len(group) > 1:
            for heard in group:  # one that the store refuses must not take the others with it
                self._attempt(lambda heard=heard: self._write([heard]))  # type: ignore[misc]

    def _attempt(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except Exception as error:  # noqa: BLE001 the store is away or full: told; the next heartbeat comes
            _log.error("presence.unwritten", error=str(error))
            return False
        return True

    def _next_group(self) -> tuple[list[Heard], bool]:
        group: list[Heard] = []
        try:
            heard = self._queue.get(timeout=self._look_every_s)
            while heard is not None:
                group.append(heard)
                if len(group) == GROUP:
                    return group, True
                heard = self._queue.get_nowait()
        except queue.Empty:
            return group, True
        return group, False

    def _write(self, group: list[Heard]) -> None:
        with self._database.writing() as connection:
            lines = [self._take(connection, heard) for heard in group]
        self.doings.heard += len(group)
        for line in lines:
            if line is not None and line.kind != "heartbeat":
                _log.info("terminal." + line.kind, terminal=line.terminal, session=line.session)
            if line is not None and line.kind == "birth":
                self._on_birth(line.terminal)
        self._live.tell()

    def _take(self, connection: Connection, heard: Heard) -> _Line | None:
        try:
            state = messages.decode(State, heard.payload)
        except BadMessage as error:
            self._set_aside(connection, heard, error)
            return None
        terminal = terminals.by_id(connection, heard.terminal)
        if terminal is None or terminal.retired_at is not None:
            _log.warning("terminal.unknown", terminal=heard.terminal)
            return None
        try:
            counted = presence.state_heard(
                connection, terminal.terminal_no, state, heard.received_at, retained=heard.retained
            )
        except stores.TooManyStores as error:
            _log.warning("terminal.stores", terminal=heard.terminal, error=str(error))
            return None
        return _Line(state.kind, heard.terminal, state.session) if counted and not heard.retained else None

    def _set_aside(self, connection: Connection, heard: Heard, error: BadMessage) -> None:
        if not heard.payload:
            return  # a cleared retained message
        self.doings.unreadable += 1
        reason = quarantine.UNREADABLE
        if isinstance(error, WrongVersion):
            self.doings.wrong_version += 1
            reason = quarantine.VERSION
        elif isinstance(error, TooLarge):
            reason = quarantine.TOO_LARGE
        _log.warning("state.unreadable", terminal=heard.terminal, error=str(error))
        quarantine.keep(
            connection,
            terminal_id=heard.terminal,
            topic=topics.state(heard.terminal),
            reason=reason,
            detail=str(error),
            payload=heard.payload,
            received_at=heard.received_at,
        )

    def _look_for_silence(self, heard_before: int) -> None:
        with self._database.reading() as connection:
            late = [row for row in presence.every(connection) if row.online and row.heard_at < heard_before]
        if not late:
            return
        with self._database.writing() as connection:
            presence.mark_silent(connection, heard_before, self._now())
        _log.info("terminals.silent", terminals=[row.terminal_id for row in late[:50]], count=len(late))
        self._live.tell()


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    terminal: str
    session: str
