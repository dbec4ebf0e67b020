from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from link import questionnaire
from link.questionnaire import (
    FACES_5,
    NPS_11,
    SCALES,
    BadQuestionnaire,
    Question,
    Questionnaire,
    Reason,
    decode,
    encode,
    say,
)

LOBBY = Questionnaire(
    "lobby",
    3,
    {"zh-CN": "大堂"},
    (Question("satisfied", {"zh-CN": "满意吗？", "en": "Satisfied?"}, FACES_5),),
)


def with_question(**changes) -> bytes:
    return encode(structs.replace(LOBBY, questions=(structs.replace(LOBBY.questions[0], **changes),)))


def test_a_questionnaire_comes_out_as_it_went_in_and_is_named_with_its_revision() -> None:
    assert decode(encode(LOBBY)) == LOBBY
    assert LOBBY.name == "lobby@3"


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_scale_that_is_shipped_can_be_asked(scale) -> None:
    asked = decode(with_question(scale=scale)).questions[0].scale
    assert asked == scale
    assert [level.value for level in asked.levels] == sorted(asked.values())
    weights = [level.weight for level in asked.levels]
    assert (weights[0], weights[-1], weights) == (0, 100, sorted(weights))
    assert all(say(level.words, "en") and say(level.words, "zh-CN") for level in asked.levels)


def test_zero_is_an_answer_of_the_nps_scale() -> None:
    assert NPS_11.values() == tuple(range(11))
    assert (NPS_11.satisfied, NPS_11.bad) == ((9, 10), (0, 1, 2, 3, 4, 5, 6))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scale": structs.replace(FACES_5, levels=FACES_5.levels[:1])}, "at least two"),
        ({"scale": structs.replace(FACES_5, levels=FACES_5.levels[:2] * 2)}, "different"),
        ({"scale": structs.replace(FACES_5, satisfied=(9,))}, "satisfied"),
        ({"scale": structs.replace(FACES_5, bad=(0,))}, "bad"),
        ({"scale": structs.replace(FACES_5, bad=(4,))}, "at once"),
        ({"reasons": tuple(Reason(f"r{n}", {"zh-CN": "脏"}) for n in range(7))}, "at most 6"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_by_its_name(changes, words: str) -> None:
    with pytest.raises(BadQuestionnaire, match=words) as refused:
        decode(with_question(**changes))
    assert "satisfied" in str(refused.value)


@given(st.binary(max_size=200))
def test_no_bytes_make_decode_raise_anything_but_bad_questionnaire(data: bytes) -> None:
    with pytest.raises(BadQuestionnaire):
        decode(data)


@given(st.data())
def test_a_damaged_questionnaire_is_read_or_bad(data) -> None:
    loose = json.loads(encode(LOBBY))
    loose[data.draw(st.sampled_from(sorted(loose)))] = data.draw(st.none() | st.integers() | st.just([]))
    with suppress(BadQuestionnaire):
        decode(json.dumps(loose))


def test_a_tower_of_brackets_is_only_a_bad_questionnaire() -> None:
    with pytest.raises(BadQuestionnaire):
        decode(b'{"x":' * 20_000)


def test_a_missing_language_falls_back_to_chinese_and_then_to_any() -> None:
    assert say({"zh-CN": "好", "en": "good"}, "en") == "good"
    assert say({"zh-CN": "好"}, "fr") == "好"
    assert say({"en": "good"}, "fr") == "good"
    assert say({}, "fr") == ""
    assert questionnaire.say({"en": "", "zh-CN": "好"}, "en") == "好"
