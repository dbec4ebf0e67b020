"""Faces, shapes and colours, without drawing them."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import hypot, pi, sin
from typing import get_args

import pytest

from kiosk import palette, shapes
from kiosk.faces import FACES
from kiosk.screens.glass import drift
from kiosk.screens.marks import FOR_TARGET, MARKS
from kiosk.views import Manners, Theme
from link.questionnaire import SCALES


def area(triangles: shapes.Triangles) -> float:
    """The area that the triangles cover, if none overlaps."""
    corners = [triangles.vertices[i : i + 2] for i in range(0, len(triangles.vertices), 4)]
    total = 0.0
    for i in range(0, len(triangles.indices), 3):
        (ax, ay), (bx, by), (cx, cy) = (corners[index] for index in triangles.indices[i : i + 3])
        total += abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    return total


def test_every_level_of_every_scale_has_a_face_or_is_a_key():
    faces = {level.face for scale in SCALES.values() for level in scale.levels}
    assert faces <= {*FACES, "star", "none"}


def test_every_feature_lies_on_its_head():
    for features in FACES.values():
        points = [point for line in (*features.strokes, *features.fills) for point in line]
        assert all(hypot(x, y) < 0.9 for x, y in points)


def test_faces_differ_by_shape_not_by_colour_alone():
    for one, other in combinations(FACES.values(), 2):
        assert one != other


@pytest.mark.parametrize(("name", "worn"), list(palette.dresses()))
def test_every_pair_of_colours_that_carries_meaning_can_be_told_apart(name, worn):
    weak = {pair: round(palette.contrast(ink, ground), 2) for pair, ink, ground in palette.pairs(worn)}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}, name


def test_every_theme_has_a_dress_for_elder_mode_too():
    names = {name for name, _ in palette.dresses()}
    assert names == {f"{mode}{theme}" for theme in get_args(Theme) for mode in ("", "elder ")}
    for theme in get_args(Theme):
        assert palette.dress(Manners(theme, elder=True)).line >= palette.dress(Manners(theme)).line


def test_black_and_white_is_meant():
    worn = palette.dress(Manners("contrast"))
    for face in FACES:
        assert palette.contrast(worn.heads[face], worn.features[face]) == pytest.approx(21)


@pytest.mark.parametrize("worn", [worn for _, worn in palette.dresses()])
def test_every_face_has_its_colours(worn):
    assert {*FACES, "star", "none"} == worn.heads.keys() == worn.features.keys() == worn.rims.keys()


def test_contrast_is_that_of_the_standard():
    assert palette.contrast(palette.colour("#000000"), palette.colour("#FFFFFF")) == pytest.approx(21)
    assert palette.contrast(palette.colour("#767676"), palette.colour("#FFFFFF")) == pytest.approx(
        4.54, abs=0.01
    )


def test_a_disc_covers_its_area():
    assert area(shapes.fill(shapes.disc((0, 0), 100))) == pytest.approx(pi * 100.6**2, rel=0.01)


def test_a_star_is_filled_from_its_middle():
    outline = shapes.star((0, 0), 100)
    expected = 5 * 100 * 50 * sin(pi / 5)
    assert area(shapes.fill(outline, (0, 0))) == pytest.approx(expected, rel=0.03)
    assert outline[0] == pytest.approx((0, 100))


@pytest.mark.parametrize("name", MARKS)
def test_every_mark_stays_in_its_circle(name):
    points = [point for line in MARKS[name].strokes for point in line]
    assert all(hypot(x, y) <= 1.2 for x, y in points)
    assert 0 < MARKS[name].half < 0.2


def test_every_button_s_mark_exists_and_no_two_acts_share_one():
    assert set(FOR_TARGET.values()) <= set(MARKS)
    shared = [name for name in FOR_TARGET.values() if list(FOR_TARGET.values()).count(name) > 1]
    assert set(shared) == {"check"}


def test_the_layout_drifts_a_little_every_hour_and_comes_back():
    places = [drift(hour) for hour in range(24)]
    assert all(max(abs(x), abs(y)) <= 3 for x, y in places)
    assert all(one != other for one, other in pairwise(places))
    assert len(set(places)) == 12
    assert sum(x for x, _ in places) == sum(y for _, y in places) == 0


def test_a_stroke_covers_its_band_and_its_round_ends():
    covered = area(shapes.stroke([(0, 0), (100, 0)], 10))
    assert covered == pytest.approx(2 * 10.6 * 100 + pi * 10.6**2, rel=0.02)


def test_a_box_covers_its_area_whichever_way_its_outline_runs():
    outline = shapes.rounded_box((0, 0), (200, 100), 20)
    expected = 200 * 100 - (4 - pi) * 20**2
    for points in (outline, outline[::-1]):
        assert area(shapes.fill(points)) == pytest.approx(expected, rel=0.03)
