"""Which answers fit on which screen."""

from __future__ import annotations

import pytest

from kiosk.layouts import corner_at, layout_of, screen_of
from link.presets import presets
from link.questionnaire import FACES_4, FACES_5, KEYS_10, NPS_11, SCALES

LYING, UPRIGHT = (1280, 800), (800, 1280)


@pytest.mark.parametrize(
    ("scale", "pixels", "diagonal", "layout"),
    [
        (FACES_5, LYING, 7.0, "row-5"),
        (FACES_4, LYING, 7.0, "row-4"),
        (NPS_11, LYING, 15.6, "row-11"),
        (NPS_11, LYING, 11.6, "row-11"),
        (NPS_11, LYING, 10.1, None),
        (NPS_11, UPRIGHT, 15.6, None),
        (KEYS_10, LYING, 10.1, "row-10"),
        (KEYS_10, LYING, 7.0, None),
    ],
)
def test_one_row_of_wide_keys_or_the_phone(scale, pixels, diagonal, layout):
    assert layout_of(scale, screen_of(pixels, diagonal)) == layout


def test_stars_say_so_and_an_unmeasured_screen_is_trusted():
    assert layout_of(presets()["stars-5"].as_scale(), None) == "stars-5"
    assert layout_of(NPS_11, None) == "row-11"


def test_a_screen_in_millimetres():
    width, height = screen_of((1920, 1080), 15.6)
    assert (round(width), round(height)) == (345, 194)


def test_every_preset_is_a_scale_worst_first_and_words_its_ends():
    assert {"haochaping-5", "csat-5", "four-faces", "nps-11", "stars-5"} <= set(presets())
    for preset in presets().values():
        scale = preset.as_scale()
        assert list(scale.values()) == sorted(scale.values())
        assert set(scale.satisfied) | set(scale.bad) <= set(scale.values())
        assert all(level.words["zh-CN"] and level.words["en"] for level in scale.levels)
        weights = [level.weight for level in scale.levels]
        assert (weights[0], weights[-1]) == (0, 100)
        assert weights == sorted(weights)
    assert presets()["haochaping-5"].as_scale() is SCALES["faces-5"]


@pytest.mark.parametrize(
    ("x", "y", "corner"),
    [
        (5, 190, "corner:left"),
        (25, 170, "corner:left"),
        (335, 190, "corner:right"),
        (100, 190, None),
        (5, 5, None),
        (335, 100, None),
    ],
)
def test_the_upper_corners_are_for_staff(x, y, corner):
    assert corner_at(x, y, screen_of((1920, 1080), 15.6)) == corner
