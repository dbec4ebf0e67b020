"""Ten thousand random steps of keep, settle, refuse, reopen, compact, kill beside a model in plain sets."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from link.answer import Answer
from link.clock import Reading
from link.outbox import KEPT_FOR, Outbox

READING = Reading("boot-1", 1_000, 1_795_428_000_000, trusted=True, day=20261123)
spans = st.tuples(st.integers(1, 40), st.integers(0, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))


class Terminal(RuleBasedStateMachine):
    """The outbox beside what it must hold: the state of every seq ever given out, by store."""

    @initialize()
    def begin(self) -> None:
        memory = Path("/dev/shm")  # real files, but an fsync costs nothing: ten thousand of them are made
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.lives, self.machine, self.now = 0, "board-1", READING.wall
        self.path = self.folder / "0" / "outbox.db"
        self.outbox = Outbox.open(self.path, machine=self.machine)
        self.made: dict[str, dict[int, str]] = {self.outbox.store: {}}
        self.ever: dict[str, set[int]] = {self.outbox.store: set()}

    @property
    def rows(self) -> dict[int, str]:
        return self.made[self.outbox.store]

    @rule(rating=st.integers(1, 5))
    def keep(self, rating: int) -> None:
        tap = self.outbox.keep(Answer("lobby@1", "q", "faces-5", rating), READING)
        assert tap.seq not in self.ever[self.outbox.store], "a seq was given out twice"
        self.ever[self.outbox.store].add(tap.seq)
        self.rows[tap.seq] = "unsettled"

    @rule(span=spans)
    def settle(self, span: tuple[int, int]) -> None:
        touched = [s for s in range(span[0], span[1] + 1) if self.rows.get(s, "settled") != "settled"]
        assert self.outbox.settle([span], at=self.now) == len(touched)
        self.rows.update(dict.fromkeys(touched, "settled"))

    @rule(seq=st.integers(1, 40))
    def refuse(self, seq: int) -> None:
        self.outbox.refuse(seq, "the hub said so")
        if self.rows.get(seq) == "unsettled":
            self.rows[seq] = "refused"

    @rule(span=spans)
    def reopen(self, span: tuple[int, int]) -> None:
        for seq in range(span[0], span[1] + 1):
            if seq in self.rows:
                self.rows[seq] = "unsettled"
        self.outbox.reopen([span])

    @rule()
    def compact_a_month_later(self) -> None:
        self.outbox.compact(self.now)  # gives a date to what has none
        self.now += KEPT_FOR + 1
        self.outbox.compact(self.now)
        for rows in self.made.values():
            for seq in [seq for seq, state in rows.items() if state != "unsettled"]:
                del rows[seq]

    @rule(in_the_middle=st.booleans())
    def kill(self, in_the_middle: bool) -> None:
        """What a killed process leaves: its files as they are, the shared memory gone, a transaction open."""
        if in_the_middle:
            database = self.outbox._opened()
            database.conn.execute("BEGIN IMMEDIATE")
            database.conn.execute("UPDATE taps SET state = 1, settled_at = 5")
        self.lives += 1
        image = self.folder / str(self.lives)
        image.mkdir()
        for suffix in ("", "-wal"):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                shutil.copyfile(part, image / part.name)
        if in_the_middle:
            self.outbox._opened().conn.execute("ROLLBACK")
        self.outbox.close()
        self.path = image / "outbox.db"
        self.outbox = Outbox.open(self.path, machine=self.machine)

    @rule()
    def restart(self) -> None:
        store = self.outbox.store
        self.outbox.close()
        self.outbox = Outbox.open(self.path, machine=self.machine)
        assert self.outbox.store == store

    @rule()
    def move_the_card_to_another_board(self) -> None:
        self.outbox.close()
        self.machine += "'"
        self.outbox = Outbox.open(self.path, machine=self.machine)
        assert self.outbox.store not in self.made
        self.made[self.outbox.store], self.ever[self.outbox.store] = {}, set()

    @invariant()
    def the_outbox_holds_what_the_model_holds(self) -> None:
        for store, rows in self.made.items():
            unsettled = sorted(seq for seq, state in rows.items() if state == "unsettled")
            assert [tap.seq for tap in self.outbox.due(limit=1000, store=store)] == unsettled
        figures = self.outbox.figures(READING)
        assert figures.last_seq == len(self.ever[self.outbox.store])
        assert sum(day.made for day in figures.days) == figures.last_seq
        assert figures.refused_count == sum(state == "refused" for state in self.rows.values())
        open_stores = [s for s, rows in self.made.items() if "unsettled" in rows.values()]
        assert set(self.outbox.stores()) == {*open_stores, self.outbox.store}

    def teardown(self) -> None:
        if hasattr(self, "outbox"):
            self.outbox.close()
            shutil.rmtree(self.folder)


TestTerminal = Terminal.TestCase
TestTerminal.settings = settings(
    max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
