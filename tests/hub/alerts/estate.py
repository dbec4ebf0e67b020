"""A small estate in a store, taps put into it as the intake commits them, and a clock that a test moves."""

from __future__ import annotations

from itertools import count

from hub.alerts.rules import BadShare
from hub.alerts.watch import Watch
from hub.live import Live
from hub.store import (
    alert_rules,
    alerts,
    batches,
    letters,
    placements,
    questionnaires,
    sinks,
    sites,
    tap_writing,
    terminals,
    touchpoints,
)
from hub.store.alerts import AlertRow
from hub.store.database import Connection, Database
from hub.store.letters import LetterRow
from hub.store.tap_writing import Written
from link.questionnaire import FACES_5, Question, Questionnaire
from tests.peers.receiver import SECRET

START = 1_763_900_000_000
TERMINAL = "lobby-3"


class Estate:
    """A site with a tree of three levels, a default rule on its root, one sink."""

    def __init__(self, database: Database, now: int = START) -> None:
        self.database = database
        self.now = now
        self._seqs = count(1)
        with database.writing() as connection:
            name = {"zh-CN": "阳光花园", "en": "Sunshine Garden"}
            self.site = sites.create(connection, name=name, now=now)
            self.root = self._touchpoint(connection, "总体", None)
            self.lifts = self._touchpoint(connection, "电梯乘梯", self.root)
            self.lift = self._touchpoint(connection, "3号楼客梯A", self.lifts)
            self.gate = self._touchpoint(connection, "南门", self.root)
            asked = questionnaires.publish(
                connection, Questionnaire("lift", 1, {}, (Question("service", {}, FACES_5),)), now
            )
            self.questionnaire = asked.name
            self.question = questionnaires.question_no(connection, asked.name, "service", FACES_5.id)
            self.rule = alert_rules.default_for_site(connection, self.site, now)
            self.terminal = terminals.create(connection, terminal_id=TERMINAL, kind="kiosk", now=now)
            placements.place_terminal(connection, self.terminal, self.lift, now - 86_400_000)

    def _touchpoint(self, connection: Connection, name: str, parent: int | None) -> int:
        kind = "overall" if parent is None else "touchpoint"
        words = {"zh-CN": name}
        return touchpoints.create(connection, site_id=self.site, kind=kind, name=words, parent_id=parent)

    def __call__(self) -> int:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += round(seconds * 1_000)

    def add_sink(self, url: str = "http://127.0.0.1:9/", **options: object) -> int:
        with self.database.writing() as connection:
            choice = {"kind": "webhook", "name": "工单系统", "url": url, "secret": SECRET} | options
            return sinks.create(connection, allow_private=True, now=self.now, **choice)

    def tap(self, touchpoint: int, *ratings: int, at: int | None = None, flags: int = 0) -> None:
        """Commit one batch of taps, made at `at` (now), as the intake does."""
        self.commit([(touchpoint, rating, self.now if at is None else at, flags) for rating in ratings])

    def commit(self, taps: list[tuple[int, int, int, int]]) -> None:
        """Commit one batch of (touchpoint, rating, made at, flags)."""
        with self.database.writing() as connection:
            written = self.write(connection, taps)
            batches.add(connection, written.first_tap_id, written.last_tap_id, self.now)

    def write(self, connection: Connection, taps: list[tuple[int, int, int, int]]) -> Written:
        """Write taps without committing them."""
        rows = [
            (1, next(self._seqs), place, self.question, rating, made, 0, self.now, 0, flags, 20251123, "")
            for place, rating, made, flags in taps
        ]
        return tap_writing.write(connection, rows)

    def set_rule(self, *, enabled: bool = True, **setting: float) -> None:
        with self.database.writing() as connection:
            alert_rules.change(connection, self.rule, setting=BadShare(**setting), enabled=enabled)

    def watch(self, **options: object) -> Watch:
        return Watch(self.database, now=self, live=Live(), **options)

    def alerts(self) -> list[AlertRow]:
        with self.database.reading() as connection:
            return alerts.latest(connection)

    def open_alerts(self) -> list[AlertRow]:
        with self.database.reading() as connection:
            return alerts.open_list(connection, self.site)

    def letters(self) -> list[LetterRow]:
        """Oldest first."""
        with self.database.reading() as connection:
            return sorted(letters.every(connection), key=lambda row: (row.written_at, row.alert_id, row.kind))
