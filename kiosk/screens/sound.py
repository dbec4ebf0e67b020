"""The tick of a touch. In: nothing. Out: a short sound, where this machine can make one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger("kiosk.sound")
FILE = Path(__file__).parents[1] / "sounds" / "tick.wav"


class TickSound:
    """Opened when it is first wanted: an open audio output costs power all the time."""

    def __init__(self) -> None:
        self._sound: Any = None
        self._sought = False

    def load(self) -> None:
        """Open the audio output; without one the kiosk is silent, and says so once."""
        from kivy.core.audio import SoundLoader

        self._sought = True
        self._sound = SoundLoader.load(str(FILE))
        if self._sound is None:
            log.warning("no sound: this machine has no audio output that can be opened")

    def play(self) -> None:
        """Play it once."""
        if not self._sought:
            self.load()
        if self._sound is not None:
            self._sound.play()
