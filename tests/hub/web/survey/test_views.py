from __future__ import annotations

import pytest

from hub.web import faces
from hub.web.survey import views
from hub.web.survey.pages import Pages
from link.questionnaire import FACES_4, FACES_5, KEYS_7, KEYS_10, NPS_11, SCALES, Scale


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        ("非常不满意", "非常<wbr>不满意"),
        ("基本满意", "基本<wbr>满意"),
        ("满意", "满意"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_long_words_may_break_in_their_middle_only(words: str, broken: str) -> None:
    assert views.breakable(words) == broken


@pytest.mark.parametrize(
    ("scale", "language", "layout"),
    [
        (FACES_5, "zh-CN", "row"),
        (FACES_5, "en", "tall"),
        (FACES_4, "zh-CN", "row"),
        (KEYS_7, "zh-CN", "keys"),
        (KEYS_10, "en", "keys"),
        (NPS_11, "zh-CN", "keys"),
    ],
)
def test_the_layout_follows_from_the_words(scale: Scale, language: str, layout: str) -> None:
    assert views.layout(scale, language) == layout


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: scale.id)
def test_every_scale_has_all_its_buttons_worst_first(scale: Scale) -> None:
    words = Pages().words.speaking("zh-CN")
    shown = views.choices(scale, "zh-CN", words, None)
    assert [one.value for one in shown] == list(scale.values())
    if scale.levels[0].face == "none":
        assert shown[0].end
        assert shown[-1].end


def test_faces_differ_by_their_drawing_and_not_by_colour_alone() -> None:
    drawings = {(face.lines, face.filled) for face in faces.FACES.values()}
    assert len(drawings) == 5
    assert faces.svg("none") == ""


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("face", faces.FACES.values(), ids=faces.FACES.keys())
def test_a_drawing_stands_out_from_its_face(face: faces.Face) -> None:
    assert contrast(face.skin, face.ink) >= 4.5
