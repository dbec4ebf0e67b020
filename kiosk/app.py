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

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.config import Config

from kiosk import flow
from kiosk.backlight import Backlight
from kiosk.environment import Display
from kiosk.events import (
    Brightness,
    CheckPin,
    Effect,
    Event,
    Examine,
    Exit,
    ForgetIdentity,
    Keep,
    OpenStore,
    ScreenMeasured,
    Sound,
    Tick,
    TouchDown,
    TouchUp,
)
from kiosk.inbox import Inbox
from kiosk.layouts import corner_at, screen_of
from kiosk.lockdown import lock
from kiosk.pace import Pace
from kiosk.performer import Performer
from kiosk.screens.glass import drift
from kiosk.screens.root import Root
from kiosk.screens.shade import Shade
from kiosk.screens.sound import TickSound
from kiosk.stages import Keeping, Kiosk
from kiosk.view import view
from kiosk.watchdog import Watchdog

LOOK_EVERY = 0.1
"""Seconds between looks into the inbox where nothing can wake the window."""
LOOK_ANYWAY = 1.0
"""The same where the inbox wakes it: a net under the trapeze."""
COUNT_DOWN = 0.1
"""Seconds between two steps of a countdown."""
DRIFT_EVERY = 3600.0
"""Seconds until the whole layout is moved by a few pixels, against burn-in."""


class NoScreen(Exception):
    """No screen could be opened: DISPLAY may name one that is gone, or this user may not use /dev/dri."""


class Touch(Protocol):
    """What is read of Kivy's touches."""

    uid: int
    x: float
    y: float
    is_mouse_scrolling: bool


class KioskApp(App):  # type: ignore[misc] # Kivy has no types
    """One window, one state."""

    def __init__(
        self,
        state: Kiosk,
        performer: Performer,
        inbox: Inbox,
        display: Display,
        *,
        now: Callable[[], int],
        watchdog: Watchdog | None = None,
        backlight: Backlight | None = None,
    ) -> None:
        Config.remove_option("input", "%(name)s")  # probesysfs: it would read every touch a second time
        super().__init__()
        self.title = "Taploop"
        self.state = state
        self._performer = performer
        self._inbox = inbox
        self._display = display
        self._now = now
        self._watchdog, self._backlight = watchdog, backlight
        self.left_by_staff = False
        """Whether somebody with the PIN ended the program."""
        self._due: Any = None
        self._each_frame: Any = None
        self._sound = TickSound()

    # --- what Kivy calls ------------------------------------------------------------------------------

    def build(self) -> Root:
        """Draw the first screen."""
        from kivy.core.window import Window

        if Window is None:  # Kivy found no way to draw, and has logged each that it tried
            raise NoScreen(NoScreen.__doc__)
        lock(Window)
        root = Root(self._display.diagonal)
        root.bind(on_touch_down=self._touch_down, on_touch_up=self._touch_up, size=self._measured)
        self._shade = Shade(root)
        root.show(view(self.state), self._now())
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
        if self._display.sound:
            self._sound.load()
        self._counting_down = Clock.create_trigger(self._count_down, COUNT_DOWN, interval=True)
        Clock.schedule_interval(self._drift, DRIFT_EVERY)
        self._measured(self.root)
        if self._watchdog:
            self._watchdog.ready()
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
            self._performer.counts = self.state.counts
            self.root.show(view(self.state), self._now())
        if self.state is not before or isinstance(event, Tick):
            self._remind()  # a tick may come a moment too early; then there must be another
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        if isinstance(effect, Keep):
            self._performer.keep(effect)
        elif isinstance(effect, OpenStore):
            self._performer.open_store()
        elif isinstance(effect, Sound):
            self._tick(effect)
        elif isinstance(effect, Brightness):
            self._light(effect.percent)
        elif isinstance(effect, CheckPin):
            self._performer.check_pin(effect)
        elif isinstance(effect, Examine):
            self._performer.examine()
        else:
            self._leave(effect)

    def _leave(self, effect: Exit | ForgetIdentity) -> None:
        """End the program; after a lost identity the service manager starts it anew, unpaired."""
        if isinstance(effect, Exit):
            self.left_by_staff = True
        elif not self._performer.forget_identity(effect.sure):
            return
        self.stop_soon()

    def _tick(self, effect: Sound) -> None:
        if effect.wanted or self._display.sound:
            self._sound.play()

    def _light(self, percent: int) -> None:
        lit = self._backlight.set(percent) if self._backlight else False
        self._shade.let_through(100 if lit else percent)

    def _remind(self) -> None:
        """Ask Kivy for a tick at the moment the state names; look into the inbox each frame while keeping."""
        if self._due is not None:
            self._due.cancel()
        due = flow.due_at(self.state, self._now())
        self._due = None
        if due is not None:
            self._due = Clock.schedule_once(lambda _: self.post(Tick()), max(0, due - self._now()) / 1000)
        if self._each_frame is not None:
            self._each_frame() if isinstance(self.state.stage, Keeping) else self._each_frame.cancel()
            self._counting_down() if self.root.moving else self._counting_down.cancel()

    def _look(self, _: float) -> None:
        for event in self._inbox.taken():
            self.post(event)
        if self._watchdog:
            self._watchdog.turned()
            self._watchdog.emptied()

    def _count_down(self, _: float) -> None:
        self.root.tick(self._now())

    def _drift(self, _: float) -> None:
        self.root.move_to(drift(self._now() // 3_600_000))

    def _measured(self, root: Root, *_: object) -> None:
        self.post(ScreenMeasured(*screen_of(tuple(root.size), self._display.diagonal)))

    # --- touches --------------------------------------------------------------------------------------

    def _touch_down(self, root: Root, touch: Touch) -> bool:
        if not _is_finger(touch):
            return True
        x, y = self._millimetres(root, touch)
        self.post(TouchDown(str(touch.uid), self._target(root, touch), x, y))
        return True

    def _touch_up(self, root: Root, touch: Touch) -> bool:
        if _is_finger(touch):
            self.post(TouchUp(str(touch.uid), self._target(root, touch)))
        return True

    def _target(self, root: Root, touch: Touch) -> str | None:
        found: str | None = root.target_at(touch.x, touch.y)
        if found not in (None, "card"):
            return found
        screen = screen_of(tuple(root.size), self._display.diagonal)
        return corner_at(*self._millimetres(root, touch), screen) or found

    def _millimetres(self, root: Root, touch: Touch) -> tuple[float, float]:
        millimetre = hypot(*root.size) / (self._display.diagonal * 25.4)
        return touch.x / millimetre, touch.y / millimetre

    # --- frames ---------------------------------------------------------------------------------------

    def _idle(self) -> float:
        """Kivy's pause between two frames: until something is due, or SDL or the inbox wakes it.

        Kivy reads touches after a frame and hands them out in the next: with one of those there is no pause.
        """
        woken = False
        if not any(getattr(provider, "waiting_event", ()) for provider in EventLoop.input_providers):
            due = Clock.get_min_timeout()  # a moment, whatever its documentation says; 0: at the next frame
            woken = self._pace.wait(max(due, Clock._last_tick + 1 / self._display.frames) - Clock.time())
        now = Clock.time()
        Clock._dt, Clock._last_tick = now - Clock._last_tick, now
        if woken:
            self._look(0)  # only now: Kivy counts what is scheduled in it from the last tick
        return float(now)

    def picture(self, path: Path) -> None:
        """Write what is on the screen as a PNG."""
        from kivy.core.window import Window

        Window.dispatch("on_draw")
        Path(Window.screenshot(name=str(path))).replace(path)


def _is_finger(touch: Touch) -> bool:
    """The wheel and the right key of a mouse are no fingers."""
    return not touch.is_mouse_scrolling and getattr(touch, "button", "left") == "left"
