"""Handing a terminal its identity: a password made here, kept as a hash, written once.

In: a terminal of the store, and where its files shall lie. Out: the identity file, and a line for Mosquitto.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from hub import terminal_passwords
from hub.commands.tongue import NotPossible
from hub.listening import public_url
from hub.settings import Settings
from hub.store import terminals
from hub.store.database import Connection
from link.identity import Identity


class Where(TypedDict):
    """Where an identity goes: its file, the broker's address in it, Mosquitto's password file."""

    out: Path | None
    hub_host: str | None
    mosquitto_passwords: Path | None


def hand_identity(
    connection: Connection,
    settings: Settings,
    terminal_id: str,
    terminal_no: int,
    **where: Unpack[Where],
) -> Path:
    """Give the terminal a new password and write it; return the identity file's path. Raises NotPossible."""
    path = where["out"] or Path(f"{terminal_id}.identity.json")
    if path.exists():
        raise NotPossible(f"{path} exists already; name another file with --out")
    password = new_password()
    kept = terminal_passwords.hashed(password, secrets.token_hex(8))
    terminals.set_password_hash(connection, terminal_no, kept)
    Identity(terminal_id, password, where["hub_host"] or _host(settings), settings.mqtt_port).save(path)
    if where["mosquitto_passwords"] is not None:
        put_mosquitto_line(where["mosquitto_passwords"], terminal_id, password)
    return path


def new_password() -> str:
    """256 random bits, as text without blanks."""
    return secrets.token_urlsafe(32)


def put_mosquitto_line(path: Path, user: str, password: str) -> None:
    """Put the user's line into Mosquitto's password file in place of an older one; raise NotPossible."""
    line = terminal_passwords.mosquitto_line(user, password, os.urandom(12))
    try:
        before = path.read_text("utf-8").splitlines() if path.exists() else []
        others = [one for one in before if not one.startswith(f"{user}:")]
        write_private(path, "".join(f"{one}\n" for one in [*others, line]))
    except OSError as error:
        raise NotPossible(f"cannot write {path} ({error.strerror}); check its folder") from error


def write_private(path: Path, text: str) -> None:
    """Write a file at once and whole, with the mode it had or 0600; raises OSError."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 the mode must hold before the first byte
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _host(settings: Settings) -> str:
    if settings.broker == "external" and settings.mqtt_host:
        return settings.mqtt_host
    return urlsplit(public_url(settings)).hostname or "127.0.0.1"
