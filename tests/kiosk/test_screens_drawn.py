"""Every screen on every glass: what can be touched, what can be read, what a phone reads back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops

from scripts.gallery_views import DOOR, SLIP, Estate
from tests.kiosk.easels import GLASSES, EaselProcess

NAMES = tuple(Estate("zh-CN").views(""))
MODES = {"normal": {}, "elder": {"elder": True}, "low": {"low_row": True}}
MODES["low elder"] = MODES["elder"] | MODES["low"]
KEYS = {"keys7": 7, "keys10": 10, "nps": 11}
LEAST_MM = 20.0
ELDER_GAIN = 1.35
HOTLINE = "400-820-1196"
"""Fills the screen in either mode."""


@pytest.fixture(scope="module", params=GLASSES)
def easel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EaselProcess]:
    """A glass of each size."""
    found = EaselProcess(request.param, tmp_path_factory.mktemp("easel"))
    yield found
    found.close()


def shown(
    easel: EaselProcess, *languages: str, long: bool = False
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every screen in every mode, with keys only where the flow would show them."""
    for language, mode, name in itertools.product(languages or ("zh-CN", "en"), MODES, NAMES):
        if name in KEYS and 0.95 * easel.width / KEYS[name] < LEAST_MM * easel.millimetre:
            continue
        yield name, mode, easel("show", name=name, language=language, long=long, **MODES[mode])


def test_every_target_is_wide_and_high_enough_for_a_finger(easel: EaselProcess):
    least = LEAST_MM * easel.millimetre
    small = [
        (name, mode, target, round(width / easel.millimetre, 1), round(height / easel.millimetre, 1))
        for name, mode, found in shown(easel)
        for target, _, _, width, height in found["targets"]
        if min(width, height) < least - 0.01
    ]
    assert small == []


def test_every_target_lies_on_the_glass_and_on_no_other(easel: EaselProcess):
    for name, mode, found in shown(easel, "zh-CN"):
        targets = [target for target in found["targets"] if target[0] != "card"]
        for target, x, y, width, height in targets:
            inside = x >= 0 and y >= 0 and x + width <= easel.width + 0.1 and y + height <= easel.height + 0.1
            assert inside, (name, mode, target)
        for (one, x, y, w, h), (other, x2, y2, w2, h2) in itertools.combinations(targets, 2):
            apart = x + w <= x2 + 0.1 or x2 + w2 <= x + 0.1 or y + h <= y2 + 0.1 or y2 + h2 <= y + 0.1
            assert apart, (name, mode, one, other)


def test_faces_leave_no_gap_between_them(easel: EaselProcess):
    for name, mode, found in shown(easel, "zh-CN"):
        cells = [target for target in found["targets"] if target[0].startswith("level:")]
        for (_, x, y, w, _), (_, x2, y2, _, h2) in itertools.pairwise(cells):
            beside = abs(x + w - x2) < 0.1 and abs(y - y2) < 0.1
            below = abs(y - y2 - h2) < 0.1 and abs(x - x2) < 0.1
            assert beside or below, (name, mode)


def test_in_the_low_row_all_that_can_be_touched_lies_in_the_lower_half(easel: EaselProcess):
    high = [
        (name, target, round(y + height))
        for name, mode, found in shown(easel, "zh-CN")
        if "low" in mode and name not in ("pad", "staff")
        for target, _, y, _, height in found["targets"]
        if target != "card" and y + height > easel.height / 2 + 0.1
    ]
    assert high == []


def test_a_touch_finds_its_target_wherever_the_layout_has_drifted_to(easel: EaselProcess):
    for name in NAMES:
        targets = easel("show", name=name)["targets"]
        middles = [(x + width / 2, y + height / 2) for _, x, y, width, height in targets]
        assert easel("at", points=middles[1:]) == [target[0] for target in targets[1:]]
        moved = [(x + 3, y - 3) for x, y in middles]
        assert easel("at", points=moved[1:], shift=(3, -3)) == [target[0] for target in targets[1:]]
    (name, x, y, _, _), *_ = easel("show", name="question")["targets"]
    assert easel("at", points=[(x + 1, y + 1), (x - 1, y + 1)]) == [name, None]
    assert easel("at", points=[(x + 1, y + 1), (x + 4, y + 1)], shift=(3, 0)) == [None, name]


@pytest.mark.parametrize("long", [False, True])
def test_nothing_is_written_beyond_its_room(easel: EaselProcess, long: bool):
    for name, mode, found in shown(easel, long=long):
        for words, size, x, y, width, height, wide, high, _ in found["written"]:
            assert wide <= width + 1, (name, mode, words)
            assert high <= height + 1, (name, mode, words)
            assert x >= 0 and x + width <= easel.width + 0.1, (name, mode, words)  # noqa: PT018
            assert y >= -size * 0.3 and y + height <= easel.height + 0.1, (name, mode, words)  # noqa: PT018


@pytest.mark.parametrize("long", [False, True])
def test_no_words_lie_on_others(easel: EaselProcess, long: bool):
    for name, mode, found in shown(easel, long=long):
        inked = [(one[0], one[8], one[8] + one[6], one[3], one[3] + one[5]) for one in found["written"]]
        for (one, x, right, y, top), (other, x2, right2, y2, top2) in itertools.combinations(inked, 2):
            across, up = min(right, right2) - max(x, x2), min(top, top2) - max(y, y2)
            assert across <= 1 or up <= 1, (name, mode, one, other)


def test_there_are_at_most_eight_sizes_of_type(easel: EaselProcess):
    sizes = {round(written[1], 2) for _, _, found in shown(easel) for written in found["written"]}
    assert len(sizes) <= 8


@pytest.mark.parametrize(("language", "gain"), [("zh-CN", ELDER_GAIN), ("en", 1.0)])
def test_elder_mode_is_larger(easel: EaselProcess, language: str, gain: float):
    """By 1.35 in Chinese; English words are long, and never become smaller."""
    for name in set(NAMES) - {"sleep", "pad", "staff", "waiting", "closed"}:
        if name in KEYS and 0.95 * easel.width / KEYS[name] < LEAST_MM * easel.millimetre:
            continue
        sizes = [
            {words.replace(" ", ""): size for words, size, *_ in found["written"]}
            for found in (easel("show", name=name, language=language, elder=elder) for elder in (False, True))
        ]
        for words in sizes[0].keys() & sizes[1].keys() - {HOTLINE}:
            assert sizes[1][words] >= gain * sizes[0][words] - 0.01, (name, words)


def test_an_independent_reader_reads_every_code_from_the_screen(easel: EaselProcess, tmp_path: Path):
    read = set()
    for name, mode, found in shown(easel, "zh-CN"):
        for text, *_ in found["codes"]:
            easel("picture", path=str(tmp_path / "code.png"), shift=(3, -3))
            with Image.open(tmp_path / "code.png") as picture:
                codes = zxingcpp.read_barcodes(picture.convert("RGB"))
            assert [code.text for code in codes] == [text], (name, mode)
            read.add((name, text))
    assert {name for name, _ in read} == {"beside", "reasons", "reasons_low", "sorry", "code"}
    assert {text for _, text in read} == {DOOR, f"https://fankui.example.cn/s/{SLIP.replace('-', '')}"}


def test_the_full_screen_code_fills_three_fifths_and_keeps_its_quiet_zone(
    easel: EaselProcess, tmp_path: Path
):
    ((_, x, y, side, _),) = easel("show", name="code")["codes"]
    easel("picture", path=str(tmp_path / "code.png"))
    with Image.open(tmp_path / "code.png") as taken:
        picture = taken.convert("L")
    box = (round(x), round(easel.height - y - side), round(x + side), round(easel.height - y))
    dark = ImageChops.invert(picture.crop(box)).point(lambda value: 255 * (value > 128)).getbbox()
    assert dark is not None
    assert dark[2] - dark[0] >= 0.6 * min(easel.width, easel.height)
    module = side / (17 + 4 * 4 + 8)
    assert min(dark[0], dark[1], side - dark[2], side - dark[3]) >= 4 * module - 1
    assert picture.crop(box).getcolors() is not None
    assert {value for _, value in picture.crop(box).getcolors() or ()} == {0, 255}


def test_a_finger_is_seen_in_the_frame_in_which_it_comes_down(easel: EaselProcess, tmp_path: Path):
    for name in ("question", "pressed"):
        easel("show", name=name)
        easel("picture", path=str(tmp_path / f"{name}.png"))
    free, pressed = (Image.open(tmp_path / f"{name}.png").convert("RGB") for name in ("question", "pressed"))
    targets = {target: box for target, *box in easel("show", name="pressed")["targets"]}
    changed = ImageChops.difference(free, pressed).getbbox()
    x, _, width, _ = targets["level:4"]
    assert changed is not None
    assert x - 1 <= changed[0]
    assert changed[2] <= x + width + 1
    assert changed[2] - changed[0] > 0.8 * width


def test_a_countdown_is_drawn_ten_times_a_second_at_most(easel: EaselProcess, tmp_path: Path):
    easel("show", name="question")
    assert not easel("moving")
    assert easel("tick", every_ms=16, for_ms=1_000) == 0
    easel("show", name="reasons")
    assert easel("moving")
    easel("picture", path=str(tmp_path / "early.png"))
    assert 8 <= easel("tick", every_ms=16, for_ms=2_000) <= 20
    easel("picture", path=str(tmp_path / "late.png"))
    early, late = (Image.open(tmp_path / f"{name}.png").convert("RGB") for name in ("early", "late"))
    changed = ImageChops.difference(early, late).getbbox()
    assert changed is not None
    assert changed[3] < 0.06 * early.height
