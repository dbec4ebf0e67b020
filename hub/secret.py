"""The hub's own secret, which signs forms and cookies. In: the data directory. Out: 32 bytes, made once."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from hub.settings import SettingsError

FILE = "secret"
SIZE = 32


def load_or_make(data_dir: Path) -> bytes:
    """The secret kept in `data_dir`, made with mode 0600 when there is none; raise SettingsError."""
    path = data_dir / FILE
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(f"secret file {path} can be read by others; run: chmod 600 {path}")
        secret = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"data_dir {data_dir} cannot be used ({error.strerror}); make it writable or set another one"
        ) from error
    if len(secret) != SIZE:
        raise SettingsError(
            f"secret file {path} is damaged; restore it, or delete it and everybody signs in again"
        )
    return secret


def _make(path: Path) -> None:
    """Write a new secret unless there is one; of several processes started at once, one wins."""
    if path.exists():
        return
    fresh = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(SIZE))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
