"""A whole kiosk in a process of its own, moved by lines of JSON: Kivy ends processes and touches logging.

In: commands on stdin (`{"do": "touch", …}`). Out: one line of JSON for each on stdout. Everything is real but
the clock, which can be pushed forward, and the display, which nobody sees.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import reduce
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import structlog

from kiosk import environment, flow
from kiosk.content import plan_from
from kiosk.environment import Display
from kiosk.events import ConfigChanged, Event, Link, LinkChanged, Tick
from kiosk.inbox import Inbox
from kiosk.terminal import Place, Terminal
from link import messages
from link.machine import MachineClock

DIAGONAL = 15.6
"""Inches: all scales fit on it when it lies on its side."""


def joined(before: str, line: str) -> str:
    """Two lines of one wording: Latin words had a space between them, Chinese ones had none."""
    return f"{before} {line}" if before[-1].isascii() and line[0].isascii() else before + line


class Deaf(Inbox):
    """An inbox that, once told how the line stands, believes nobody else."""

    told: Link | None = None

    def put(self, event: Event) -> None:
        if isinstance(event, LinkChanged) and self.told is not None:
            event = LinkChanged(self.told)
        super().put(event)


class Puppet:
    """The strings: each method is one command."""

    def __init__(self, folder: Path, size: tuple[int, int], started_at: float) -> None:
        self.inbox = Deaf()
        self.pushed = 0
        self.stopped = False
        self.orders: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self.fingers: dict[str, Any] = {}
        self.started_at = started_at
        place = Place(folder / "identity.json", folder / "data")
        self.terminal = Terminal(place, MachineClock(), self.inbox, "puppet")
        plan, link = self.terminal.start()
        display = Display(size, diagonal=DIAGONAL)
        environment.prepare(display, folder / "kivy")
        from kiosk.app import KioskApp

        self.app = KioskApp(
            flow.begin(plan, link, self.now()), self.terminal, self.inbox, display, now=self.now
        )

    def now(self) -> int:
        return time.monotonic_ns() // 1_000_000 + self.pushed

    def run(self) -> None:
        from kivy.clock import Clock

        threading.Thread(target=self.listen, daemon=True).start()
        Clock.schedule_interval(self.obey, 0)
        try:
            self.app.run()
        finally:
            self.terminal.stop()

    def listen(self) -> None:
        for line in sys.stdin:
            self.orders.put(json.loads(line))
        self.orders.put({"do": "quit"})

    def obey(self, _: float) -> None:
        """Carry out what comes without a pause; then let a frame pass."""
        began = time.monotonic()
        while time.monotonic() - began < 0.02:
            try:
                order = self.orders.get(timeout=0.002)
            except Empty:
                return
            do: Callable[..., Any] = getattr(self, f"do_{order.pop('do')}")
            print(json.dumps(do(**order), ensure_ascii=False), flush=True)
            if self.stopped:
                return

    def do_down(self, x: float, y: float, finger: str = "a", button: str = "left") -> None:
        """A finger comes down at x, y in pixels from the lower left: through Kivy's own dispatch."""
        from kivy.base import EventLoop
        from kivy.core.window import Window
        from kivy.input.providers.mouse import MouseMotionEvent

        width, height = Window.system_size
        event = MouseMotionEvent(
            "mouse", finger, [x / width, y / height, button], is_touch=True, type_id="touch"
        )
        event.grab_exclusive_class = None
        self.fingers[finger] = event
        EventLoop.post_dispatch_input("begin", event)

    def do_up(self, x: float, y: float, finger: str = "a") -> None:
        """The finger moves to x, y and is lifted."""
        from kivy.base import EventLoop
        from kivy.core.window import Window

        width, height = Window.system_size
        event = self.fingers.pop(finger)
        event.move([x / width, y / height])
        EventLoop.post_dispatch_input("update", event)
        EventLoop.post_dispatch_input("end", event)

    def do_targets(self) -> dict[str, tuple[float, float, float, float]]:
        """x, y, width, height of everything that can be touched."""
        return {name: tuple(box) for name, box in self.app.root.targets()}

    def do_cells(self) -> list[tuple[float, float, float, float]]:
        """The same of the answers, worst first."""
        return [box for name, box in self.do_targets().items() if name.startswith("level:")]

    def do_push(self, ms: int) -> None:
        """Time goes forward."""
        self.pushed += ms
        self.app.post(Tick())

    def do_stage(self) -> str:
        """Where the flow is."""
        return type(self.app.state.stage).__name__

    def do_state(self) -> dict[str, Any]:
        """Where the flow is, and what is written on the screen."""
        state = self.app.state
        return {
            "stage": self.do_stage(),
            "counts": asdict(state.counts),
            "words": self.written(),
            "duplicates_told": self.terminal.counts.duplicate,
        }

    def written(self) -> list[str]:
        """Every wording on the screen, its lines put together again."""
        return [reduce(joined, piece.lines) for piece in self.letterings()]

    def letterings(self) -> list[Any]:
        from kiosk.screens.pieces import Lettering

        return [piece for piece in self.app.root.page.pieces if isinstance(piece, Lettering) and piece.lines]

    def do_overflow(self) -> list[str]:
        """Words that leave the window, or are wider or higher than the room they were given."""
        from kivy.core.window import Window

        from kiosk.screens import typography

        found = []
        for piece in self.letterings():
            box = piece.box
            inside = (
                box.x >= 0 and box.y >= 0 and box.right <= Window.width + 1 and box.top <= Window.height + 1
            )
            across = max(typography.width(line, piece.size, bold=piece.bold) for line in piece.lines)
            up = len(piece.lines) * piece.size * typography.LEADING
            if not inside or across > box.width + 5 or up > box.height + piece.size * 0.2:
                found.append(f"{piece.lines}: {across:.0f} x {up:.0f} in {box}")
        return found

    def do_config(self, config: dict[str, Any] | None) -> None:
        plan = plan_from(messages.decode(messages.Config, json.dumps(config).encode())) if config else None
        self.inbox.put(ConfigChanged(plan))

    def do_link(self, **link: Any) -> None:
        self.inbox.told = Link(**link)
        self.inbox.put(LinkChanged(self.inbox.told))

    def do_picture(self, path: str) -> None:
        self.app.picture(Path(path))

    def do_held(self) -> int:
        """How many widgets and drawn pieces there are, those kept for later included."""
        return self.app.root.brush.kept + sum(1 for _ in self.app.root.walk())

    def do_age(self) -> float:
        """Seconds since the process was started."""
        return time.time() - self.started_at

    def do_room(self, size: int | None) -> None:
        """No file of this process grows beyond `size` bytes: what a full disk does; None: room again."""
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def do_key(self, code: int) -> None:
        from kivy.core.window import Window

        Window.dispatch("on_keyboard", code, 0, None, [])

    def do_providers(self) -> list[str]:
        from kivy.base import EventLoop

        return [type(provider).__name__ for provider in EventLoop.input_providers]

    def do_quit(self) -> None:
        self.stopped = True
        self.app.stop()


if __name__ == "__main__":
    across, up = (int(part) for part in sys.argv[2].split("x"))
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    Puppet(Path(sys.argv[1]), (across, up), float(sys.argv[3])).run()
