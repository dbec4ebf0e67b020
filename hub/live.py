"""A bell for whoever waits for news: pages with server-sent events, and worker threads.

In: `tell()` from any thread after a commit. Out: waiters wake with the number of rings so far. Nothing is
carried: a waiter reads what is new from the store, so a lost ring costs a moment and never a fact.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Condition


class Live:
    """A counter that only grows, with waiters in threads and in event loops."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._version = 0
        self._waiters: set[Callable[[], None]] = set()
        self.closed = False
        """Whether pages should stop waiting: the server is about to stop."""

    @property
    def version(self) -> int:
        """How often `tell` was called."""
        return self._version

    def tell(self) -> None:
        """Wake every waiter; never blocks, from any thread."""
        with self._condition:
            self._version += 1
            self._condition.notify_all()
            waiters, self._waiters = self._waiters, set()
        for wake in waiters:
            wake()

    def close(self) -> None:
        """Let every page that waits end by itself; threads are stopped by whoever started them."""
        self.closed = True
        self.tell()

    def wait_blocking(self, seen: int, timeout: float) -> int:
        """Wait in a thread until the version passes `seen`, at most `timeout` seconds; return the version."""
        with self._condition:
            self._condition.wait_for(lambda: self._version > seen, timeout)
            return self._version

    async def wait(self, seen: int, timeout: float) -> int:
        """Wait in an event loop, as `wait_blocking` does in a thread; at once when closed."""
        loop = asyncio.get_running_loop()
        rung = asyncio.Event()

        def wake() -> None:
            try:
                loop.call_soon_threadsafe(rung.set)
            except RuntimeError:  # the loop has been closed: nobody waits any more
                return

        with self._condition:
            if self._version > seen or self.closed:
                return self._version
            self._waiters.add(wake)
        try:
            await asyncio.wait_for(rung.wait(), timeout)
        except TimeoutError:
            pass
        finally:
            with self._condition:
                self._waiters.discard(wake)
        return self._version
