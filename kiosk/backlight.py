"""How bright the screen is.

In: per cent. Out: the kernel's backlight; or False, then the screen itself draws darker.
"""

from __future__ import annotations

from pathlib import Path

import structlog

log = structlog.get_logger("kiosk.backlight")
ROOT = Path("/sys/class/backlight")


class Backlight:
    """All panels of this machine that can be dimmed; `root` is the kernel's directory of them."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._told = False

    def set(self, percent: int) -> bool:
        """Set 0 (black) to 100; False when no panel could be set and the picture itself must be dimmed."""
        return (
            sum(self._set(panel, percent) for panel in self._panels()) > 0
        )  # each of them, not only the first

    def _panels(self) -> list[Path]:
        try:
            return sorted(self._root.iterdir())
        except OSError:
            return []

    def _set(self, panel: Path, percent: int) -> bool:
        try:
            most = int((panel / "max_brightness").read_text())
            (panel / "brightness").write_text(f"{level(percent, most)}\n")
        except (OSError, ValueError) as error:
            if not self._told:
                self._told = True
                log.warning("the backlight cannot be set", panel=panel.name, error=str(error))
            return False
        return True


def level(percent: int, most: int) -> int:
    """The step of a panel with `most` steps; only 0 per cent is black."""
    share = min(max(percent, 0), 100)
    return max(1, round(most * share / 100)) if share else 0
