from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hub.alerts.watch import Watch
from hub.dispatch.courier import Courier
from hub.ingest.intake import Arrival, Intake
from hub.live import Live
from hub.store.database import Database
from link import messages, topics
from link.messages import Tap, TapBatch
from tests.hub.alerts.estate import TERMINAL, Estate
from tests.peers.receiver import WebhookReceiver


def now() -> int:
    return round(time.time() * 1_000)


class Hub:
    """Intake, watch and courier on one store, as the composition joins them."""

    def __init__(self, database: Database, ends: ExitStack) -> None:
        self.live = Live()
        self.courier = Courier(database, now=now, poll_s=20)
        self.watch = Watch(database, now=now, live=self.live, on_letters=self.courier.wake)
        self.intake = Intake(
            database, now=now, send_receipt=lambda terminal, receipt: None, on_commit=self.live.tell
        )
        for part in (self.courier, self.watch, self.intake):
            part.start()
            ends.callback(part.stop)


@pytest.fixture
def hub(database: Database) -> Iterator[Hub]:
    with ExitStack() as ends:
        yield Hub(database, ends)


def test_four_bad_taps_on_the_line_become_one_signed_letter(
    hub: Hub, database: Database, webhook_receiver: WebhookReceiver
) -> None:
    estate = Estate(database, now())
    estate.add_sink(webhook_receiver.url)
    for seq in range(1, 9):
        tap = Tap(
            seq, now(), 1_000 + seq, "boot", True, 20261123, estate.questionnaire, "service", "faces-5", 1
        )
        batch = TapBatch(messages.VERSION, "store", "boot", 1_100, now(), True, (tap,))
        arrival = Arrival(TERMINAL, topics.taps(TERMINAL), messages.encode(batch), now(), lambda: None)
        hub.intake.offer(arrival)
        time.sleep(0.01)
    [request] = webhook_receiver.wait_for(1)
    time.sleep(0.2)
    assert request.wrong == ()
    [event] = webhook_receiver.taken.values()
    assert event["type"] == "io.taploop.alert.firing"
    assert event["subject"] == f"/touchpoints/{estate.lift}"
    assert 4 <= event["data"]["n"] == event["data"]["bad"] <= 8
    [alert] = estate.open_alerts()
    assert (alert.n, alert.bad) == (8, 8)
    assert len(webhook_receiver.requests) == 1
    assert hub.watch.failures == hub.courier.failures == 0
