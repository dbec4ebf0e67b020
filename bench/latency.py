"""Tap → receipt on the terminal, and tap → alert at a webhook on loopback, while 100 taps a second flow.

Everything real: outbox, MQTT through Mosquitto, hub with all roles, an HTTP receiver in this process.
"""

from __future__ import annotations

import http.server
import json
import logging
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import structlog

from bench import rig as rigs
from bench.figures import Figure, quantile
from hub.alerts.rules import BadShare
from hub.store import alert_rules, questionnaires, sinks, touchpoints
from hub.store import placements as placings
from hub.store import terminals as fleet
from hub.store.database import Database
from link import messages, topics
from link.identity import Identity
from link.machine import MachineClock
from link.messages import Range
from link.outbox import Answer, Outbox
from link.questionnaire import FACES_5, Question, Questionnaire
from link.session import Address, Session
from link.uplink import Uplink

TERMINALS = 10
TAPS_PER_SECOND = 100
SECONDS = 20
ALERTS = 60
BAD_TAPS = 4


class TimedOutbox(Outbox):
    """An outbox that notes when each tap was kept and when its receipt settled it."""

    def __init__(self, path: Path, machine: str) -> None:
        super().__init__(path, machine=machine)
        self.kept_at: dict[int, float] = {}
        self.waits_ms: list[float] = []

    def settle(self, ranges: Iterable[Range], *, store: str | None = None, at: int = 0) -> int:
        """As the outbox does, and note the time."""
        ranges = tuple(ranges)
        settled = super().settle(ranges, store=store, at=at)
        now = time.perf_counter()
        for first, last in ranges:
            for seq in range(first, last + 1):
                if seq in self.kept_at:
                    self.waits_ms.append((now - self.kept_at.pop(seq)) * 1000)
        return settled


class Receiver(http.server.ThreadingHTTPServer):
    """Answers 204 and notes when the first letter about each touchpoint came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.came_at: dict[str, float] = {}


class _Answers(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.came_at.setdefault(str(body["subject"]), time.perf_counter())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing; the figures speak."""


def measure() -> list[Figure]:
    """p50 and p99 of both, in milliseconds."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rig = rigs.make(folder, TERMINALS)
        receiver = Receiver()
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        alarms = _prepare_alarms(rig, receiver.server_address[1])
        with rigs.mosquitto(rig), rigs.hub(rig, roles="ingest,watch,courier,web"):
            outboxes, stop = _background(rig)
            time.sleep(2)
            alerted = _raise_alarms(rig, alarms, receiver)
            stop()
        receiver.shutdown()
        receiver.server_close()
    receipts = [wait for outbox in outboxes for wait in outbox.waits_ms]
    return [
        *_lines(f"tap → receipt at {TAPS_PER_SECOND} taps/s ({len(receipts)} taps)", receipts, "≤ 10 ms"),
        *_lines(f"tap → alert at a webhook ({len(alerted)} of {ALERTS} alerts)", alerted, "≤ 250 ms"),
    ]


def _lines(what: str, values: list[float], aim: str) -> list[Figure]:
    return [
        Figure(f"{what}, p50", f"{quantile(values, 0.5):.1f} ms"),
        Figure(f"{what}, p99", f"{quantile(values, 0.99):.1f} ms", aim=aim),
    ]


def _prepare_alarms(rig: rigs.Rig, receiver_port: int) -> dict[str, int]:
    """A touchpoint with a terminal of its own for each alert to be; one rule over all; one webhook."""
    found: dict[str, int] = {}
    asked = Questionnaire(
        "lobby", 1, {"zh-CN": "大堂"}, (Question("satisfied", {"zh-CN": "满意吗？"}, FACES_5),)
    )
    database = Database(f"sqlite:///{rig.database}")
    with database.writing() as connection:
        questionnaires.publish(connection, asked, 1)
        root = touchpoints.create(connection, site_id=1, kind="scenario", name={"zh-CN": "电梯"})
        for number in range(ALERTS):
            leaf = touchpoints.create(
                connection, site_id=1, kind="touchpoint", name={"zh-CN": f"客梯 {number}"}, parent_id=root
            )
            terminal = fleet.create(connection, terminal_id=f"alarm-{number}", kind="kiosk", now=1)
            placings.place_terminal(connection, terminal, leaf, 1)
            found[f"alarm-{number}"] = leaf
        alert_rules.create(
            connection, touchpoint_id=root, name="差评", setting=BadShare(min_answers=BAD_TAPS), now=1
        )
        sinks.create(
            connection,
            kind="webhook",
            name="bench",
            url=f"http://127.0.0.1:{receiver_port}/",
            secret="whsec_" + "YmVuY2hiZW5jaGJlbmNoYmVuY2hiZW5jaGJlbmNo",
            allow_private=True,
            now=1,
        )
    database.close()
    return found


def _background(rig: rigs.Rig) -> tuple[list[TimedOutbox], object]:
    """Ten terminals that tap a hundred times a second in all; returns their outboxes and how to stop them."""
    clock, stopping = MachineClock(), threading.Event()
    outboxes, uplinks, threads = [], [], []

    def tap(outbox: TimedOutbox, uplink: Uplink) -> None:
        due = time.perf_counter()
        while not stopping.is_set():
            kept = time.perf_counter()
            seq = outbox.keep(Answer("bench@1", "satisfied", "faces-5", 5), clock.read()).seq
            outbox.kept_at[seq] = kept
            uplink.wake()
            due += TERMINALS / TAPS_PER_SECOND
            stopping.wait(max(0.0, due - time.perf_counter()))

    for name in rig.terminals:
        outbox = TimedOutbox(rig.folder / f"{name}.db", name)
        uplink = Uplink(
            Identity(name, rigs.SECRET, "127.0.0.1", rig.mqtt_port),
            outbox,
            clock,
            software="bench",
            on_config=lambda _config: None,
            on_change=lambda: None,
        )
        uplink.start()
        outboxes.append(outbox)
        uplinks.append(uplink)
        threads.append(threading.Thread(target=tap, args=(outbox, uplink), daemon=True))
    time.sleep(2)
    for thread in threads:
        thread.start()

    def stop() -> None:
        stopping.set()
        for thread in threads:
            thread.join()
        time.sleep(0.5)
        for uplink, outbox in zip(uplinks, outboxes, strict=True):
            uplink.stop()
            outbox.close()

    return outboxes, stop


def _raise_alarms(rig: rigs.Rig, alarms: dict[str, int], receiver: Receiver) -> list[float]:
    """Four bad taps at one touchpoint after the other; ms from each fourth tap to its letter."""
    up = threading.Event()
    session = Session(
        Address("127.0.0.1", rig.mqtt_port),
        user="bench-alarms",
        password=rigs.SECRET,
        will=None,
        on_up=up.set,
        on_down=lambda _why: None,
        on_message=lambda _incoming: None,
    )
    session.start()
    up.wait(10)
    fourth_at: dict[str, float] = {}
    clock = MachineClock()
    with tempfile.TemporaryDirectory() as folder:
        for terminal, leaf in alarms.items():
            outbox = Outbox.open(Path(folder) / f"{terminal}.db", machine=terminal)
            for _ in range(BAD_TAPS):
                fourth_at[str(leaf)] = time.perf_counter()
                reading = clock.read()
                tap = outbox.keep(Answer("lobby@1", "satisfied", "faces-5", 1), reading)
                batch = messages.TapBatch(
                    1, outbox.store, reading.boot, reading.uptime, reading.wall, True, (tap,)
                )
                session.publish(topics.taps(terminal), messages.encode(batch))
            outbox.close()
            time.sleep(SECONDS / ALERTS)
    time.sleep(2)
    session.stop()
    return [
        (receiver.came_at[subject] - at) * 1000
        for subject, at in ((_subject(leaf, receiver), at) for leaf, at in fourth_at.items())
        if subject
    ]


def _subject(leaf: str, receiver: Receiver) -> str:
    return next((subject for subject in receiver.came_at if subject.rsplit("/", 1)[-1] == leaf), "")
