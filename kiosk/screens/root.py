"""All screens in one window. In: a view. Out: the screen that draws it, and the face under a point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.base import EventLoop
from kivy.lang import Builder
from kivy.uix.floatlayout import FloatLayout

from kiosk.screens.notice import NoticeScreen
from kiosk.screens.question import QuestionScreen
from kiosk.screens.thanks import ThanksScreen
from kiosk.view import NoticeView, QuestionView, ThanksView, View


def load_rules() -> None:
    """Read the .kv files once, before the first screen is made."""
    here = Path(__file__).parent
    for name in ("question.kv", "sheet.kv", "notice.kv"):
        path = str(here / name)
        if path not in Builder.files:
            Builder.load_file(path, encoding="utf8")


class Root(FloatLayout):  # type: ignore[misc] # Kivy has no types
    """Shows one screen at a time. Each is made once and used for ever: nothing grows over the years."""

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        # The window's size from the start: a first layout at Kivy's 100 × 100 would be thrown away.
        size = EventLoop.window.size
        self._screens: dict[type[View], Any] = {
            QuestionView: QuestionScreen(size=size),
            ThanksView: ThanksScreen(size=size),
            NoticeView: NoticeScreen(size=size),
        }

    def show(self, view: View) -> None:
        """Draw a view on its screen and bring that to the front, without a transition."""
        screen = self._screens[type(view)]
        screen.show(view)
        if screen.parent is None:
            self.clear_widgets()
            self.add_widget(screen)

    def cell_at(self, x: float, y: float) -> int | None:
        """The answer under a point of the window; None on every other screen."""
        screen = self.children[0] if self.children else None
        return screen.cell_at(x, y) if isinstance(screen, QuestionScreen) else None
