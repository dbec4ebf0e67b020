"""Who this terminal is and where its hub is: the file that enrolment wrote.

In: a file readable by its owner only. Out: an Identity, or one sentence that says what to do.
"""

from __future__ import annotations

import os
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from link.topics import BadTerminalId, checked_terminal_id


class IdentityError(Exception):
    """The identity file cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Identity:
    """The terminal's id and secret, and its hub. `ca_file` empty: the system's certificates."""

    terminal: str
    password: str
    hub_host: str
    hub_port: int
    tls: bool = False
    ca_file: str = ""

    def __repr__(self) -> str:
        return f"Identity(terminal={self.terminal!r}, hub={self.hub_host}:{self.hub_port}, tls={self.tls})"

    @classmethod
    def load(cls, path: Path | str) -> Identity:
        """Read the file; raise IdentityError when it is absent, open to others, or not an identity."""
        path = Path(path)
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                data = file.read(64 * 1024)
        except OSError as error:
            raise IdentityError(f"{path}: {error.strerror}; enrol this terminal first") from error
        if mode & 0o077:
            raise IdentityError(f"{path}: others can read the password; run: chmod 600 {path}")
        return _checked(path, data)

    def save(self, path: Path | str) -> None:
        """Write the file at once and whole, readable by its owner only; raise IdentityError."""
        path = Path(path)
        part = path.with_name(path.name + ".part")
        try:
            part.unlink(missing_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as file:  # noqa: PTH123 the mode must hold before the first byte
                file.write(msgspec.json.format(msgspec.json.encode(asdict(self))) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            _fsync_folder(path.parent)
        except OSError as error:
            raise IdentityError(f"{path}: {error.strerror}") from error


def _checked(path: Path, data: bytes) -> Identity:
    try:
        identity = msgspec.json.decode(data, type=Identity)
        checked_terminal_id(identity.terminal)
    except (msgspec.DecodeError, UnicodeDecodeError, BadTerminalId) as error:
        raise IdentityError(f"{path}: not an identity file: {error}; enrol this terminal again") from error
    if not identity.password or not identity.hub_host or not 0 < identity.hub_port < 65536:
        raise IdentityError(f"{path}: password, hub_host and hub_port are needed; enrol this terminal again")
    return identity


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
