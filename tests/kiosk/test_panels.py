"""Screens, touch panels and rights, from trees of files like the kernel's; the plain picture of a failure."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk import apology, doctor_screen
from kiosk.apology import Bitmap, NoFramebuffer, Screen, painted
from kiosk.graphics_probe import Graphics, probe
from kiosk.panels import screens, touch_panels
from tests.kiosk.conftest import ROOT

PANEL = {"name": "ILITEK Touch", "properties": "2", "capabilities/abs": "261800000000003"}
OLD_PANEL = {
    "name": "eGalax",
    "properties": "0",
    "capabilities/abs": "3",
    "capabilities/key": "400 0 0 0 0 0",
}
TOUCH_PAD = {**OLD_PANEL, "name": "SynPS/2", "properties": "1"}
MOUSE = {"name": "USB Mouse", "properties": "0", "capabilities/key": "70000 0 0 0 0"}


def channel(root: Path, number: int, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / f"event{number}" / "device" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")


def plugged(root: Path, name: str, status: str, modes: str) -> None:
    (root / name).mkdir(parents=True)
    (root / name / "status").write_text(status + "\n")
    (root / name / "modes").write_text(modes)


def test_touch_screens_are_told_from_touch_pads_and_mice(tmp_path: Path):
    for number, files in enumerate((MOUSE, PANEL, TOUCH_PAD, OLD_PANEL)):
        channel(tmp_path, number, files)
    assert touch_panels(tmp_path) == ["ILITEK Touch", "eGalax"]
    assert doctor_screen.touch(tmp_path).well
    assert doctor_screen.touch(tmp_path / "nothing").level == "look"


def test_connected_screens_are_found_with_their_first_mode(tmp_path: Path):
    plugged(tmp_path, "card1-HDMI-A-1", "connected", "1920x1080\n1280x720\n")
    plugged(tmp_path, "card1-HDMI-A-2", "disconnected", "")
    assert [(one.name, one.size) for one in screens(tmp_path)] == [("HDMI-A-1", (1920, 1080))]
    plugged(tmp_path, "card1-DSI-1", "connected", "800x480i\n")
    assert len(screens(tmp_path)) == 2


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window system."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)


def devices(root: Path) -> Path:
    for name in ("dri/card0", "dri/renderD128", "input/event0"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def level(drm: Path, dev: Path) -> tuple[str, str]:
    found = doctor_screen.screen("kms", Graphics(), drm, dev)
    return found.level, found.sentence["en"]


@pytest.mark.usefixtures("bare")
def test_without_a_window_system_screen_and_rights_are_looked_at(tmp_path: Path):
    drm, dev = tmp_path / "drm", tmp_path / "dev"
    assert level(drm, dev) == ("wrong", "no window system and no graphics card")
    devices(dev)
    assert level(drm, dev) == ("wrong", "no screen is plugged in")
    plugged(drm, "card0-HDMI-A-1", "connected", "1280x800\n")
    assert level(drm, dev) == ("well", "HDMI-A-1, 1280 × 800")
    plugged(drm, "card0-HDMI-A-2", "connected", "320x240\n")
    assert level(drm, dev)[0] == "look"


STRANGER = """
import os, sys
from pathlib import Path
from kiosk import doctor_screen
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
found = doctor_screen.access(Path(sys.argv[1]))
print(found.data() if found else "may")
"""


def test_a_user_without_the_groups_is_told_which_is_missing(tmp_path: Path):
    dev = devices(tmp_path / "dev")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() != "root" or folder == Path("/tmp"):
            break
        folder.chmod(folder.stat().st_mode | 0o055)
    command = [sys.executable, "-c", STRANGER, str(dev)]

    def ask() -> str:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    for path in dev.rglob("*[0-9]"):
        path.chmod(0o666)
    assert ask() == "may\n"
    (dev / "input" / "event0").chmod(0o000)
    group = (dev / "input" / "event0").group()
    told = ask()
    assert "event0" in told
    assert f"usermod -aG {group} " in told


def test_a_processor_that_draws_is_told(tmp_path: Path):
    assert doctor_screen.renderer(Graphics("llvmpipe (LLVM 15)")).level == "look"
    assert doctor_screen.renderer(Graphics("V3D 4.2")).well
    assert doctor_screen.renderer(Graphics()).level == "wrong"


def test_a_real_machine_tells_who_draws():
    found = probe()
    assert found.renderer, found


@pytest.mark.usefixtures("bare")
def test_a_window_system_that_does_not_answer_is_wrong(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISPLAY", ":4711")
    found = doctor_screen.screen("x11", probe())
    assert found.level == "wrong"
    assert ":4711" in found.sentence["en"]


def test_missing_libraries_are_named_with_their_packages(tmp_path: Path):
    found = doctor_screen.libraries({"libNothing.so.1": "libnothing1"}, (tmp_path,))
    assert found.advice == {
        "zh-CN": "apt-get install libnothing1 libgl1-mesa-dri",
        "en": "apt-get install libnothing1 libgl1-mesa-dri",
    }


def test_sound_is_missed_only_where_it_is_wanted(tmp_path: Path):
    cards = tmp_path / "cards"
    assert doctor_screen.sound(wanted=False, cards=cards).well
    assert doctor_screen.sound(wanted=True, cards=cards).level == "look"
    cards.write_text(" 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n                      vc4-hdmi-0\n")
    assert doctor_screen.sound(wanted=True, cards=cards).sentence["en"] == "vc4-hdmi - vc4-hdmi-0"


@pytest.mark.parametrize(
    ("width", "height", "depth"), [(1920, 1080, 4), (1280, 800, 2), (800, 480, 4), (480, 200, 2)]
)
def test_the_plain_picture_fills_every_screen_exactly(width: int, height: int, depth: int):
    stride = width * depth + 32
    data = painted(Bitmap.read(), Screen(width, height, depth, stride))
    assert len(data) == stride * height
    lit = [at for at in range(height) if b"\xff" in data[at * stride : (at + 1) * stride]]
    assert lit
    if width >= 640 and height >= 240:
        assert abs((lit[0] + lit[-1]) / 2 - height / 2) < height / 8
        assert not data[: stride * lit[0]].strip(b"\0")


def framebuffer(folder: Path, size: str = "1280,800") -> Path:
    shape = folder / "fb0"
    shape.mkdir()
    (shape / "virtual_size").write_text(f"{size}\n")
    (shape / "bits_per_pixel").write_text("32\n")
    (shape / "stride").write_text("5120\n")
    return shape


def test_it_is_painted_on_the_framebuffer_until_it_is_stopped(tmp_path: Path):
    device = tmp_path / "fb0.pixels"
    device.write_bytes(bytes(5120 * 800))
    stop = threading.Event()
    where = {"device": device, "shape": framebuffer(tmp_path), "console": tmp_path / "no console"}
    painter = threading.Thread(target=apology.show, args=(stop,), kwargs=where)
    painter.start()
    stop.set()
    painter.join(10)
    assert device.read_bytes() == painted(Bitmap.read(), Screen(1280, 800, 4, 5120))


def test_without_a_framebuffer_it_is_said_in_words(tmp_path: Path):
    console, stop = tmp_path / "tty1", threading.Event()
    console.touch()
    stop.set()
    apology.show(stop, device=tmp_path / "none", shape=tmp_path / "none", console=console)
    assert "out of order" in console.read_text()


@pytest.mark.parametrize("size", ["0,0", "wide", "9999,10"])
def test_a_framebuffer_that_makes_no_sense_is_none(tmp_path: Path, size: str):
    with pytest.raises(NoFramebuffer):
        Screen.read(framebuffer(tmp_path, size))
