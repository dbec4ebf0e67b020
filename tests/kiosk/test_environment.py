"""The variables that lock the kiosk down, and the window that obeys them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.environment import Display, prepare, session_of, variables
from kiosk.lockdown import lock
from tests.kiosk.conftest import ROOT

LOOK = """
import json, sys
from pathlib import Path
from kiosk.environment import Display, prepare
from kiosk.lockdown import lock
prepare(Display((640, 480), diagonal=10.0, rotation=90), Path(sys.argv[1]))
from kivy.config import Config
Config.remove_option("input", "%(name)s")
from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.metrics import Metrics
EventLoop.ensure_window()
lock(Window)
answers = [Window.dispatch("on_keyboard", key, 0, "", []) for key in (27, 282, 292, 293, 32)]
print(json.dumps({
    "modules": list(Config.options("modules")),
    "keys": answers,
    "close": Window.dispatch("on_request_close"),
    "quit": EventLoop.quit,
    "cursor": Window.show_cursor,
    "dpi": round(Metrics.dpi, 1),
    "density": Metrics.density,
    "size": list(Window.size),
    "home": [path.name for path in Path(sys.argv[1]).rglob("*") if path.is_file()],
}))
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a real window says of itself, though its surroundings asked for more."""
    hostile = {"KCFG_MODULES_INSPECTOR": "", "KIVY_DPI": "1", "KCFG_GRAPHICS_SHOW_CURSOR": "1"}
    found = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path_factory.mktemp("home"))],
        cwd=ROOT,
        env=os.environ | hostile | {"SDL_VIDEODRIVER": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    told: dict[str, object] = json.loads(found.stdout.splitlines()[-1])
    return told


def test_no_key_and_no_request_to_close_ends_a_real_window(window: dict[str, object]):
    assert window["keys"] == [True] * 5
    assert window["close"] is True
    assert window["quit"] is False


def test_no_module_of_kivy_is_loaded_though_the_surroundings_name_one(window: dict[str, object]):
    assert window["modules"] == []
    assert window["cursor"] is False


def test_kivy_writes_no_file(window: dict[str, object]):
    assert not [name for name in window["home"] if name.endswith((".ini", ".txt", ".log"))]  # type: ignore[attr-defined]


def test_a_millimetre_comes_from_the_diagonal_and_not_from_the_panel(window: dict[str, object]):
    assert window["dpi"] == 80.0
    assert window["density"] == 1.0


def test_a_screen_that_hangs_upright_is_drawn_upright(window: dict[str, object]):
    assert window["size"] == [480, 640]


@pytest.mark.parametrize(
    ("given", "session"),
    [
        ({}, "kms"),
        ({"DISPLAY": ":0"}, "x11"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "x11"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "cage"),
        ({"DISPLAY": ""}, "kms"),
    ],
)
def test_the_session_is_the_window_system_that_is_there(given: dict[str, str], session: str):
    assert session_of(None, given) == session
    assert session_of("kms", given) == "kms"


def test_the_whole_screen_is_taken_without_a_cursor_unless_a_window_is_wanted():
    whole, window = variables(Display(), Path("/run/x")), variables(Display((1280, 800)), Path("/run/x"))
    assert (whole["KCFG_GRAPHICS_FULLSCREEN"], whole["KCFG_GRAPHICS_SHOW_CURSOR"]) == ("auto", "0")
    assert "KIVY_DPI" not in whole
    assert (window["KCFG_GRAPHICS_WIDTH"], window["KCFG_GRAPHICS_HEIGHT"]) == ("1280", "800")
    known = variables(Display(resolution=(1920, 1080), diagonal=21.5), Path("/run/x"))
    assert known["KIVY_DPI"] == "102.5"


def test_after_kivy_it_is_too_late(tmp_path: Path):
    sys.modules["kivy"] = sys
    try:
        with pytest.raises(RuntimeError, match="before the first import"):
            prepare(Display(), tmp_path)
    finally:
        del sys.modules["kivy"]


def test_the_lock_swallows_whatever_it_is_given():
    class Window:
        def __init__(self) -> None:
            self.handlers: dict[str, object] = {}

        def bind(self, **handlers: object) -> None:
            self.handlers |= handlers

    window = Window()
    lock(window)
    assert {"on_request_close", "on_keyboard", "on_key_down", "on_drop_file"} <= set(window.handlers)
