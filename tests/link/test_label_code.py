from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from link import label_code
from link.label_code import ALPHABET, BadCode

codes = st.integers(min_value=0, max_value=2**31).map(lambda seed: label_code.mint(Random(seed)))


@given(codes)
def test_a_minted_code_is_its_own_normal_form(code: str) -> None:
    assert label_code.normalise(code) == code
    assert label_code.normalise(label_code.show(code).lower()) == code


@given(codes, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code: str, place: int, other: str) -> None:
    if code[place] != other:
        with pytest.raises(BadCode) as caught:
            label_code.normalise(code[:place] + other + code[place + 1 :])
        assert caught.value.fault == "check"


@given(codes, st.integers(0, 7), st.integers(0, 7))
def test_every_two_characters_that_changed_places_are_found(code: str, one: int, two: int) -> None:
    if code[one] != code[two]:
        mixed = list(code)
        mixed[one], mixed[two] = mixed[two], mixed[one]
        with pytest.raises(BadCode):
            label_code.normalise("".join(mixed))


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_code_or_a_named_fault(text: str) -> None:
    try:
        read = label_code.normalise(text)
    except BadCode as wrong:
        read = wrong.fault
    assert len(read) == 8 or read in ("empty", "length", "letter", "check")


def test_letters_that_look_like_digits_and_full_width_forms_are_read() -> None:
    code = next(c for c in map(label_code.mint, map(Random, range(999))) if "0" in c and "1" in c)
    assert label_code.normalise(code.replace("0", "O").replace("1", "l")) == code
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    assert label_code.normalise(f" {wide[:4]}—{wide[4:]} ") == code


@pytest.mark.parametrize(
    ("text", "fault", "detail"),
    [("", "empty", ""), (" - ", "empty", ""), ("7K3Q", "length", "4"), ("7K3QX9TU", "letter", "U")],
)
def test_a_fault_names_its_place(text: str, fault: str, detail: str) -> None:
    with pytest.raises(BadCode) as caught:
        label_code.normalise(text)
    assert (caught.value.fault, caught.value.detail) == (fault, detail)
