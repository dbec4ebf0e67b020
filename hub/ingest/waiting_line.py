"""A bounded queue whose one taker takes all that has come. In: items from any thread. Out: lists."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class WaitingLine(Generic[Item]):
    """`put` blocks while it is full; `take` blocks while it is empty."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._items: deque[Item] = deque()
        self._open = True
        self._changed = Condition()
        self._putters = 0

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Item) -> bool:
        """Add an item, waiting for room; False, and not added, once the line is closed."""
        with self._changed:
            while self._open and len(self._items) >= self._capacity:
                self._putters += 1
                self._changed.wait()
                self._putters -= 1
            if self._open:
                self._items.append(item)
                if len(self._items) == 1:
                    self._changed.notify_all()
            return self._open

    def take(self, most: int, most_weight: int, weight: Callable[[Item], int]) -> list[Item]:
        """All that has come, oldest first; empty once the line is closed and drained.

        At most `most` items, and none after those taken weigh `most_weight`.
        """
        with self._changed:
            while self._open and not self._items:
                self._changed.wait()
            taken: list[Item] = []
            total = 0
            while self._items and len(taken) < most and total < most_weight:
                taken.append(self._items.popleft())
                total += weight(taken[-1])
            if self._putters:
                self._changed.notify_all()
            return taken

    def close(self) -> None:
        """Let nothing more in; what waits can still be taken."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
