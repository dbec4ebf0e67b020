"""Ends another thread's wait in `poll`.

In: `set` from any thread. Out: one readable socket; set many times before the waiter looks, it costs one
write.
"""

from __future__ import annotations

import contextlib
import socket


class Wakeup:
    """A flag that `poll` can wait for."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._is_set = False
        self.fileno = self._reader.fileno()

    def set(self) -> None:
        """End the present or the next wait."""
        if not self._is_set:
            self._is_set = True
            with contextlib.suppress(OSError):
                self._writer.send(b".")

    def clear(self) -> None:
        """Be ready for the next `set`; the caller must look for work after this, not before."""
        if self._is_set:
            with contextlib.suppress(BlockingIOError):
                self._reader.recv(4096)
            self._is_set = False

    def close(self) -> None:
        """Give the sockets back; a later `set` does nothing."""
        self._is_set = True
        self._reader.close()
        self._writer.close()
