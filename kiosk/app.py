"""The window: events go into the flow, its effects are performed, its state is drawn.

In: touches, events from the inbox, time. Out: frames, and answers given to the terminal. The only user of
Kivy's clock; everything that decides is in `kiosk.flow`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from math import hypot
from pathlib import Path
from typing import Any, Protocol

import structlog
from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.config import Config

from kiosk import flow
from kiosk.environment import Display
from kiosk.inbox import Inbox
from kiosk.pace import Pace
from kiosk.screens.root import Root, load_rules
from kiosk.stages import Effect, Event, Keep, Keeping, Kiosk, OpenStore, Sound, Tick, TouchDown, TouchUp
from kiosk.view import view

log = structlog.get_logger("kiosk.app")
LOOK_EVERY = 0.1
"""Seconds between looks into the inbox where nothing can wake the window."""
LOOK_ANYWAY = 1.0
"""The same where the inbox wakes it: a net under the trapeze."""
TICK = Path(__file__).parent / "sounds" / "tick.wav"


class Performer(Protocol):
    """What the window asks of the terminal; the answers come through the inbox."""

    duplicate_touches: int
    """How many touches were read twice, for the heartbeat."""

    def keep(self, keep: Keep) -> None:
        """Put an answer on disk."""

    def open_store(self) -> None:
        """Try to open the store again."""


class NoScreen(Exception):
    """No screen could be opened: DISPLAY may name one that is gone, or this user may not use /dev/dri."""


class Touch(Protocol):
    """What is read of Kivy's touches."""

    uid: int
    x: float
    y: float
    is_mouse_scrolling: bool


class Playable(Protocol):
    """What is used of Kivy's sounds."""

    def play(self) -> None:
        """Play it once."""


class KioskApp(App):  # type: ignore[misc] # Kivy has no types
    """One window, one state."""

    def __init__(
        self, state: Kiosk, performer: Performer, inbox: Inbox, display: Display, *, now: Callable[[], int]
    ) -> None:
        Config.remove_option("input", "%(name)s")  # probesysfs: it would read every touch a second time
        super().__init__()
        self.title = "Taploop"
        self.state = state
        self._performer = performer
        self._inbox = inbox
        self._display = display
        self._now = now
        self._due: Any = None
        self._each_frame: Any = None
        self._tick_sound = _load_sound() if display.sound else None

    # --- what Kivy calls ------------------------------------------------------------------------------

    def build(self) -> Root:
        """Make every screen once and draw the first."""
        load_rules()
        root = Root()
        root.bind(on_touch_down=self._touch_down, on_touch_up=self._touch_up)
        root.show(view(self.state))
        return root

    def on_start(self) -> None:
        """The window is there: begin to look into the inbox."""
        self._pace = Pace()
        if self._pace.driver == "offscreen" and os.environ.get("SDL_VIDEODRIVER") != "offscreen":
            raise NoScreen(NoScreen.__doc__)
        self._inbox.wake = self._pace.wake
        if self._pace.waits:
            Clock.idle = self._idle
        self._each_frame = Clock.create_trigger(self._look, 0, interval=True)
        Clock.schedule_interval(self._look, LOOK_ANYWAY if self._pace.waits else LOOK_EVERY)
        self._remind()

    def stop_soon(self) -> None:
        """End after this frame; may be called from a signal handler."""
        Clock.schedule_once(lambda _: self.stop())

    def open_settings(self, *_: object) -> bool:
        """F1 opens no settings panel here."""
        return False

    # --- events in, effects out -----------------------------------------------------------------------

    def post(self, event: Event) -> None:
        """The one way in: decide, draw, perform."""
        before = self.state
        self.state, effects = flow.advance(before, event, self._now())
        if self.state is not before:
            self._performer.duplicate_touches = self.state.counts.duplicate
            self.root.show(view(self.state))
            self._remind()
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        if isinstance(effect, Keep):
            self._performer.keep(effect)
        elif isinstance(effect, OpenStore):
            self._performer.open_store()
        elif isinstance(effect, Sound) and self._tick_sound is not None:
            self._tick_sound.play()

    def _remind(self) -> None:
        """Ask Kivy for a tick at the moment the state names; look into the inbox each frame while keeping."""
        if self._due is not None:
            self._due.cancel()
        due = flow.due_at(self.state)
        self._due = None
        if due is not None:
            self._due = Clock.schedule_once(lambda _: self.post(Tick()), max(0, due - self._now()) / 1000)
        if self._each_frame is not None:
            self._each_frame() if isinstance(self.state.stage, Keeping) else self._each_frame.cancel()

    def _look(self, _: float) -> None:
        for event in self._inbox.taken():
            self.post(event)

    # --- touches --------------------------------------------------------------------------------------

    def _touch_down(self, root: Root, touch: Touch) -> bool:
        if not _is_finger(touch):
            return True
        millimetre = hypot(*root.size) / (self._display.diagonal * 25.4)
        cell = root.cell_at(touch.x, touch.y)
        self.post(TouchDown(str(touch.uid), cell, touch.x / millimetre, touch.y / millimetre))
        return True

    def _touch_up(self, root: Root, touch: Touch) -> bool:
        if _is_finger(touch):
            self.post(TouchUp(str(touch.uid), root.cell_at(touch.x, touch.y)))
        return True

    # --- frames ---------------------------------------------------------------------------------------

    def _idle(self) -> float:
        """Kivy's pause between two frames: until something is due, the frame rate allows it, or SDL wakes.

        Kivy reads touches after a frame and hands them out in the next: with one of those there is no pause.
        """
        due = Clock.get_min_timeout()  # by Kivy's clock, not from now, whatever its name says
        until = max(due, Clock._last_tick + 1 / self._display.frames)
        if not _something_waits() and self._pace.wait(until - Clock.time()):
            self._look(0)
        now = Clock.time()
        Clock._dt, Clock._last_tick = now - Clock._last_tick, now
        return float(now)

    def picture(self, path: Path) -> None:
        """Write what is on the screen as a PNG."""
        from kivy.core.window import Window

        Window.dispatch("on_draw")
        Path(Window.screenshot(name=str(path))).replace(path)


def _something_waits() -> bool:
    """A touch that was read and not handed out, or a change that was made and not drawn."""
    read = any(getattr(provider, "waiting_event", ()) for provider in EventLoop.input_providers)
    return read or EventLoop.window.canvas.needs_redraw


def _is_finger(touch: Touch) -> bool:
    """The wheel and the right key of a mouse are no fingers."""
    return not touch.is_mouse_scrolling and getattr(touch, "button", "left") == "left"


def _load_sound() -> Playable | None:
    from kivy.core.audio import SoundLoader

    sound: Playable | None = SoundLoader.load(str(TICK))
    if sound is None:
        log.warning("no sound: this machine has no audio output that can be opened")
    return sound
