"""What a user did wrong is told in one sentence by the real command: no traceback, exit code 1."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.store import migrations
from hub.store.database import Database


@dataclass
class Said:
    code: int
    out: str
    err: str


def run(folder: Path, *words: str, **environment: str) -> Said:
    """The real command in a process of its own; it may not run longer than 60 s."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "hub", *words],
        cwd=folder,
        env={**_bare_environment(), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def _bare_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAPLOOP_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2])}


def _file(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "hub.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return str(path)


def _old_schema(folder: Path) -> str:
    database = Database(f"sqlite:///{folder / 'old.db'}")
    migrations.upgrade(database)
    database.close()
    with sqlite3.connect(folder / "old.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0001'")
    raw.close()
    return _file(folder, 'database_url = "sqlite:///old.db"\nhttp_port = 0\nmqtt_port = 0\n')


def _foreign_tables(folder: Path) -> str:
    with sqlite3.connect(folder / "other.db") as raw:
        raw.execute("CREATE TABLE invoices (id INTEGER)")
    raw.close()
    return _file(folder, 'database_url = "sqlite:///other.db"\nhttp_port = 0\nmqtt_port = 0\n')


def _open_password_file(folder: Path) -> str:
    (folder / "password").write_text("secret")
    (folder / "password").chmod(0o644)
    return _file(folder, 'broker = "external"\nmqtt_password_file = "password"\n')


def _open_secret(folder: Path) -> str:
    (folder / "data").mkdir()
    (folder / "data" / "secret").write_bytes(bytes(32))
    (folder / "data" / "secret").chmod(0o644)
    return _file(folder, 'data_dir = "data"\nhttp_port = 0\nmqtt_port = 0\n')


CASES: dict[str, tuple[Callable[[Path], str], str]] = {
    "an unknown key": (
        lambda folder: _file(folder, "htp_port = 8080\n"),
        "setting 'htp_port' in {file} is not known; did you mean http_port?",
    ),
    "a key like no other": (
        lambda folder: _file(folder, "zzz = 1\n"),
        "setting 'zzz' in {file} is not known; `taploop-hub settings` lists them all",
    ),
    "a value of the wrong kind": (
        lambda folder: _file(folder, 'mqtt_tls = "perhaps"\n'),
        "setting 'mqtt_tls' in {file} is wrong: input should be a valid boolean, unable to interpret input",
    ),
    "an unknown role": (
        lambda folder: _file(folder, 'roles = ["ingest", "cook"]\n'),
        "setting 'roles' in {file} is wrong: input should be 'ingest', 'watch', 'courier' or 'web'",
    ),
    "a time zone that is none": (
        lambda folder: _file(folder, 'timezone = "Asia/Bogus"\n'),
        "setting 'timezone' in {file} is wrong: 'Asia/Bogus' is not a time zone such as Asia/Shanghai",
    ),
    "no TOML": (
        lambda folder: _file(folder, "http_port = many\n"),
        "settings file {file} is not TOML: Invalid value (at line 1, column 13)",
    ),
    "no file": (
        lambda folder: str(folder / "none.toml"),
        "settings file {folder}/none.toml does not exist; check the path",
    ),
    "an unreadable file": (
        str,
        "settings file {folder} cannot be read (Is a directory); check its path and permissions",
    ),
    "a password in a file open to others": (
        lambda folder: _file(folder, 'broker = "external"\nmqtt_password = "x"\n', 0o644),
        "settings file with mqtt_password {file} can be read by others; run: chmod 600 {file}",
    ),
    "a password file open to others": (
        _open_password_file,
        "mqtt_password_file {folder}/password can be read by others; run: chmod 600 {folder}/password",
    ),
    "the hub's secret open to others": (
        _open_secret,
        "secret file {folder}/data/secret can be read by others; run: chmod 600 {folder}/data/secret",
    ),
    "an external broker without a password": (
        lambda folder: _file(folder, 'broker = "external"\n'),
        "broker is external: set mqtt_password_file to a file with the password of user `hub`",
    ),
    "a database URL that is none": (
        lambda folder: _file(folder, 'database_url = "hub.db"\nhttp_port = 0\nmqtt_port = 0\n'),
        "'hub.db' is not a database URL; use sqlite:///path or postgresql+psycopg://user@host/name",
    ),
    "an unknown database": (
        lambda folder: _file(folder, 'database_url = "mysql://localhost/x"\nhttp_port = 0\nmqtt_port = 0\n'),
        "database 'mysql' is not known; use sqlite:///… or postgresql+psycopg://…",
    ),
    "an old schema": (
        _old_schema,
        f"the store has schema 0001, this hub needs {migrations.newest()}; run: taploop-hub upgrade",
    ),
    "somebody else's tables": (
        _foreign_tables,
        "the database holds tables that are not Taploop's; give the hub one of its own",
    ),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Iterator[dict[str, tuple[Path, Said]]]:
    with ThreadPoolExecutor(3) as pool:
        folders = {name: tmp_path_factory.mktemp("wrong") for name in CASES}
        runs = {
            name: pool.submit(run, folders[name], "serve", "--settings", prepare(folders[name]))
            for name, (prepare, _) in CASES.items()
        }
        yield {name: (folders[name], future.result()) for name, future in runs.items()}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_in_one_sentence_and_the_hub_does_not_start(told, name: str) -> None:
    folder, said = told[name]
    assert said.err == f"Error: {CASES[name][1].format(folder=folder, file=folder / 'hub.toml')}\n"
    assert said.out == ""
    assert said.code == 1


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        file = _file(tmp_path, f'http_host = "127.0.0.1"\nhttp_port = {port}\ndata_dir = "data"\n')
        said = run(tmp_path, "serve", "--settings", file)
    assert (
        said.err
        == f"Error: port {port} is taken by another program; stop it, or set http_port to a free port\n"
    )
    assert said.code == 1
    assert not (tmp_path / "data").exists()


def test_an_environment_variable_with_a_slip_is_told_with_its_right_name(tmp_path: Path) -> None:
    said = run(tmp_path, "serve", TAPLOOP_HUB_MQTT_PROT="1")
    name = "TAPLOOP_HUB_MQTT_PORT"
    assert (
        said.err == f"Error: environment variable TAPLOOP_HUB_MQTT_PROT is not known; did you mean {name}?\n"
    )
    assert said.code == 1
