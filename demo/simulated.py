"""Simulated terminals: the very code of a kiosk's line (`link`), with a crowd in place of a finger.

In: identity files. Out: taps kept in real outboxes and sent over real MQTT, until the process is stopped.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event, Thread

import structlog

from demo import characters, crowd
from link import questionnaire
from link.identity import Identity
from link.machine import MachineClock
from link.messages import Config
from link.outbox import Answer, Outbox, OutboxFull
from link.uplink import Uplink

SOFTWARE = "taploop-simulated 0.1"


@dataclass(slots=True)
class _Asking:
    """What the terminal asks, as the hub's last config said."""

    questionnaire: str = ""
    question: str = ""
    scale: str = ""

    def take(self, config: Config) -> str | None:
        try:
            asked = questionnaire.decode(bytes(config.questionnaire))
        except questionnaire.BadQuestionnaire as error:
            return str(error)
        first = asked.questions[0]
        self.questionnaire, self.question, self.scale = asked.name, first.id, first.scale.id
        return None


class SimulatedTerminal:
    """One terminal; `run` taps until `stopping` is set."""

    def __init__(self, identity_file: Path, average_s: float, stopping: Event) -> None:
        identity = Identity.load(identity_file)
        self._clock = MachineClock()
        self._outbox = Outbox.open(identity_file.parent / "outbox.db", machine=identity.terminal)
        self._asking = _Asking()
        self._uplink = Uplink(
            identity,
            self._outbox,
            self._clock,
            software=SOFTWARE,
            on_config=self._asking.take,
            on_change=lambda: None,
        )
        self._chance = Random(identity.terminal)  # noqa: S311 a crowd, not a secret
        self._average_s, self._stopping = average_s, stopping
        place = next((t for t in characters.SIMULATED if t.terminal == identity.terminal), characters.KIOSK)
        self._character = characters.character_of(place.touchpoint)

    def run(self) -> None:
        """Connect, tap like a crowd, and on the way out leave what is not sent in the outbox."""
        self._uplink.start()
        while not self._stopping.wait(crowd.pause(self._average_s, self._chance)):
            if self._asking.questionnaire:
                self._tap()
        self._uplink.stop()
        self._outbox.close()

    def _tap(self) -> None:
        upset = self._character.upset_now
        upset = self._character.upset_on(0) if upset is None else upset
        rating = crowd.rating(upset, self._chance)
        asked = self._asking
        answer = Answer(asked.questionnaire, asked.question, asked.scale, rating, layout="haochaping-5")
        try:
            self._outbox.keep(answer, self._clock.read())
        except OutboxFull:
            return  # the uplink tells the hub; the crowd goes on
        self._uplink.wake()


def run(identity_files: Sequence[Path], average_s: float) -> None:
    """Run these terminals in this process until SIGINT or SIGTERM."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    crowd_of = [SimulatedTerminal(file, average_s, stopping) for file in identity_files]
    threads = [Thread(target=one.run, name=f"terminal-{n}") for n, one in enumerate(crowd_of)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
