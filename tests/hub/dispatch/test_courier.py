from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from hub.dispatch.courier import Courier
from hub.dispatch.egress import Egress
from hub.store import letters, sinks
from hub.store.database import Database
from tests.hub.dispatch.outbox import (
    START,
    Clock,
    add_webhook,
    courier_on,
    letter,
    outcomes,
    put,
    put_many,
    states,
)
from tests.peers.receiver import Script, WebhookReceiver


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver(clock: Clock, webhook_receiver: WebhookReceiver) -> WebhookReceiver:
    webhook_receiver.clock = clock.seconds
    return webhook_receiver


@pytest.fixture
def courier(database: Database, clock: Clock) -> Courier:
    return courier_on(database, clock)


def test_a_letter_is_posted_signed_and_settled(
    database: Database, receiver: WebhookReceiver, courier: Courier
) -> None:
    letter_id = put(database, add_webhook(database, receiver), 1)
    assert courier.deliver_due() == 1
    assert [request.wrong for request in receiver.requests] == [()]
    assert list(receiver.taken) == [letter_id]
    assert letter(database, letter_id).state == "sent"
    assert letter(database, letter_id).settled_at == START
    assert outcomes(database, letter_id) == ["sent"]
    assert courier.deliver_due() == 0


def test_a_failed_letter_is_tried_again_under_the_same_id_and_not_before_its_time(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    receiver.script.extend([Script(500), Script(drop=True)])
    letter_id = put(database, add_webhook(database, receiver), 1)
    for pause_s, tries in ((0, 1), (4.9, 1), (0.2, 2), (299, 2), (2, 3)):
        clock.pass_s(pause_s)
        courier.deliver_due()
        assert len(receiver.requests) == tries
    assert receiver.ids == [letter_id] * 3
    assert outcomes(database, letter_id) == ["postponed", "postponed", "sent"]
    assert letter(database, letter_id).attempts == 2


def test_the_receivers_retry_after_is_kept(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    receiver.script.append(Script(429, {"Retry-After": "120"}))
    put(database, add_webhook(database, receiver), 1)
    for pause_s, tries in ((0, 1), (119, 1), (2, 2)):
        clock.pass_s(pause_s)
        courier.deliver_due()
        assert len(receiver.requests) == tries


def test_after_eight_failures_a_letter_is_dead_and_a_replay_sends_the_same_id(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    letter_id = put(database, add_webhook(database, receiver), 1)
    receiver.script.extend([Script(503)] * 8)
    for _ in range(20):
        courier.deliver_due()
        clock.pass_s(36_001)
    dead = letter(database, letter_id)
    assert (dead.state, dead.last_error, len(receiver.requests)) == ("dead", "HTTP 503", 8)

    with database.writing() as connection:
        assert letters.replay(connection, letter_id, clock())
        assert not letters.replay(connection, letter_id, clock())
    courier.deliver_due()
    assert set(receiver.ids) == {letter_id}
    assert list(receiver.taken) == [letter_id]
    assert letter(database, letter_id).state == "sent"


def test_a_refusal_for_good_kills_the_letter_at_once_and_spares_the_others(
    database: Database, receiver: WebhookReceiver, courier: Courier
) -> None:
    receiver.script.append(Script(422))
    first, second = put_many(database, add_webhook(database, receiver), 2)
    courier.deliver_due()
    assert (letter(database, first).state, letter(database, first).last_error) == ("dead", "HTTP 422")
    assert letter(database, second).state == "sent"


def test_a_receiver_that_is_gone_is_sent_nothing_until_it_is_enabled_again(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    receiver.script.append(Script(410))
    sink_id = add_webhook(database, receiver)
    put_many(database, sink_id, 3)
    courier.deliver_due()
    clock.pass_s(86_400)
    courier.deliver_due()
    assert len(receiver.requests) == 1
    assert states(database) == {"dead": 1, "waiting": 2}
    with database.writing() as connection:
        sinks.set_enabled(connection, sink_id, enabled=True)
        assert letters.replay_all(connection, clock()) == 1
    courier.deliver_due()
    assert states(database) == {"sent": 3}


def test_while_a_sink_rests_its_letters_lose_no_try_and_all_go_when_it_is_back(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    sink_id = add_webhook(database, receiver)
    receiver.down()
    put_many(database, sink_id, 20)
    for _ in range(360):
        courier.deliver_due()
        clock.pass_s(10)
    with database.reading() as connection:
        tried = [row.attempts for row in letters.every(connection)]
    assert sum(tried) < 40, "a rest of up to five minutes between tries, after the first few"
    assert states(database) == {"waiting": 20}

    receiver.up()
    clock.pass_s(301)
    courier.deliver_due()
    assert states(database) == {"sent": 20}
    assert len(receiver.taken) == len(receiver.ids) == 20


def test_a_redirect_to_the_metadata_service_is_not_followed_and_kills_the_letter(
    database: Database, receiver: WebhookReceiver, courier: Courier
) -> None:
    receiver.script.append(Script(302, {"Location": "http://169.254.169.254/latest/meta-data/"}))
    letter_id = put(database, add_webhook(database, receiver), 1)
    courier.deliver_due()
    assert letter(database, letter_id).state == "dead"
    assert "redirects are not followed" in letter(database, letter_id).last_error


def test_a_name_that_leads_home_is_refused_unless_the_sink_or_the_hub_allows_it(
    database: Database, receiver: WebhookReceiver, clock: Clock
) -> None:
    egress = Egress(resolve=lambda host, port: ["127.0.0.1"])
    url = f"http://hook.example:{receiver.port}/"
    strict = add_webhook(database, receiver, url=url, allow_private=False)
    refused = put(database, strict, 1)
    courier_on(database, clock, egress=egress).deliver_due()
    assert letter(database, refused).state == "dead"
    assert "not a public address" in letter(database, refused).last_error
    assert receiver.requests == []

    allowed = put(database, add_webhook(database, receiver, url=url), 2)
    courier_on(database, clock, egress=egress).deliver_due()
    also = put(database, strict, 3)
    courier_on(database, clock, egress=egress, allow_private=True).deliver_due()
    assert receiver.ids == [allowed, also]


def test_a_firing_that_the_resolution_has_overtaken_is_not_sent(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    sink_id = add_webhook(database, receiver)
    receiver.script.append(Script(500))
    firing = put(database, sink_id, 1)
    courier.deliver_due()
    clock.pass_s(2)
    resolved = put(database, sink_id, 1, state="resolved", at=clock())
    other = put(database, sink_id, 2, at=clock())
    courier.deliver_due()
    assert receiver.ids == [firing, resolved, other]
    assert letter(database, firing).state == "superseded"
    assert letter(database, resolved).state == letter(database, other).state == "sent"


def test_firing_goes_before_resolved_when_both_wait(
    database: Database, receiver: WebhookReceiver, courier: Courier
) -> None:
    sink_id = add_webhook(database, receiver)
    resolved = put(database, sink_id, 1, state="resolved", at=START - 1_000)
    firing = put(database, sink_id, 1, at=START - 2_000)
    courier.deliver_due()
    assert receiver.ids == [firing, resolved]


def test_a_letter_in_anothers_hands_is_left_until_the_lease_has_lapsed(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    first, second = put_many(database, add_webhook(database, receiver), 2)
    with database.writing() as connection:
        letters.lease(connection, [first], "courier-gone", START + 30_000)
    courier.deliver_due()
    assert receiver.requests == [], "one request at a time to a sink, whoever makes it"
    clock.pass_s(30)
    courier.deliver_due()
    assert receiver.ids == [first, second]


def test_sent_letters_are_forgotten_after_ninety_days_and_dead_ones_are_not(
    database: Database, receiver: WebhookReceiver, courier: Courier, clock: Clock
) -> None:
    receiver.script.append(Script(400))
    sink_id = add_webhook(database, receiver)
    put_many(database, sink_id, 3)
    courier.deliver_due()
    clock.pass_s(90 * 86_400)
    assert courier.tidy() == 0
    waiting = put(database, sink_id, 9, at=clock())
    clock.pass_s(1)
    assert courier.tidy() == 2
    assert states(database) == {"dead": 1, "waiting": 1}
    assert outcomes(database, waiting) == []


@pytest.fixture
def running(database: Database) -> Iterator[list[Courier]]:
    couriers: list[Courier] = []
    yield couriers
    for courier in couriers:
        courier.stop()


def test_a_slow_receiver_holds_up_nobody_else(
    database: Database, webhook_receiver: WebhookReceiver, running: list[Courier]
) -> None:
    with WebhookReceiver() as slow:
        slow.script.append(Script(204, wait_s=1.5))
        put(database, add_webhook(database, slow), 99)
        put_many(database, add_webhook(database, webhook_receiver), 10)
        running.append(Courier(database, now=lambda: round(time.time() * 1_000)))
        running[0].start()
        began = time.monotonic()
        webhook_receiver.wait_for(10)
        assert time.monotonic() - began < 1.4
        assert threading.active_count() < 40
        slow.wait_for(1)


def test_two_couriers_send_each_letter_once(
    database: Database, webhook_receiver: WebhookReceiver, running: list[Courier]
) -> None:
    for _ in range(3):
        sink_id = add_webhook(database, webhook_receiver)
        for number in range(10):
            put(database, sink_id, sink_id * 100 + number)
    running += [Courier(database, now=lambda: round(time.time() * 1_000), poll_s=0.05) for _ in range(2)]
    for courier in running:
        courier.start()
    webhook_receiver.wait_for(30)
    deadline = time.monotonic() + 5
    while states(database) != {"sent": 30} and time.monotonic() < deadline:
        time.sleep(0.02)
    assert states(database) == {"sent": 30}
    assert sorted(webhook_receiver.ids) == sorted(set(webhook_receiver.ids))
    assert sum(courier.failures for courier in running) == 0


def test_a_woken_courier_sends_at_once(
    database: Database, webhook_receiver: WebhookReceiver, running: list[Courier]
) -> None:
    sink_id = add_webhook(database, webhook_receiver)
    running.append(Courier(database, now=lambda: round(time.time() * 1_000), poll_s=30))
    running[0].start()
    time.sleep(0.1)
    put(database, sink_id, 1, at=round(time.time() * 1_000))
    began = time.monotonic()
    running[0].wake()
    webhook_receiver.wait_for(1)
    assert time.monotonic() - began < 1
