"""The stored pictures are what the screens look like today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.coverage import missing
from kiosk.views import Pair
from scripts.gallery import DIAGONALS, OUT, is_drawn
from scripts.gallery_views import PHOTO, Estate

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = {
    "1280x800": ("question_zh_normal", "reasons_zh_normal", "safety_en_normal", "attract_zh_normal"),
    "800x1280": ("question_zh_elder", "sorry_en_normal", "reasons_zh_elder", "staff_zh_normal"),
    "1920x1080": ("nps_zh_normal", "contrast_en_normal", "code_zh_normal", "waiting_en_normal"),
}
MEAN_DIFFERENCE = 2.0
"""Of 255, over all pixels and colours: another version of the software renderer stays far below."""
FAR_OFF, FEW = 24, 0.005
"""No more than this share of the pixels differs by more than this much of 255."""
MOST_BYTES = 8_000_000


@pytest.mark.parametrize("size", SAMPLE)
def test_a_stored_picture_looks_like_the_screen(size: str, tmp_path: Path):
    command = [sys.executable, "scripts/gallery.py", "--size", size, "--out", str(tmp_path)]
    subprocess.run([*command, "--only", *SAMPLE[size]], cwd=ROOT, check=True)
    assert len(list(tmp_path.iterdir())) == len(SAMPLE[size])
    for name in SAMPLE[size]:
        with (
            Image.open(OUT / f"{name}_{size}.png") as stored,
            Image.open(tmp_path / f"{name}_{size}.png") as now,
        ):
            apart = ImageChops.difference(stored.convert("RGB"), now.convert("RGB"))
        assert sum(ImageStat.Stat(apart).mean) / 3 < MEAN_DIFFERENCE, (
            f"{name}: run make screenshots, and look"
        )
        far = apart.convert("L").point(lambda value: 255 * (value > FAR_OFF))
        share = ImageStat.Stat(far).mean[0] / 255
        assert share < FEW, f"{name}: {share:.1%} of it looks different; run make screenshots, and look"


def test_every_screen_is_in_the_gallery_and_nothing_else():
    wanted = {
        f"{name}_{short}_{'elder' if elder else 'normal'}_{size}.png"
        for size in DIAGONALS
        for short, language in (("zh", "zh-CN"), ("en", "en"))
        for elder in (False, True)
        for name, view in Estate(language, elder=elder).views("").items()
        if is_drawn(name, view, elder=elder, size=size)
    }
    assert {path.name for path in OUT.glob("*.png")} == wanted
    listed = (OUT / "index.md").read_text("utf-8")
    assert all(name in listed for name in wanted)


def test_the_gallery_stays_small():
    assert sum(path.stat().st_size for path in OUT.iterdir()) < MOST_BYTES


def test_no_word_of_the_gallery_is_a_box():
    def words(value: object) -> list[str]:
        if isinstance(value, str):
            return [] if value == str(PHOTO) else [value]
        if isinstance(value, tuple) and not isinstance(value, Pair):
            return [word for part in value for word in words(part)]
        if isinstance(value, Pair):
            return list(value)
        slots = getattr(value, "__dataclass_fields__", ())
        return [word for name in slots for word in words(getattr(value, name))]

    for language in ("zh-CN", "en"):
        for view in Estate(language).views(str(PHOTO)).values():
            assert missing(words(view)) == ""
