"""A throw-away PostgreSQL, and stores on it and on SQLite: empty, or with the newest schema.

`postgres` is the cluster; `empty_url` and `database` run a test once on SQLite and once on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import pytest

from hub.store import migrations
from hub.store.database import Database

_MISSING = "PostgreSQL's server is missing; install it with: apt-get install postgresql"


class Postgres:
    """One cluster in a directory of its own, spoken to through a socket in that directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._binaries = _binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._template = ""

    def url(self, name: str) -> str:
        """The database URL of one database of the cluster."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.directory}"

    def start(self) -> None:
        """Make the cluster when it is not there, start the server and wait until it answers."""
        data = self.directory / "data"
        if not data.exists():
            options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
            self._run([self._binaries / "initdb", *options, "-D", data])
        settings = ("fsync=off", "max_connections=50", "listen_addresses=", "shared_buffers=64MB")
        words = [self._binaries / "postgres", "-D", data, "-k", self.directory]
        for setting in settings:
            words += ["-c", setting]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log, **_not_root())
        until = monotonic() + 30
        while self._psql("SELECT 1").returncode != 0:
            if self._process.poll() is not None or monotonic() > until:
                pytest.fail(f"PostgreSQL did not start: {(self.directory / 'log').read_text()[-2000:]}")
            sleep(0.05)

    def stop(self) -> None:
        """Stop the server in order, its sessions at once."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """End the server without any order, as a power cut would."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def new_database(self, *, migrated: bool = False) -> str:
        """A new database, empty or with the newest schema; returns its URL."""
        if migrated and not self._template:
            self._template = f"taploop_{next(self._numbers)}"
            self._create(self._template, "template0")
            with_schema = Database(self.url(self._template))
            migrations.upgrade(with_schema)
            with_schema.close()
        name = f"taploop_{next(self._numbers)}"
        self._create(name, self._template if migrated else "template0")
        return self.url(name)

    def _create(self, name: str, template: str) -> None:
        asked = self._psql(f"CREATE DATABASE {name} TEMPLATE {template}")
        assert asked.returncode == 0, asked.stderr.decode()

    def _psql(self, statement: str) -> subprocess.CompletedProcess[bytes]:
        words = [self._binaries / "psql", "-X", "-h", self.directory, "-U", "postgres", "-c", statement]
        return subprocess.run([*words, "postgres"], capture_output=True, check=False)

    def _run(self, words: list[str | Path]) -> None:
        done = subprocess.run(words, capture_output=True, check=False, **_not_root())
        assert done.returncode == 0, done.stderr.decode()


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    if not found and on_path is None:
        pytest.fail(_MISSING)
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _not_root() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The cluster that the tests share."""
    directory = Path(tempfile.mkdtemp(prefix="taploop-pg-"))
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres", "postgres")
    cluster = Postgres(directory)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.db"
    with_schema = Database(f"sqlite:///{path}")
    migrations.upgrade(with_schema)
    with_schema.close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def dialect(request: pytest.FixtureRequest) -> str:
    """The kind of store; a test that uses it, or what stands on it, runs once on each."""
    return str(request.param)


@pytest.fixture
def new_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Call it for the URL of one more store with the newest schema."""
    if dialect == "postgresql":
        cluster: Postgres = request.getfixturevalue("postgres")
        return lambda: cluster.new_database(migrated=True)
    template: Path = request.getfixturevalue("_sqlite_template")
    numbers = count(1)
    return lambda: f"sqlite:///{shutil.copy(template, tmp_path / f'store{next(numbers)}.db')}"


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if dialect == "postgresql":
        cluster: Postgres = request.getfixturevalue("postgres")
        return cluster.new_database()
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def database(new_url: Callable[[], str]) -> Iterator[Database]:
    """A store with the newest schema and nothing in it."""
    opened = Database(new_url())
    yield opened
    opened.close()
