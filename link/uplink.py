"""A terminal's end of the line: outbox → session; receipts → settled rows; state, config and commands.

In: taps in the outbox, messages of the hub. Out: batches, states, replies; and what a screen may want to
know. One thread does it all; the session's and the screen's threads only put events into its queue.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Literal
from typing import Protocol as Shape

import structlog

from link import messages, topics, uplink_reports
from link.clock import Reading
from link.comeback import Protocol
from link.identity import Identity
from link.messages import BadMessage, Command, Config, HubState, Receipt
from link.outbox import Outbox, OutboxError
from link.sending import Sending
from link.session import Address, Incoming, Session
from link.uplink_line import Down, Line, Refused, Up, UplinkStatus
from link.uplink_orders import Done, Orders
from link.uplink_reports import Reports, Vitals, disk_free_at
from link.uplink_taps import Taps

__all__ = ["Uplink", "UplinkStatus"]

log = structlog.get_logger("link.uplink")
NO_RECEIPTS_AFTER_S = 30.0
"""Seconds without any receipt, though connected and waiting for one, after which the terminal says so."""
LOOK_EVERY_S = 5.0
"""Seconds between looks at troubles when nothing else happens."""
COMPACT_EVERY_S = 6 * 3600.0
Event = Up | Down | Refused | Incoming | None
"""None: a tap has been kept."""


class Clock(Shape):
    """What the uplink asks the time of."""

    def read(self) -> Reading:
        """The clock now."""
        ...


class Uplink:
    """Sends what the outbox holds until the hub says that it is committed."""

    def __init__(
        self,
        identity: Identity,
        outbox: Outbox,
        clock: Clock,
        *,
        software: str,
        on_config: Callable[[Config], str | None],
        on_change: Callable[[], None],
        disk_free: Callable[[], int] | None = None,
        temperature: Callable[[], float | None] = lambda: None,
        duplicate_touches: Callable[[], int] = lambda: 0,
        counts: Callable[[], Mapping[str, int]] = dict,
        on_door_key: Callable[[Command], str | None] | None = None,
        config_revision: int = 0,
        drain_per_s: float = 20.0,
        no_receipts_after_s: float = NO_RECEIPTS_AFTER_S,
        retry_first_s: float = 1.0,
        retry_most_s: float = 300.0,
        protocol: Protocol = "5",
    ) -> None:
        """Prepare; `start` connects.

        `on_config` returns why it refuses a config, or None, and `on_door_key` likewise for the key of the
        rotating QR; `on_change` follows every change of `status`. All are called in the uplink's thread.
        `counts` are touches that became no tap, by reason. `config_revision` is the one remembered.
        """
        self._terminal, self._outbox, self._clock = identity.terminal, outbox, clock
        self._on_change, self._no_receipts_after_s = on_change, no_receipts_after_s
        self._uniform = secrets.SystemRandom().uniform
        self._sending = Sending(self._uniform, drain_per_s)
        self._taps = Taps(identity.terminal, outbox, self._sending, self._publish_taps)
        disk = disk_free or disk_free_at(outbox.path.parent)
        self._vitals = Vitals(software, disk, temperature, duplicate_touches, counts)
        self._reports = Reports(outbox, self._vitals, self._uniform)
        self._orders = Orders(outbox, on_config, config_revision, on_door_key)
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._stopping = threading.Event()
        self._session_id = "-"
        self._line = Line()
        self._compact_at = time.monotonic() + 60.0
        self._told: tuple[object, ...] = ()
        self._session = Session(
            Address(identity.hub_host, identity.hub_port, identity.tls, identity.ca_file),
            user=identity.terminal,
            password=identity.password,
            will=self._will,
            on_up=lambda: self._events.put(Up(self._session_id)),
            on_down=lambda reason: self._events.put(Down(reason)),
            on_message=self._events.put,
            on_refused=lambda topic, reason: self._events.put(Refused(topic, reason)),
            retry_first_s=retry_first_s,
            retry_most_s=retry_most_s,
            protocol=protocol,
        )
        self._thread = threading.Thread(target=self._run, name=f"uplink-{identity.terminal}", daemon=True)

    def start(self) -> None:
        """Connect and go on until `stop`."""
        self._thread.start()
        self._session.start()

    def wake(self) -> None:
        """A tap has been kept."""
        self._events.put(None)

    def stop(self) -> None:
        """Say goodbye and end. What has no receipt stays in the outbox."""
        self._stopping.set()
        self._events.put(None)
        if self._thread.is_alive():
            self._thread.join()
        self._session.stop()

    def status(self) -> UplinkStatus:
        """The line as it is now; from any thread; raise OutboxError when the store cannot be read."""
        reading = self._clock.read()
        return UplinkStatus(
            connected=self._line.connected,
            hub_online=self._line.connected and self._line.hub_online,
            pending=self._outbox.pending(),
            oldest_pending_at=self._outbox.oldest_pending_at(reading),
            troubles=self._troubles(reading),
            last_receipt_at=self._line.last_receipt_at,
            last_error=self._line.last_error,
            config_revision=self._orders.revision,
        )

    # --- the uplink's own thread -----------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._take(self._next_events())
                self._act(time.monotonic())
            except OutboxError as error:
                log.error("uplink.store", terminal=self._terminal, error=str(error))
                self._line.error = str(error)
                self._stopping.wait(1.0)
            except Exception as error:  # a fault in one message or callback must not silence the terminal
                log.exception("uplink.failed", terminal=self._terminal)
                self._line.error = f"{type(error).__name__}: {error}"
                self._stopping.wait(1.0)
        if self._line.connected:
            with contextlib.suppress(OutboxError):
                self._state("will")

    def _next_events(self) -> list[Event]:
        now = time.monotonic()
        until = now + LOOK_EVERY_S
        if self._line.connected:
            until = min(until, self._sending.next_at(now), self._reports.next_at(bool(self._sending.flights)))
        events: list[Event] = []
        with contextlib.suppress(Empty):
            events.append(self._events.get(timeout=max(0.0, until - now)))
            while True:
                events.append(self._events.get_nowait())
        return events

    def _take(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Incoming):
                self._receive(event)
                self._session.ack(event)
            elif isinstance(event, Up):
                self._came_up(event.session)
            elif isinstance(event, Down):
                self._line.down(event.reason, time.monotonic())
            elif isinstance(event, Refused):
                log.error("uplink.refused", terminal=self._terminal, topic=event.topic, reason=event.reason)
                self._line.refused(event.topic, event.reason, time.monotonic())
            else:
                self._reports.figures_changed()
        if events:
            self._told = ()

    def _came_up(self, session: str) -> None:
        now = time.monotonic()
        self._line.up(session, now)
        self._session.subscribe(topics.all_down_to(self._terminal), topics.hub_state())
        self._state("birth")
        self._begin(now)

    def _begin(self, now: float) -> None:
        """Send everything again, spread over the time that the hub asked for."""
        begin_at = now + self._uniform(0, self._line.return_within_s)
        self._line.return_within_s = 0.0
        self._taps.begin(begin_at)

    def _receive(self, incoming: Incoming) -> None:
        kind = incoming.topic.rpartition("/")[2]
        try:
            if kind == "receipts":
                self._receipt(messages.decode(Receipt, incoming.payload))
            elif kind == "hub":
                self._hub(messages.decode(HubState, incoming.payload))
            elif kind == "config" and incoming.payload:
                self._done(self._orders.config(incoming.payload))
            elif kind == "commands":
                self._done(self._orders.command(incoming.payload, self._clock.read()))
        except BadMessage as error:
            log.error("uplink.unreadable", terminal=self._terminal, topic=incoming.topic, error=str(error))
            self._line.error = f"{kind}: {error}"

    def _receipt(self, receipt: Receipt) -> None:
        reading, now = self._clock.read(), time.monotonic()
        self._line.received(reading.wall)
        self._line.error = self._taps.receipt(receipt, now, reading) or self._line.error
        self._reports.figures_changed()

    def _hub(self, state: HubState) -> None:
        if self._line.hub(state):
            self._session.spread(float(state.retry_after))
        elif self._line.hub_came_back:
            self._line.hub_came_back = False
            self._begin(time.monotonic())

    def _done(self, done: Done) -> None:
        if done.reply is not None:
            self._session.publish(topics.replies(self._terminal), messages.encode(done.reply))
            self._line.error = done.reply.error or self._line.error
        if done.due_again:
            self._begin(time.monotonic())
        if done.report:
            self._state("heartbeat")

    def _act(self, now: float) -> None:
        reading = self._clock.read()
        if self._line.connected:
            self._taps.send(now, reading)
        self._line.look(bool(self._sending.flights), now)
        troubles = self._troubles(reading)
        in_flight = bool(self._sending.flights)
        if self._line.connected and self._reports.wanted(troubles, self._orders.revision, in_flight, now):
            self._state("heartbeat")
        self._care_for_store(troubles, reading, now)
        told = (self._line.connected, self._line.hub_online, troubles, self._line.last_error)
        if told != self._told:
            self._told = told
            self._on_change()

    def _care_for_store(self, troubles: tuple[str, ...], reading: Reading, now: float) -> None:
        if "disk_full" in troubles:
            self._outbox.recheck()
        if reading.trusted and now >= self._compact_at:
            self._compact_at = now + COMPACT_EVERY_S
            self._outbox.compact(reading.wall)

    def _publish_taps(self, data: bytes) -> bool:
        handed = self._session.publish(topics.taps(self._terminal), data)
        if handed:
            self._line.sent(time.monotonic())
        return handed

    def _state(self, kind: Literal["birth", "heartbeat", "will"]) -> None:
        reading, revision = self._clock.read(), self._orders.revision
        troubles = self._troubles(reading)
        for state in self._reports.states(kind, self._line.session, reading, troubles, revision):
            self._session.publish(topics.state(self._terminal), messages.encode(state), retain=True)
        self._reports.said(troubles, revision, time.monotonic(), self._orders.heartbeat_after_s)

    def _troubles(self, reading: Reading) -> tuple[str, ...]:
        found = list(self._outbox.troubles)
        if self._line.misses_receipts(time.monotonic(), self._no_receipts_after_s):
            found.append("no_receipts")
        if not reading.trusted:
            found.append("clock_untrusted")
        return tuple(sorted(found))

    def _will(self) -> tuple[str, bytes]:
        """Asked before every connect, in the session's thread: each connection has its own session id."""
        self._session_id = secrets.token_hex(8)
        state = uplink_reports.will(self._session_id, self._clock.read(), self._vitals.software)
        return topics.state(self._terminal), messages.encode(state)
