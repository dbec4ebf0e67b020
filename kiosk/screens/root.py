"""All screens in one widget. In: a view. Out: its picture, and what lies under a point."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from kivy.base import EventLoop
from kivy.graphics import PopMatrix, PushMatrix, Translate
from kivy.uix.widget import Widget

from kiosk import views
from kiosk.screens import attract, code, notice, pad, question, reasons, safety, sleep, staff, thanks
from kiosk.screens.boxes import Box
from kiosk.screens.brush import Brush
from kiosk.screens.glass import Glass
from kiosk.screens.pieces import Page
from kiosk.screens.sheet import Sheet
from kiosk.views import Manners, View

_LAID_OUT_BY: dict[type, Callable[[Sheet, Any], None]] = {
    views.QuestionView: question.lay_out,
    views.ReasonsView: reasons.lay_out,
    views.ThanksView: thanks.lay_out,
    views.SafetyView: safety.lay_out,
    views.AttractView: attract.lay_out,
    views.CodeView: code.lay_out,
    views.SleepView: sleep.lay_out,
    views.PadView: pad.lay_out,
    views.StaffView: staff.lay_out,
    views.NoticeView: notice.lay_out,
}
_REMEMBERED = 64
"""Pages; the same few come back visit after visit."""


@lru_cache(_REMEMBERED)
def page_of(view: View, glass: Glass) -> Page:
    """What a view looks like on a glass: what is drawn where, and what can be touched."""
    sheet = Sheet(glass, getattr(view, "manners", Manners()))
    _LAID_OUT_BY[type(view)](sheet, view)
    return sheet.page()


class Root(Widget):  # type: ignore[misc] # Kivy has no types
    """The only widget: one page at a time, without a transition; nothing grows over the years."""

    def __init__(self, diagonal: float = 15.6, **given: object) -> None:
        super().__init__(**given)
        self._diagonal = diagonal
        self._view: View | None = None
        self._now = 0
        self._brush = Brush()
        self._shift = Translate(0, 0)
        # The window's size from the start: a first layout at Kivy's 100 × 100 would be thrown away.
        self.size = EventLoop.window.size
        for part in (PushMatrix(), self._shift, self._brush.group, PopMatrix()):
            self.canvas.add(part)
        self.bind(size=self._resized)
        self._resized()

    @property
    def page(self) -> Page | None:
        """What is drawn now."""
        return self._brush.page

    @property
    def moving(self) -> bool:
        """Whether a countdown is shown, which wants `tick` ten times a second."""
        return self._brush.moving

    @property
    def brush(self) -> Brush:
        """What draws."""
        return self._brush

    def show(self, view: View, now: int = 0) -> None:
        """Draw a view as it is at `now` (ms of the clock that its countdown uses)."""
        self._now = now
        if view != self._view or self.page is None:
            self._view = view
            self._draw()
        else:
            self._brush.tick(now)

    def tick(self, now: int) -> None:
        """Time has passed: shorten the countdown."""
        self._now = now
        self._brush.tick(now)

    def move_to(self, shift: tuple[int, int]) -> None:
        """Move the whole layout by so many pixels, against burn-in (see `glass.drift`)."""
        self._shift.xy = shift

    def target_at(self, x: float, y: float) -> str | None:
        """What lies under a point of the window, by the name that the flow knows."""
        if self.page is None:
            return None
        return self.page.target_at(x - self._shift.x, y - self._shift.y)

    def targets(self) -> tuple[tuple[str, Box], ...]:
        """Everything that can be touched, and where."""
        return self.page.targets if self.page else ()

    def _resized(self, *_: object) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._view is None:
            return
        page = page_of(self._view, Glass(self.width, self.height, self._diagonal))
        # The window is cleared with it anyway: a sheet of paper would be painted over every pixel once more.
        EventLoop.window.clearcolor = page.ground
        self._brush.show(page, self._now)
