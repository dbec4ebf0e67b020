"""A hub on a Mosquitto outside, set up with nothing but what the commands write."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.app import Hub
from hub.commands import taploop_hub
from hub.settings import load
from hub.store import ledger
from link.answer import Answer
from link.identity import Identity
from link.machine import MachineClock
from link.outbox import Outbox
from link.uplink import Uplink
from tests.peers.mosquitto import free_port, wait_for_port


def run(*words: str) -> str:
    done = CliRunner().invoke(taploop_hub, words)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """Mosquitto as an operator would start it; the hub's settings file."""
    file, port = tmp_path / "hub.toml", free_port()
    file.write_text(f'data_dir = "data"\nhttp_host = "127.0.0.1"\nhttp_port = 0\nmqtt_port = {port}\n')
    run("broker-config", "--for", "mosquitto", "--out", str(tmp_path / "broker"), "--settings", str(file))
    with file.open("a") as more:
        more.write('broker = "external"\nmqtt_password_file = "broker/hub-password"\nlog_level = "error"\n')
    run("upgrade", "--settings", str(file))
    words = ["terminal", "add", "--id", "k1", "--out", str(tmp_path / "k1.json"), "--hub-host", "127.0.0.1"]
    run(*words, "--mosquitto-passwords", str(tmp_path / "broker" / "passwords"), "--settings", str(file))
    conf = tmp_path / "broker" / "taploop.conf"
    conf.write_text("user root\n" + conf.read_text().replace("listener 1883", f"listener {port} 127.0.0.1"))
    log = tmp_path / "mosquitto.log"
    with log.open("wb") as words_of_it:
        process = subprocess.Popen(["mosquitto", "-c", str(conf)], stdout=words_of_it, stderr=words_of_it)
    try:
        wait_for_port(port, process, log)
        yield file
    finally:
        process.terminate()
        process.wait(10)


def test_taps_come_in_over_a_mosquitto_that_the_commands_have_set_up(outside: Path, tmp_path: Path) -> None:
    hub = Hub(load(outside))
    hub.start()
    outbox = Outbox.open(tmp_path / "outbox.db", machine="m1")
    clock = MachineClock(trust=True)
    uplink = Uplink(
        Identity.load(tmp_path / "k1.json"),
        outbox,
        clock,
        software="test",
        on_config=lambda _: None,
        on_change=lambda: None,
        retry_first_s=0.1,
    )
    uplink.start()
    try:
        outbox.keep(Answer("lobby@1", "q", "faces-5", 5), clock.read())
        uplink.wake()
        deadline = time.monotonic() + 15
        while outbox.pending() and time.monotonic() < deadline:
            time.sleep(0.02)
        with hub.parts.database.reading() as connection:
            (total,) = ledger.totals(connection)
        assert (total.terminal_id, total.received, total.missing) == ("k1", 1, 0)
        assert hub.troubles() == {}
    finally:
        uplink.stop()
        outbox.close()
        hub.stop()


def test_a_second_broker_config_leaves_the_hubs_password_as_it_is(outside: Path, tmp_path: Path) -> None:
    before = (tmp_path / "broker" / "passwords").read_text()
    run("broker-config", "--for", "mosquitto", "--out", str(tmp_path / "broker"), "--settings", str(outside))
    assert (tmp_path / "broker" / "passwords").read_text() == before
