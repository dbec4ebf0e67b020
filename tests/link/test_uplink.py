"""A terminal's end of the line over a real Mosquitto, with a small hub at the other end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from link import topics
from link.answer import Answer
from link.clock import Reading
from link.identity import Identity
from link.machine import MachineClock
from link.messages import Command, Config
from link.outbox import Outbox
from link.uplink import Uplink
from tests.peers.mosquitto import Broker, StartMosquitto
from tests.peers.small_hub import SmallHub, wait_for

ME = "lobby-1"
ANSWER = Answer("lobby@1", "satisfied", "faces-5", 4)
NEVER = 2**50


class Terminal:
    """Outbox and uplink as a kiosk has them."""

    def __init__(self, path: Path, port: int, *, name: str = ME, clock: object = None, **options) -> None:
        self.clock = clock or MachineClock(trust=True)
        self.outbox = Outbox.open(path, machine=options.pop("machine", "board-1"), terminal=name)
        self.configs: list[Config] = []
        self.refuses_config: str | None = None
        self.changes = 0
        self.uplink = Uplink(
            Identity(name, options.pop("password", "secret"), "127.0.0.1", port),
            self.outbox,
            self.clock,
            software="test 1",
            on_config=self._take,
            on_change=self._changed,
            retry_first_s=0.1,
            retry_most_s=0.3,
            **options,
        )

    def tap(self, times: int = 1) -> None:
        for _ in range(times):
            self.outbox.keep(ANSWER, self.clock.read())
            self.uplink.wake()

    def drained(self) -> bool:
        return self.uplink.status().pending == 0

    def close(self) -> None:
        self.uplink.stop()
        self.outbox.close()

    def _take(self, config: Config) -> str | None:
        self.configs.append(config)
        return self.refuses_config

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def broker(mosquitto: StartMosquitto) -> Broker:
    return mosquitto()


@pytest.fixture
def hub(broker: Broker) -> Iterator[SmallHub]:
    hub = SmallHub(broker.port)
    yield hub
    hub.stop()


@pytest.fixture
def terminal(broker: Broker, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "outbox.db", broker.port)
    yield terminal
    terminal.close()


def test_a_tap_is_settled_when_the_hub_has_committed_it(hub: SmallHub, terminal: Terminal) -> None:
    terminal.uplink.start()
    wait_for(lambda: terminal.uplink.status().connected)
    terminal.tap(3)
    wait_for(terminal.drained)
    assert [key[1:] for key in hub.taps] == [(terminal.outbox.store, seq) for seq in (1, 2, 3)]
    status = terminal.uplink.status()
    assert (status.hub_online, status.troubles, status.last_error) == (True, (), "")
    assert status.last_receipt_at > 0
    assert terminal.changes


def test_taps_made_before_the_line_was_up_are_sent_oldest_first(hub: SmallHub, terminal: Terminal) -> None:
    terminal.tap(250)
    terminal.uplink.start()
    wait_for(terminal.drained)
    assert [len(batch.taps) for _, batch in hub.batches] == [100, 100, 50]
    assert [tap.seq for _, batch in hub.batches for tap in batch.taps] == list(range(1, 251))


def test_a_broker_that_is_away_for_the_whole_run_loses_nothing(broker: Broker, terminal: Terminal) -> None:
    broker.kill()
    terminal.uplink.start()
    terminal.tap(120)
    wait_for(lambda: terminal.uplink.status().last_error)
    assert (terminal.uplink.status().connected, terminal.uplink.status().pending) == (False, 120)
    broker.start()
    hub = SmallHub(broker.port)
    wait_for(terminal.drained)
    assert hub.has(ME) == 120
    hub.stop()


def test_a_broker_that_falls_and_comes_back_all_the_time_loses_nothing(
    broker: Broker, hub: SmallHub, terminal: Terminal
) -> None:
    terminal.uplink.start()
    for _ in range(4):
        terminal.tap(30)
        broker.restart()
        time.sleep(0.2)
    wait_for(terminal.drained, 30)
    assert hub.has(ME) == 120


# TL-RCPT-03 TL-RCPT-06
def test_a_hub_that_is_away_is_noticed_told_and_made_good(broker: Broker, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "outbox.db", broker.port, no_receipts_after_s=0.5)
    terminal.uplink.start()
    terminal.tap(10)  # the broker acknowledges and throws away: nobody has subscribed
    wait_for(lambda: "no_receipts" in terminal.uplink.status().troubles)
    assert terminal.uplink.status().pending == 10
    hub = SmallHub(broker.port)
    hub.online(True)
    wait_for(terminal.drained)
    wait_for(lambda: terminal.uplink.status().troubles == ())
    wait_for(lambda: hub.states and hub.last(ME).troubles == ())
    assert (hub.has(ME), hub.copies.total()) == (10, 10)
    terminal.close()
    hub.stop()


def test_a_hub_that_comes_back_is_sent_the_rest_at_once(broker: Broker, terminal: Terminal) -> None:
    hub = SmallHub(broker.port)
    hub.online(True, at=1)
    terminal.uplink.start()
    wait_for(lambda: terminal.uplink.status().hub_online)
    hub.online(False, at=2)
    wait_for(lambda: not terminal.uplink.status().hub_online)
    hub.stop()
    terminal.tap(5)
    time.sleep(5)  # two times sent in vain: the third would come 8 s after the first
    back = SmallHub(broker.port)
    began = time.monotonic()
    back.online(True, at=3)
    wait_for(terminal.drained)
    assert time.monotonic() - began < 1.0
    assert back.has(ME) == 5
    back.stop()


ACL = """
user hub
topic read taploop/1/+/up/+
topic write taploop/1/+/down/+

pattern read taploop/1/%u/down/+
pattern read taploop/1/all/down/hub
pattern write taploop/1/%u/up/state
"""


def test_a_broker_that_forbids_taps_is_told_by_its_reason_on_mqtt_5(
    mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    broker = mosquitto(users={ME: "secret", "hub": "hub-password"}, acl=ACL)
    terminal = Terminal(tmp_path / "outbox.db", broker.port)
    terminal.tap()
    terminal.uplink.start()
    wait_for(lambda: "no_receipts" in terminal.uplink.status().troubles, 5)
    assert terminal.uplink.status().last_error == f"the broker refuses {topics.taps(ME)}: Not authorized"
    assert terminal.uplink.status().pending == 1
    terminal.close()


def test_a_broker_that_swallows_taps_on_mqtt_3_1_1_is_noticed_by_the_missing_receipts(
    mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    broker = mosquitto(users={ME: "secret", "hub": "hub-password"}, acl=ACL)
    hub = SmallHub(broker.port)
    terminal = Terminal(tmp_path / "outbox.db", broker.port, no_receipts_after_s=0.5, protocol="3.1.1")
    terminal.tap()
    terminal.uplink.start()
    wait_for(lambda: "no_receipts" in terminal.uplink.status().troubles, 5)
    assert terminal.uplink.status().pending == 1
    # this Mosquitto hangs up after each refusal, so between two births the will is heard
    wait_for(lambda: any(state.troubles == ("no_receipts",) for _, state in hub.states))
    assert hub.taps == {}
    terminal.close()
    hub.stop()


def test_the_same_receipt_twice_changes_nothing(hub: SmallHub, terminal: Terminal) -> None:
    hub.receipts_per_batch = 3
    terminal.uplink.start()
    terminal.tap(20)
    wait_for(terminal.drained)
    time.sleep(0.2)
    figures = terminal.outbox.figures(terminal.clock.read())
    assert (figures.pending_count, figures.refused_count, figures.last_seq) == (0, 0, 20)
    assert terminal.uplink.status().last_error == ""


# TL-RCPT-05
def test_a_poison_tap_is_found_by_halving_and_blocks_nobody(hub: SmallHub, terminal: Terminal) -> None:
    hub.cannot_read = lambda tap: tap.seq in (37, 38, 140)
    terminal.tap(160)
    terminal.uplink.start()
    wait_for(terminal.drained)
    assert hub.has(ME) == 157
    assert terminal.outbox.figures(terminal.clock.read()).refused_count == 3
    wait_for(lambda: "cannot read" in terminal.uplink.status().last_error)
    assert len(hub.batches) < 40


# TL-RCPT-04
def test_a_tap_that_the_hub_refuses_is_set_aside_with_its_reason(hub: SmallHub, terminal: Terminal) -> None:
    hub.refuses = lambda tap: "no such questionnaire" if tap.seq == 2 else ""
    terminal.uplink.start()
    terminal.tap(3)
    wait_for(terminal.drained)
    assert hub.has(ME) == 2
    wait_for(lambda: terminal.uplink.status().last_error == "tap 2 was refused: no such questionnaire")


def test_two_terminals_with_one_cloned_store_count_every_tap_once(
    broker: Broker, hub: SmallHub, tmp_path: Path
) -> None:
    first = Terminal(tmp_path / "outbox.db", broker.port)
    first.tap(8)
    first.close()
    for name in ("", "-wal"):
        source = tmp_path / f"outbox.db{name}"
        if source.exists():
            (tmp_path / f"clone.db{name}").write_bytes(source.read_bytes())
    first = Terminal(tmp_path / "outbox.db", broker.port)
    clone = Terminal(tmp_path / "clone.db", broker.port, machine="board-2")
    other = tmp_path / "other.db"
    other.write_bytes((tmp_path / "clone.db").read_bytes())
    renamed = Terminal(other, broker.port, machine="board-3", name="lobby-2")
    first.tap(2)
    for copy in (clone, renamed):
        copy.tap(3)
    for one in (first, clone, renamed):  # one after the other: two of them have the same client id
        one.uplink.start()
        wait_for(one.drained)
        one.close()
    assert hub.has(ME) == 8 + 2 + 3
    assert hub.has("lobby-2") == 3
    assert {count for key, count in hub.copies.items() if key[2] <= 8} <= {1, 2}


class BrokenClock:
    """A board without a battery: it is 1970 again, and the uptime is small."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def read(self) -> Reading:
        uptime = int((time.monotonic() - self._began) * 1000)
        return Reading("boot-9", uptime, uptime, trusted=False, day=0)


# TL-CLK-01
def test_taps_made_in_1970_travel_untrusted_and_without_a_day(
    broker: Broker, hub: SmallHub, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path / "outbox.db", broker.port, clock=BrokenClock())
    terminal.uplink.start()
    terminal.tap(2)
    wait_for(terminal.drained)
    (_, batch) = hub.batches[0]
    assert (batch.trusted, batch.taps[0].trusted, batch.taps[0].day) == (False, False, 0)
    assert batch.uptime - batch.taps[0].uptime < 2_000
    assert hub.last(ME).troubles == ("clock_untrusted",)
    assert terminal.uplink.status().troubles == ("clock_untrusted",)
    terminal.close()


# TL-STATE-01 TL-STATE-04
def test_birth_heartbeat_and_goodbye_carry_one_session_and_the_claim(
    hub: SmallHub, terminal: Terminal
) -> None:
    terminal.uplink.start()
    wait_for(lambda: hub.states)
    terminal.tap(4)
    wait_for(terminal.drained)
    terminal.close()
    wait_for(lambda: hub.last(ME).kind == "will")
    kinds = [state.kind for _, state in hub.states]
    assert (kinds[0], kinds[-1]) == ("birth", "will")
    assert len({state.session for _, state in hub.states}) == 1
    said = hub.last(ME)
    assert said.store is not None
    assert (said.store.store, said.store.last_seq, said.store.pending_count) == (terminal.outbox.store, 4, 0)
    assert sum(day.made for day in said.store.days) == 4
    assert (said.software, said.disk_free > 0) == ("test 1", True)


def test_a_terminal_that_vanishes_is_spoken_for_by_its_will(
    broker: Broker, hub: SmallHub, terminal: Terminal
) -> None:
    terminal.uplink.start()
    wait_for(lambda: hub.states)
    born = hub.last(ME)
    rival = Terminal(terminal.outbox.path.parent / "rival.db", broker.port)
    rival.uplink.start()  # the same client id: the broker cuts the first one off
    wait_for(lambda: any(state.kind == "will" for _, state in hub.states))
    will = next(state for _, state in hub.states if state.kind == "will")
    assert will.session == born.session
    assert will.store is None
    rival.close()


def test_an_old_store_is_claimed_beside_the_current_one(
    broker: Broker, hub: SmallHub, tmp_path: Path
) -> None:
    first = Terminal(tmp_path / "outbox.db", broker.port)
    first.tap(2)
    first.close()
    moved = Terminal(tmp_path / "outbox.db", broker.port, machine="board-2")
    moved.tap(1)
    moved.uplink.start()
    wait_for(moved.drained)
    claimed = {state.store.store: state.store.last_seq for _, state in hub.states if state.store}
    assert claimed == {first.outbox.store: 2, moved.outbox.store: 1}
    assert hub.last(ME).store.store == moved.outbox.store
    assert hub.last(ME).troubles == ("store_replaced",)
    moved.close()


def test_a_config_comes_into_force_once_and_is_told(hub: SmallHub, terminal: Terminal) -> None:
    config = Config(1, 5, questionnaire=msgspec.Raw(b'{"id":"lobby"}'), heartbeat_after=60)
    hub.configure(ME, config)
    terminal.uplink.start()
    wait_for(lambda: hub.states and hub.last(ME).config_revision == 5)
    hub.configure(ME, config)
    hub.configure(ME, Config(1, 6))
    wait_for(lambda: terminal.uplink.status().config_revision == 6)
    assert [one.revision for one in terminal.configs] == [5, 6]


# TL-CONF-01
def test_a_config_that_is_refused_is_answered_with_the_reason(hub: SmallHub, terminal: Terminal) -> None:
    terminal.refuses_config = "题目 satisfied 没有量表"
    hub.configure(ME, Config(1, 7))
    terminal.uplink.start()
    wait_for(lambda: hub.replies)
    assert (hub.replies[0].id, hub.replies[0].ok) == ("config-7", False)
    assert hub.replies[0].error == "题目 satisfied 没有量表"
    assert terminal.uplink.status().config_revision == 0


def test_rubbish_from_the_hub_disturbs_nothing(hub: SmallHub, terminal: Terminal) -> None:
    terminal.uplink.start()
    wait_for(lambda: hub.states)
    for topic in (topics.receipts(ME), topics.config(ME), topics.commands(ME), topics.hub_state()):
        hub.say_raw(topic, b"\xff nonsense")
    hub.say_raw(topics.receipts(ME), b'{"v":2,"store":"x"}')
    terminal.tap(2)
    wait_for(terminal.drained)
    assert hub.has(ME) == 2


# TL-CMD-01 TL-CMD-02
def test_commands_are_answered_and_an_expired_one_is_not_carried_out(
    hub: SmallHub, terminal: Terminal
) -> None:
    terminal.uplink.start()
    wait_for(lambda: hub.states)
    assert hub.command(ME, Command(1, "c-1", "ping", NEVER)).ok
    heard = len(hub.states)
    assert hub.command(ME, Command(1, "c-2", "report", NEVER)).ok
    wait_for(lambda: len(hub.states) > heard)
    late = hub.command(ME, Command(1, "c-3", "ping", 1_000))
    assert (late.ok, late.error) == (False, "expired before it arrived")
    hub.say_raw(topics.commands(ME), b'{"v":1,"id":"c-4","op":"dance","expires_at":1}')
    wait_for(lambda: any(reply.id == "c-4" and not reply.ok for reply in hub.replies))


# TL-CMD-03
def test_a_hub_restored_from_a_backup_gets_its_taps_again(hub: SmallHub, terminal: Terminal) -> None:
    terminal.uplink.start()
    terminal.tap(30)
    wait_for(terminal.drained)
    lost = [key for key in hub.taps if 11 <= key[2] <= 20]
    for key in lost:
        del hub.taps[key]
    assert hub.command(ME, Command(1, "c-1", "resend", NEVER, terminal.outbox.store, ((11, 20),))).ok
    wait_for(lambda: hub.has(ME) == 30)
    wait_for(terminal.drained)
    unknown = hub.command(ME, Command(1, "c-2", "resend", NEVER, "elsewhere", ((1, 2),)))
    assert not unknown.ok


def test_live_taps_are_not_starved_by_a_backlog(broker: Broker, hub: SmallHub, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "outbox.db", broker.port, drain_per_s=2.0)
    terminal.tap(2000)
    terminal.uplink.start()
    wait_for(lambda: hub.has(ME) >= 800)
    began = time.monotonic()
    terminal.tap()
    wait_for(lambda: (ME, terminal.outbox.store, 2001) in hub.taps)
    assert time.monotonic() - began < 0.5
    assert hub.has(ME) < 1500
    terminal.close()
