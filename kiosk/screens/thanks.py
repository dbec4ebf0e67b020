"""The thank-you, drawn only when the answer is on disk. In: a ThanksView."""

from __future__ import annotations

from kiosk import palette
from kiosk.screens.sheet import Sheet
from kiosk.view import ThanksView

CHECK = (((-0.42, -0.02), (-0.12, -0.34)), ((-0.12, -0.34), (0.46, 0.32)))


class ThanksScreen(Sheet):
    """A check mark, one sentence, and where the answer is when the line is down."""

    radius = 104.0
    bar = 0.085
    gaps = (44, 8, 56, 4)

    def __init__(self, **given: object) -> None:
        super().__init__(**given)
        self._sorry = False
        self.bind(size=self._measure)
        self._measure()

    def show(self, view: ThanksView) -> None:
        """Draw the view."""
        self.say(view.headline, view.note)
        self._sorry = view.sorry
        self._measure()

    def _measure(self, *_: object) -> None:
        self.headline_step = 6 if self.width > self.height else 5
        # Blue for thanks; grey after a bad answer, which nobody celebrates.
        self.arrange(CHECK, palette.SOFT_INK if self._sorry else palette.ACCENT)
