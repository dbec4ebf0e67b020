from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from link import door_code

KEY = door_code.key_for(b"s" * 32, "7K3QX9TF")
NOW = 1_795_467_600_000


@given(st.integers(0, 2**44), st.integers(0, 210_000))
def test_a_code_proves_presence_for_three_and_a_half_minutes(at: int, later: int) -> None:
    assert door_code.proves(KEY, door_code.make(KEY, at), at + later)


@given(st.integers(300_000, 2**44))
def test_a_code_older_than_four_minutes_proves_nothing(at: int) -> None:
    assert not door_code.proves(KEY, door_code.make(KEY, at - 240_000), at)


def test_the_code_changes_every_half_minute_and_small_letters_do() -> None:
    assert NOW % 30_000 == 0
    assert door_code.make(KEY, NOW) == door_code.make(KEY, NOW + 29_999)
    assert door_code.make(KEY, NOW) != door_code.make(KEY, NOW + 30_000)
    assert door_code.proves(KEY, door_code.make(KEY, NOW).lower(), NOW)


def test_another_label_has_other_codes() -> None:
    other = door_code.key_for(b"s" * 32, "7K3QX9TG")
    assert not door_code.proves(other, door_code.make(KEY, NOW), NOW)


@given(st.text(max_size=20))
def test_no_rubbish_proves_presence(text: str) -> None:
    assert not door_code.proves(KEY, text, NOW)


def test_a_kiosk_a_minute_ahead_is_believed() -> None:
    assert door_code.proves(KEY, door_code.make(KEY, NOW + 60_000), NOW)
