"""The custody of taps on a terminal: out of the outbox, onto the line, settled when a receipt says so.

In: unsettled rows and receipts. Out: batches of at most 100 taps and 64 KiB; rows settled or set aside. Every
change of custody is one line in the log.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from link import messages
from link.clock import Reading
from link.crash_points import reach
from link.messages import MAX_BYTES, MAX_TAPS, VERSION, Receipt, TapBatch, ranges_of
from link.outbox import Outbox
from link.sending import Flight, Sending

log = structlog.get_logger("link.taps")


class Taps:
    """Moves taps, in the uplink's thread. `publish` hands bytes to the broker; False when it is away."""

    def __init__(
        self, terminal: str, outbox: Outbox, sending: Sending, publish: Callable[[bytes], bool]
    ) -> None:
        self.sending = sending
        self._terminal, self._outbox, self._publish = terminal, outbox, publish

    def begin(self, begin_at: float) -> None:
        """Send all that is unsettled again, oldest first, from `begin_at` (monotonic seconds) on."""
        self.sending.restart(self._outbox.stores(), self._outbox.last_seq(), begin_at)

    def send(self, now: float, reading: Reading) -> None:
        """Put on the line what may go now."""
        self._load(now)
        while ready := self.sending.ready(now):
            for flight in ready:
                self._send(flight, now, reading)

    def receipt(self, receipt: Receipt, now: float, reading: Reading) -> str:
        """Settle what is committed, set aside what is refused; return what is wrong, if anything."""
        store, committed = receipt.store, receipt.committed
        reach("uplink.after_receipt")
        if committed:
            at = reading.wall if reading.trusted else 0
            new = self._outbox.settle(committed, store=store, at=at)
            self.sending.done(store, committed)
            log.info("taps.settled", terminal=self._terminal, store=store, ranges=committed, new=new)
        bad = [(store, refusal.seq, refusal.reason) for refusal in receipt.refused]
        bad += [(*one, "the hub cannot read it") for one in self.sending.unreadable(receipt.unreadable, now)]
        return "; ".join(self._set_aside(*one) for one in bad)

    def _load(self, now: float) -> None:
        for store, urgent in self._outbox.urgent().items():
            self.sending.add_urgent(store, urgent, now)
        while (after := self.sending.wants_live()) is not None:
            taps = self._outbox.due(MAX_TAPS, after)
            self.sending.add_live(self._outbox.store, taps, now)
            if not taps:
                break
        while (want := self.sending.wants_backlog(now)) is not None:
            store, after = want
            self.sending.add_backlog(store, self._outbox.due(MAX_TAPS, after, store), now)

    def _send(self, flight: Flight, now: float, reading: Reading) -> None:
        batch = TapBatch(
            VERSION,
            flight.store,
            reading.boot,
            reading.uptime,
            reading.wall,
            reading.trusted,
            tuple(flight.taps.values()),
        )
        data = messages.encode(batch)
        if len(data) > MAX_BYTES:
            self.sending.split(flight, now)
            return
        handed = self._publish(data)
        self.sending.sent(flight, messages.fingerprint(data), now)
        if handed:
            reach("uplink.after_publish")
            ranges, attempt = ranges_of(list(flight.taps)), flight.attempt
            log.info("taps.sent", terminal=self._terminal, store=flight.store, ranges=ranges, attempt=attempt)

    def _set_aside(self, store: str, seq: int, reason: str) -> str:
        self._outbox.refuse(seq, reason, store=store)
        self.sending.done(store, [(seq, seq)])
        log.error("tap.set_aside", terminal=self._terminal, store=store, seq=seq, reason=reason)
        return f"tap {seq} was refused: {reason}"
