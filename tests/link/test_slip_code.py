from __future__ import annotations

from random import Random, SystemRandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from link import slip_code
from link.label_code import ALPHABET, BadCode

CODE = "7K3QX9TF2M4A"


@given(st.randoms())
def test_a_code_is_read_again_as_it_is_shown(chance: Random) -> None:
    code = slip_code.mint(chance)
    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert slip_code.normalise(slip_code.show(code)) == code


@pytest.mark.parametrize(
    "typed", ["7K3Q-X9TF-2M4A", "7k3qx9tf2m4a", " 7K3Q X9TF 2M4A ", "７Ｋ３Ｑ－Ｘ９ＴＦ－２Ｍ４Ａ"]
)
def test_a_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert slip_code.normalise(typed) == CODE


def test_letters_that_look_like_digits_are_digits() -> None:
    assert slip_code.normalise("oOiIlL7K3QX9") == "0011117K3QX9"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        ("--", "empty"),
        ("7K3QX9TF2M4", "length"),
        ("7K3QX9TF2M4U", "letter"),
        ("跟" * 12, "letter"),
    ],
)
def test_what_is_no_code_is_told(typed: str, fault: str) -> None:
    with pytest.raises(BadCode) as refused:
        slip_code.normalise(typed)
    assert refused.value.fault == fault


def test_no_two_slips_are_alike() -> None:
    chance = SystemRandom()
    assert len({slip_code.mint(chance) for _ in range(10_000)}) == 10_000
