from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.survey import sent
from hub.web.survey.sent import BadForm

ANSWER = {"form": "f", "touchpoint": "12", "questionnaire": "lift@3", "question": "q", "rating": "0"}


def test_a_rating_of_nought_is_an_answer() -> None:
    assert sent.answer("7K3QX9TF", urlencode(ANSWER).encode()).rating == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"rating": ""},
        {"rating": "-1"},
        {"rating": "2.0"},
        {"rating": "٣"},
        {"touchpoint": "9" * 30},
        {"form": ""},
    ],
)
def test_fields_that_no_page_sends_are_refused(changed: dict[str, str]) -> None:
    with pytest.raises(BadForm):
        sent.answer("7K3QX9TF", urlencode(ANSWER | changed).encode())


@pytest.mark.parametrize("field", ANSWER)
def test_a_field_must_be_there_once(field: str) -> None:
    without = {name: value for name, value in ANSWER.items() if name != field}
    twice = [*ANSWER.items(), (field, "1")]
    for fields in (without, twice):
        with pytest.raises(BadForm):
            sent.answer("7K3QX9TF", urlencode(fields).encode())


@pytest.mark.parametrize(
    "body",
    [b"comment=%ff%fe", "comment=好".encode(), b"a=1&" * 40, b"x" * (sent.MOST_BYTES + 1), b"\x00\xff"],
)
def test_bytes_that_are_no_form_are_refused(body: bytes) -> None:
    with pytest.raises(BadForm):
        sent.details(body)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_read_or_refused(body: bytes) -> None:
    try:
        read = sent.details(body)
    except BadForm:
        return
    assert "\0" not in read.comment


def test_a_comment_keeps_its_lines_and_joined_emoji_and_loses_control_characters() -> None:
    body = urlencode({"comment": " 灯坏了\r\n三天\x00\x07 👨‍👩‍👧\u3000好 "}).encode()
    assert sent.details(body).comment == "灯坏了\n三天 👨‍👩‍👧\u3000好"


@pytest.mark.parametrize(("chars", "too_long"), [(1000, False), (1001, True)])
def test_a_comment_of_1000_characters_is_the_longest_and_fits_the_body(chars: int, too_long: bool) -> None:
    body = urlencode([("reason", "wait")] * 6 + [("comment", "好" * chars)]).encode()
    assert sent.details(body).too_long is too_long
