"""Faces, shapes and colours, without drawing them."""

from __future__ import annotations

from itertools import combinations
from math import hypot, pi

import pytest

from kiosk import palette, shapes
from kiosk.faces import FACES
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
    assert faces <= {*FACES, "none"}


def test_every_feature_lies_on_its_head():
    for features in FACES.values():
        points = [point for line in (*features.strokes, *features.fills) for point in line]
        assert all(hypot(x, y) < 0.9 for x, y in points)


def test_faces_differ_by_shape_not_by_colour_alone():
    for one, other in combinations(FACES.values(), 2):
        assert one != other


@pytest.mark.parametrize("face", palette.HEADS)
def test_features_stand_out_from_their_head(face):
    assert palette.contrast(palette.FEATURES[face], palette.HEADS[face]) >= 4.5


@pytest.mark.parametrize("ground", [palette.PAPER, palette.CARD])
@pytest.mark.parametrize("ink", [palette.INK, palette.SOFT_INK, palette.WARNING, palette.ACCENT])
def test_words_can_be_read(ink, ground):
    assert palette.contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("head", palette.HEADS.values())
def test_words_can_be_read_on_a_pressed_card(head):
    pressed = palette.mixed(head, palette.CARD, 0.35)
    assert palette.contrast(palette.INK, pressed) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert palette.contrast(palette.colour("#000000"), palette.colour("#FFFFFF")) == pytest.approx(21)
    assert palette.contrast(palette.colour("#767676"), palette.colour("#FFFFFF")) == pytest.approx(
        4.54, abs=0.01
    )


def test_a_disc_covers_its_area():
    assert area(shapes.fill(shapes.disc((0, 0), 100))) == pytest.approx(pi * 100.6**2, rel=0.01)


def test_a_stroke_covers_its_band_and_its_round_ends():
    covered = area(shapes.stroke([(0, 0), (100, 0)], 10))
    assert covered == pytest.approx(2 * 10.6 * 100 + pi * 10.6**2, rel=0.02)


def test_a_box_covers_its_area_whichever_way_its_outline_runs():
    outline = shapes.rounded_box((0, 0), (200, 100), 20)
    expected = 200 * 100 - (4 - pi) * 20**2
    for points in (outline, outline[::-1]):
        assert area(shapes.fill(points)) == pytest.approx(expected, rel=0.03)
