"""One kiosk for one store. In: the directory of the answers. Out: a lock as long as the process lives."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

NAME = "kiosk.lock"


class AlreadyRunning(Exception):
    """Another kiosk uses this directory; two with one identity would push each other off the line."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"process {pid}: {self.__doc__}")
        self.pid = pid


class OnlyOne:
    """The lock; the kernel gives it back when the process ends, however it ends."""

    def __init__(self, data: Path) -> None:
        """Take it: raise AlreadyRunning. A directory that cannot be written is no reason not to start."""
        self._file: int | None = None
        try:
            data.mkdir(parents=True, exist_ok=True)
            self._file = os.open(data / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _pid_in(data)
            self.release()
            raise AlreadyRunning(pid) from None
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, str(os.getpid()).encode(), 0)
        except OSError:
            return  # a full disk: the lock holds all the same

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def running(data: Path) -> int:
    """The process id of the kiosk that uses this directory; 0 when none does."""
    try:
        file = os.open(data / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid_in(data) or -1
    else:
        return 0
    finally:
        os.close(file)


def _pid_in(data: Path) -> int:
    try:
        return int((data / NAME).read_text())
    except (OSError, ValueError):
        return 0
