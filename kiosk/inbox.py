"""The only bridge from other threads to the screen: they put events in, the screen takes them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

from kiosk.events import Event


class Inbox:
    """A queue that wakes whoever sleeps beside it. Kivy's own clock loses calls made from threads."""

    def __init__(self) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.wake: Callable[[], None] = lambda: None

    def put(self, event: Event) -> None:
        """Hand an event to the screen, from any thread."""
        self._events.put(event)
        self.wake()

    def taken(self) -> Iterator[Event]:
        """What has come in by now."""
        while True:
            try:
                yield self._events.get_nowait()
            except Empty:
                return
