"""Nobody leaves the kiosk by a key or a close button, and nothing of Kivy's tool box opens.

In: Kivy's window, before its first frame. Out: the same window, deaf to keys and to requests to close. What
environment variables can forbid is forbidden in `kiosk.environment`; this is what they cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Window(Protocol):
    """What is used of Kivy's window."""

    def bind(self, **handlers: Callable[..., bool]) -> object:
        """Be asked first when something happens; True means that nobody else is asked."""
        ...


def lock(window: Window) -> None:
    """Swallow every key (Escape, F1, F11, F12 among them) and every request to close (Alt-F4, a task bar)."""
    window.bind(
        on_key_down=_swallowed,
        on_key_up=_swallowed,
        on_keyboard=_swallowed,
        on_textinput=_swallowed,
        on_request_close=_swallowed,
        on_drop_file=_swallowed,
    )


def _swallowed(*_: object, **__: object) -> bool:
    return True
