from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.survey import form_ids
from hub.web.survey.form_ids import Asked, BadFormId

SECRET = b"s" * 32
NOW = 1_795_467_600_000
ASKED = Asked("7K3QX9TF", 12, "lift@3", "satisfied")


def _issue(proof: form_ids.Proof = "static") -> str:
    return form_ids.issue(SECRET, ASKED, proof, NOW, b"12345678")


def test_a_form_id_fits_its_column_and_says_what_was_signed() -> None:
    form_id = _issue("rotating")
    assert len(form_id) == 53
    form = form_ids.read(SECRET, form_id, ASKED, NOW + 1000)
    assert (form.proof, form.issued_at, form.expired) == ("rotating", NOW, False)


@pytest.mark.parametrize(
    ("after", "expired"), [(0, False), (form_ids.LIFE_MS, False), (form_ids.LIFE_MS + 1, True)]
)
def test_a_form_expires_after_a_day(after: int, expired: bool) -> None:
    assert form_ids.read(SECRET, _issue(), ASKED, NOW + after).expired is expired


@given(st.integers(0, 52), st.characters())
def test_a_form_id_with_any_other_character_is_refused(place: int, other: str) -> None:
    genuine = _issue()
    if genuine[place] != other:
        with pytest.raises(BadFormId):
            form_ids.read(SECRET, genuine[:place] + other + genuine[place + 1 :], ASKED, NOW)


@given(st.text(max_size=80))
def test_no_rubbish_is_a_form_id_or_a_token(text: str) -> None:
    with pytest.raises(BadFormId):
        form_ids.read(SECRET, text, ASKED, NOW)
    with pytest.raises(BadFormId):
        form_ids.tap_of(SECRET, ASKED.code, text)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, code="7K3QX9TG"),
        replace(ASKED, touchpoint_id=13),
        replace(ASKED, questionnaire="lift@4"),
        replace(ASKED, question="recommend"),
        replace(ASKED, questionnaire="lift@3s", question="atisfied"),
    ],
)
def test_a_form_is_for_the_question_that_was_shown_and_for_no_other(other: Asked) -> None:
    with pytest.raises(BadFormId):
        form_ids.read(SECRET, _issue(), other, NOW)


def test_a_form_of_another_hub_or_of_the_future_is_refused() -> None:
    with pytest.raises(BadFormId):
        form_ids.read(b"t" * 32, _issue(), ASKED, NOW)
    with pytest.raises(BadFormId, match="future"):
        form_ids.read(SECRET, _issue(), ASKED, NOW - form_ids.TOLERANCE_MS - 1)


def test_a_token_names_one_tap_of_one_label_and_is_no_form_id() -> None:
    token = form_ids.thanks_token(SECRET, ASKED.code, 4711)
    assert form_ids.tap_of(SECRET, ASKED.code, token) == 4711
    for code, changed in (("7K3QX9TG", token), (ASKED.code, f"4712-{token.partition('-')[2]}")):
        with pytest.raises(BadFormId):
            form_ids.tap_of(SECRET, code, changed)
