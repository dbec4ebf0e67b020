"""Hub, broker and terminals as processes, each killed at random from one seed; then the count of every tap.

In: a broker's kind, a seed, seconds, how many terminals. Out: `Outcome`, the figures that must agree.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from hub import terminal_passwords
from hub.store import ledger, migrations, placements, sites, terminals, touchpoints
from hub.store.database import Database
from link.identity import Identity

ROOT = Path(__file__).parents[2]
DRAIN_WITHIN_S = 90.0
TAPS_PER_SECOND = 15.0


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    kills: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    """Taps whose `keep` returned before the terminal was killed."""
    kept: int = 0
    """Taps in the terminals' outboxes: the accepted, and those killed between commit and note."""
    stored: int = 0
    duplicates_dropped: int = 0
    lost: list[tuple[str, str, int]] = field(default_factory=list)
    foreign: list[tuple[str, str, int]] = field(default_factory=list)
    missing: int = 0
    scored: int = 0
    drained_after_s: float = 0.0

    def line(self, broker: str) -> str:
        """The figures in one line."""
        kills = ", ".join(f"{n} {what}" for what, n in sorted(self.kills.items()))
        return (
            f"{broker}: {self.kills.total()} kills ({kills}); accepted {self.accepted}, kept {self.kept}, "
            f"in the hub {self.stored}, in the score {self.scored}, lost {len(self.lost)}, "
            f"missing {self.missing}, "
            f"duplicates dropped {self.duplicates_dropped}, drained in {self.drained_after_s:.1f} s"
        )


class War:
    """The processes of one run."""

    def __init__(self, folder: Path, kind: str, seed: int, terminals_count: int) -> None:
        self.folder, self.kind, self.chance = folder, kind, Random(seed)
        self.names = [f"chaos-{number:02d}" for number in range(terminals_count)]
        self.port = _free_port()
        self.secret = secrets.token_urlsafe(24)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.outcome = Outcome()
        self.database_url = f"sqlite:///{folder / 'hub' / 'hub.db'}"
        self._log = (folder / "processes.log").open("ab")

    def prepare(self) -> None:
        """A store with the terminals in it, and each terminal's identity."""
        (self.folder / "hub").mkdir()
        database = Database(self.database_url)
        migrations.upgrade(database)
        with database.writing() as connection:
            site = sites.create(connection, name={"zh-CN": "演练小区"}, now=1)
            leaf = touchpoints.create(connection, site_id=site, kind="touchpoint", name={"zh-CN": "大堂"})
            for name in self.names:
                hashed = terminal_passwords.hashed(self.secret, "chaos")
                number = terminals.create(
                    connection, terminal_id=name, kind="kiosk", now=1, password_hash=hashed
                )
                placements.place_terminal(connection, number, leaf, 1)
        database.close()
        for name in self.names:
            (self.folder / name).mkdir()
            Identity(name, self.secret, "127.0.0.1", self.port).save(self.folder / name / "identity.json")
        (self.folder / "hub" / "hub.toml").write_text(
            f'data_dir = "."\nhttp_port = 0\nhttp_host = "127.0.0.1"\nbroker = "external"\n'
            f'mqtt_host = "127.0.0.1"\n'
            f'mqtt_port = {self.port}\nmqtt_password = "{self.secret}"\n'
        )
        (self.folder / "hub" / "hub.toml").chmod(0o600)
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
            "max_inflight_messages 1000\nset_tcp_nodelay true\npersistence false\n"
        )

    def start(self, name: str) -> None:
        """Start one process by its name: broker, hub or a terminal."""
        python = sys.executable
        if name == "broker" and self.kind == "mosquitto":
            command = [_mosquitto(), "-c", str(self.folder / "mosquitto.conf")]
        elif name == "broker":
            command = [python, "-m", "tests.chaos.broker_process", str(self.port), self.secret]
        elif name == "hub":
            command = [python, "-m", "hub", "serve", "--settings", str(self.folder / "hub" / "hub.toml")]
        else:
            folder = self.folder / name
            command = [
                python,
                "-m",
                "tests.chaos.terminal_process",
                str(folder / "identity.json"),
                str(folder),
            ]
            command.append(str(TAPS_PER_SECOND))
        self.running[name] = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=self._log)

    def rage(self, seconds: float, kills: int) -> None:
        """Kill `kills` processes, spread over `seconds`, and start each again a moment later."""
        for name in ("broker", "hub", *self.names):
            self.start(name)
        moments = sorted(self.chance.uniform(0.1, 0.95) * seconds for _ in range(kills))
        began = time.monotonic()
        for number, moment in enumerate(moments):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            self._kill(number)
        time.sleep(max(0.0, began + seconds - time.monotonic()))

    def _kill(self, number: int) -> None:
        # a third each: broker and hub, of which there is one, are hit as often as all terminals together
        name = ("broker", "hub", self.chance.choice(self.names))[number % 3]
        process = self.running[name]
        alive = process.poll() is None
        process.kill()
        process.wait()
        self.outcome.kills[name if name in ("broker", "hub") else "terminal"] += alive
        time.sleep(self.chance.uniform(0.05, 0.5))
        self.start(name)

    def drain(self) -> None:
        """Let the terminals stop tapping and wait until each has nothing left to send."""
        began = time.monotonic()
        for name in self.names:
            (self.folder / name / "stop").touch()
        while any(self.running[name].poll() is None for name in self.names):
            if time.monotonic() - began > DRAIN_WITHIN_S:
                break
            time.sleep(0.1)
        self.outcome.drained_after_s = time.monotonic() - began
        time.sleep(0.5)

    def end(self) -> None:
        """Stop what still runs."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for process in self.running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()

    def count(self) -> Outcome:
        """Hold every outbox against the hub's table."""
        kept, accepted = self._kept(), self._accepted()
        stored = self._stored()
        self.outcome.kept, self.outcome.accepted = len(kept), len(accepted)
        self.outcome.stored = sum(stored.values())
        self.outcome.lost = sorted((kept | accepted) - set(stored))
        self.outcome.foreign = sorted(key for key, times in stored.items() if key not in kept or times != 1)
        database = Database(self.database_url)
        with database.reading() as connection:
            rows = ledger.view(connection)
            self.outcome.missing = sum(row.missing for row in rows)
            self.outcome.duplicates_dropped = sum(row.duplicates for row in rows)
        database.close()
        with sqlite3.connect(self.folder / "hub" / "hub.db") as raw:
            self.outcome.scored = raw.execute("SELECT coalesce(sum(n), 0) FROM rollup").fetchone()[0]
        raw.close()
        return self.outcome

    def _kept(self) -> set[tuple[str, str, int]]:
        found: set[tuple[str, str, int]] = set()
        for name in self.names:
            raw = sqlite3.connect(self.folder / name / "outbox.db")
            found |= {
                (name, store, seq)
                for store, seq in raw.execute("SELECT store, seq FROM taps JOIN stores USING (store_no)")
            }
            raw.close()
        return found

    def _accepted(self) -> set[tuple[str, str, int]]:
        found: set[tuple[str, str, int]] = set()
        for name in self.names:
            for line in (self.folder / name / "accepted").read_text().splitlines():
                words = line.split()
                if len(words) == 3:
                    found.add((name, words[0], int(words[1])))
        return found

    def _stored(self) -> Counter[tuple[str, str, int]]:
        raw = sqlite3.connect(self.folder / "hub" / "hub.db")
        rows = raw.execute(
            "SELECT terminal_id, store, seq, count(*) FROM taps JOIN stores USING (store_no) "
            "JOIN terminals USING (terminal_no) GROUP BY 1, 2, 3"
        ).fetchall()
        raw.close()
        return Counter({(terminal, store, seq): times for terminal, store, seq, times in rows})


def wage(folder: Path, *, kind: str, seed: int, seconds: float, kills: int, terminals_count: int) -> Outcome:
    """One whole run; the folder keeps databases and logs for whoever wants to see why."""
    war = War(folder, kind, seed, terminals_count)
    war.prepare()
    try:
        war.rage(seconds, kills)
        war.drain()
    finally:
        war.end()
    return war.count()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _mosquitto() -> str:
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise FileNotFoundError("mosquitto is missing; run: apt-get install mosquitto")
    return found
