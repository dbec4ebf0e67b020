"""What Prometheus may read: every metric of the hub with its help text.

In: a callable that reads plain numbers. Out: the text of /metrics. Nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

Readings = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One metric; counters end in `_total`."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str


METRICS: tuple[Line, ...] = (
    Line("taploop_messages_total", "counter", "MQTT messages received from terminals."),
    Line("taploop_taps_committed_total", "counter", "Taps committed for the first time."),
    Line("taploop_taps_duplicate_total", "counter", "Taps received again and dropped."),
    Line("taploop_taps_refused_total", "counter", "Taps that the hub will never take."),
    Line("taploop_quarantined_total", "counter", "Messages and taps set aside in quarantine."),
    Line("taploop_unknown_terminal_total", "counter", "Messages of terminals that the hub does not know."),
    Line("taploop_commits_total", "counter", "Commits of the intake."),
    Line("taploop_intake_waiting", "gauge", "Messages that wait for the intake's next commit."),
    Line("taploop_last_commit_age_seconds", "gauge", "Seconds since the intake last committed; -1 before."),
    Line("taploop_receipts_total", "counter", "Receipts handed to the broker."),
    Line("taploop_receipts_unsent_total", "counter", "Receipts not sent because the broker was away."),
    Line("taploop_states_total", "counter", "Births, heartbeats and wills taken in."),
    Line("taploop_states_dropped_total", "counter", "States dropped because too many waited."),
    Line("taploop_wrong_version_total", "counter", "Messages of another major version of the contract."),
    Line("taploop_refused_by_broker_total", "counter", "Topics that the broker forbade the hub."),
    Line("taploop_broker_connected", "gauge", "1 while the hub's session with the broker is up."),
    Line(
        "taploop_broker_sessions", "gauge", "Sessions open on the embedded broker, the hub's own among them."
    ),
    Line("taploop_terminals_online", "gauge", "Terminals online."),
    Line("taploop_taps_pending", "gauge", "Taps that terminals say they still hold."),
    Line("taploop_taps_missing", "gauge", "Taps that were made and are nowhere: look at the ledger."),
    Line("taploop_batches_waiting", "gauge", "Commits that the alert rules have not looked at yet."),
    Line("taploop_alerts_open", "gauge", "Alerts open now."),
    Line("taploop_letters_waiting", "gauge", "Letters not delivered yet."),
    Line("taploop_letters_dead", "gauge", "Letters given up; replay them when the sink is well."),
)


class _Hub(Collector):
    def __init__(self, read: Callable[[], Readings]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Every metric of which there is a reading now."""
        readings = self._read()
        for line in METRICS:
            if line.name not in readings:
                continue
            value = readings[line.name]
            if line.kind == "counter":
                yield CounterMetricFamily(line.name, line.help, value=value)
            else:
                yield GaugeMetricFamily(line.name, line.help, value=value)


class Exposition:
    """The hub's metrics with those of its process, in a registry of their own."""

    def __init__(self, read: Callable[[], Readings]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Hub(read))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def text(self) -> bytes:
        """What /metrics answers."""
        return generate_latest(self._registry)
