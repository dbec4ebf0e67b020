"""The parts that measurements run against: a real Mosquitto and a real hub, each a process of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from hub import terminal_passwords
from hub.store import migrations, placements, sites, terminals, touchpoints
from hub.store.database import Database

SECRET = "bench"
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Rig:
    """Where everything of one measurement is."""

    folder: Path
    mqtt_port: int
    http_port: int
    terminals: tuple[str, ...]
    touchpoint_id: int

    @property
    def database(self) -> Path:
        """The hub's SQLite file."""
        return self.folder / "hub.db"

    def committed(self) -> int:
        """How many taps the hub has committed."""
        with contextlib.closing(sqlite3.connect(self.database)) as raw:
            return int(raw.execute("SELECT coalesce(max(tap_id), 0) FROM taps").fetchone()[0])


def make(folder: Path, count: int) -> Rig:
    """A migrated store with `count` terminals at one touchpoint, and free ports."""
    mqtt_port, http_port = free_port(), free_port()
    names = tuple(f"bench-{number:03d}" for number in range(count))
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    migrations.upgrade(database)
    with database.writing() as connection:
        site = sites.create(connection, name={"zh-CN": "测试小区"}, now=1)
        leaf = touchpoints.create(connection, site_id=site, kind="touchpoint", name={"zh-CN": "大堂"})
        hashed = terminal_passwords.hashed(SECRET, "bench")
        for name in names:
            number = terminals.create(connection, terminal_id=name, kind="kiosk", now=1, password_hash=hashed)
            placements.place_terminal(connection, number, leaf, 1)
    database.close()
    return Rig(folder, mqtt_port, http_port, names, leaf)


@contextlib.contextmanager
def mosquitto(rig: Rig) -> Iterator[psutil.Process]:
    """Debian's Mosquitto with the hub's two settings, nothing kept."""
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise SystemExit("mosquitto is missing; run: apt-get install mosquitto")
    conf = rig.folder / "mosquitto.conf"
    conf.write_text(
        f"listener {rig.mqtt_port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
        "max_inflight_messages 1000\nset_tcp_nodelay true\npersistence false\n"
    )
    with _process([program, "-c", str(conf)]) as process:
        wait_for_port(rig.mqtt_port)
        yield process


@contextlib.contextmanager
def hub(rig: Rig, roles: str = "ingest,web", broker: str = "external") -> Iterator[psutil.Process]:
    """A hub process on the rig's store."""
    environment = {
        "TAPLOOP_HUB_DATA_DIR": str(rig.folder),
        "TAPLOOP_HUB_ROLES": roles,
        "TAPLOOP_HUB_BROKER": broker,
        "TAPLOOP_HUB_MQTT_HOST": "127.0.0.1",
        "TAPLOOP_HUB_MQTT_PORT": str(rig.mqtt_port),
        "TAPLOOP_HUB_HTTP_HOST": "127.0.0.1",
        "TAPLOOP_HUB_HTTP_PORT": str(rig.http_port),
        "TAPLOOP_HUB_LOG_LEVEL": "warning",
        "TAPLOOP_HUB_ALLOW_PRIVATE_SINKS": "true",
    }
    if broker == "external":
        environment["TAPLOOP_HUB_MQTT_PASSWORD"] = SECRET
    with _process([sys.executable, "-m", "hub", "serve"], environment) as process:
        wait_for_port(rig.http_port)
        yield process


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str] | None = None) -> Iterator[psutil.Process]:
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield psutil.Process(running.pid)
    finally:
        running.terminate()
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def wait_for_port(port: int, seconds: float = 20.0) -> None:
    """Return when somebody listens."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.01)
    raise TimeoutError(f"nobody listens on port {port} after {seconds:.0f} s")
