"""The backlight of a tree of files like the kernel's."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.backlight import Backlight, level


def panel(root: Path, name: str, most: str = "31\n") -> Path:
    folder = root / name
    folder.mkdir()
    (folder / "max_brightness").write_text(most)
    (folder / "brightness").write_text("0\n")
    return folder


def test_every_panel_is_set_in_its_own_steps(tmp_path: Path):
    small, large = panel(tmp_path, "10-0045"), panel(tmp_path, "intel_backlight", "19200\n")
    assert Backlight(tmp_path).set(25)
    assert (small / "brightness").read_text() == "8\n"
    assert (large / "brightness").read_text() == "4800\n"


def test_without_a_panel_the_picture_itself_must_be_dimmed(tmp_path: Path):
    assert not Backlight(tmp_path).set(25)
    assert not Backlight(tmp_path / "nothing").set(25)


def test_a_panel_that_cannot_be_set_is_no_panel(tmp_path: Path):
    broken = panel(tmp_path, "broken", "many\n")
    blocked = panel(tmp_path, "blocked")
    (blocked / "brightness").unlink()
    (blocked / "brightness").mkdir()
    assert not Backlight(tmp_path).set(50)
    assert (broken / "brightness").read_text() == "0\n"


@pytest.mark.parametrize(
    ("percent", "most", "step"),
    [(0, 31, 0), (1, 31, 1), (100, 31, 31), (50, 255, 128), (150, 255, 255), (-1, 255, 0)],
)
def test_only_nought_is_black(percent: int, most: int, step: int):
    assert level(percent, most) == step
