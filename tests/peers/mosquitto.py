"""A real Mosquitto on a free port, started, killed and restarted at will."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

INSTALL = "apt-get install -y mosquitto"


class Broker:
    """One Mosquitto process; the port stays the same over restarts."""

    def __init__(self, folder: Path, port: int, config: str) -> None:
        self.port = port
        self._folder = folder
        self._config = folder / "mosquitto.conf"
        self._config.write_text(config)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if program is None:
            pytest.fail(f"mosquitto is not installed: {INSTALL}")
        with (self._folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen([program, "-c", str(self._config)], stdout=log, stderr=log)
        wait_for_port(self.port, self._process, self._folder / "mosquitto.log")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Kill it and start it again at once."""
        self.kill()
        self.start()

    def log(self) -> str:
        """What it has written so far."""
        return (self._folder / "mosquitto.log").read_text(errors="replace")

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for again in (
            sign,
            sign,
            sign,
            sign,
            signal.SIGKILL,
        ):  # SIGTERM just after the start can be overheard
            process.send_signal(again)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)
                return
        process.wait(timeout=10)


class StartMosquitto(Protocol):
    """How a test asks for a broker."""

    def __call__(
        self, *, users: dict[str, str] | None = None, acl: str | None = None, persistence: bool = False
    ) -> Broker:
        """Start one; `users` are name → password, `acl` the text of an acl_file."""
        ...


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path, within_s: float = 10.0) -> None:
    """Wait until something listens; fail the test with the program's own words when it does not."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"nothing listens on {port}: {log.read_text(errors='replace')[-2000:]}")


def start_mosquitto(
    folder: Path,
    *,
    users: dict[str, str] | None = None,
    acl: str | None = None,
    persistence: bool = False,
    port: int | None = None,
) -> Broker:
    """Start one in `folder`: anonymous, or with `users` (name → password) and `acl` (text of an acl_file)."""
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    # Without `user root` it would give up its rights and could not read the test's own folder.
    lines = [
        "user root",
        f"listener {port} 127.0.0.1",
        "max_queued_messages 0",
        "max_inflight_messages 1000",
        "set_tcp_nodelay true",
    ]
    if users is None:
        lines.append("allow_anonymous true")
    else:
        lines += ["allow_anonymous false", f"password_file {_passwords(folder, users)}"]
        lines.append("use_username_as_clientid true")
    if acl is not None:
        (folder / "acl").write_text(acl.rstrip() + "\n\n")
        (folder / "acl").chmod(0o600)
        lines.append(f"acl_file {folder / 'acl'}")
    lines.append(f"persistence {'true' if persistence else 'false'}")
    if persistence:
        lines.append(f"persistence_location {folder}/")
    return Broker(folder, port, "\n".join(lines) + "\n")


def _passwords(folder: Path, users: dict[str, str]) -> Path:
    path = folder / "passwords"
    path.write_text("".join(f"{name}:{password}\n" for name, password in users.items()))
    path.chmod(0o600)
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.fail(f"mosquitto_passwd is not installed: {INSTALL}")
    subprocess.run([program, "-U", str(path)], check=True, capture_output=True)
    return path


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[StartMosquitto]:
    """A factory of brokers; all that it started are gone after the test."""
    started: list[Broker] = []

    def start(
        *, users: dict[str, str] | None = None, acl: str | None = None, persistence: bool = False
    ) -> Broker:
        folder = tmp_path / f"mosquitto-{len(started)}"
        started.append(start_mosquitto(folder, users=users, acl=acl, persistence=persistence))
        return started[-1]

    yield start
    for broker in started:
        broker.stop()
