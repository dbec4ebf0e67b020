"""What a kiosk has the line carry beside plain taps: urgent ones, keys of the rotating QR, counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from link import messages, topics
from link.answer import Answer
from link.messages import Command
from tests.link.test_uplink import ME, NEVER, Terminal
from tests.peers.mosquitto import Broker, StartMosquitto
from tests.peers.small_hub import SmallHub, wait_for

KEY = "00112233445566778899aabbccddeeff"
KEY_COMMAND = Command(1, "c-key", "door_key", NEVER, key=KEY, label="7K3QX9TF", valid_until=NEVER)


@pytest.fixture
def broker(mosquitto: StartMosquitto) -> Broker:
    return mosquitto()


@pytest.fixture
def hub(broker: Broker) -> Iterator[SmallHub]:
    hub = SmallHub(broker.port)
    yield hub
    hub.stop()


@pytest.fixture
def start(broker: Broker, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    started: list[Terminal] = []

    def start(**options: object) -> Terminal:
        started.append(Terminal(tmp_path / "outbox.db", broker.port, **options))
        return started[-1]

    yield start
    for terminal in started:
        terminal.close()


def test_an_urgent_tap_overtakes_a_backlog_and_what_it_amends_follows(
    hub: SmallHub, start: Callable[..., Terminal]
) -> None:
    """TL-TAP-15"""
    terminal = start(drain_per_s=5)
    terminal.tap(1_500)
    urgent = Answer(
        "lobby@1",
        "satisfied",
        "faces-5",
        1,
        amends=1_500,
        reasons=("trapped",),
        slip="7K3QX9TF2MZA",
        urgent=True,
    )
    tap = terminal.outbox.keep(urgent, terminal.clock.read())
    terminal.uplink.start()
    wait_for(terminal.drained)
    first, *others = [batch.taps for _, batch in hub.batches]
    assert first == (tap,)
    assert [tap.seq for taps in others for tap in taps] == list(range(1, 1_501))
    assert set(hub.copies.values()) == {1}


def test_a_door_key_is_handed_on_and_stands_in_no_log(hub: SmallHub, start: Callable[..., Terminal]) -> None:
    """TL-CMD-04"""
    given: list[Command] = []
    terminal = start(on_door_key=given.append)
    with capture_logs() as lines:
        terminal.uplink.start()
        wait_for(lambda: terminal.uplink.status().connected)
        assert hub.command(ME, KEY_COMMAND).ok
        wrong = messages.encode(KEY_COMMAND).replace(b'"7K3QX9TF"', b'"far too long for a label"')
        hub.say_raw(topics.commands(ME), wrong)
        wait_for(lambda: len(hub.replies) == 2)
    assert given == [KEY_COMMAND]
    assert not hub.replies[1].ok
    assert "label" in hub.replies[1].error
    assert lines
    assert KEY not in str(lines) + hub.replies[1].error + terminal.uplink.status().last_error


@pytest.mark.parametrize(
    ("options", "why"),
    [({}, "rotating QR"), ({"on_door_key": lambda _command: "the key is no hexadecimal"}, "no hexadecimal")],
)
def test_a_door_key_that_is_of_no_use_is_refused_with_the_reason(
    hub: SmallHub, start: Callable[..., Terminal], options: dict[str, object], why: str
) -> None:
    terminal = start(**options)
    terminal.uplink.start()
    wait_for(lambda: terminal.uplink.status().connected)
    reply = hub.command(ME, KEY_COMMAND)
    assert not reply.ok
    assert why in reply.error


def test_touches_that_became_no_tap_are_told_by_reason(hub: SmallHub, start: Callable[..., Terminal]) -> None:
    """TL-STATE-05"""
    counts = {"duplicate": 1}
    terminal = start(counts=lambda: counts, duplicate_touches=lambda: 1)
    terminal.uplink.start()
    wait_for(lambda: hub.states)
    assert (hub.last(ME).counts, hub.last(ME).duplicate_touches) == ({"duplicate": 1}, 1)
    counts["slid_off"] = 4
    assert hub.command(ME, Command(1, "c-1", "report", NEVER)).ok
    wait_for(lambda: hub.last(ME).counts == {"duplicate": 1, "slid_off": 4})
