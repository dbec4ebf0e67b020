from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from link import staff_pin

SALT = bytes(range(16))
FEW = 10
KEPT = staff_pin.hashed("407128", SALT, FEW)


def test_a_pin_is_known_again_by_its_hash_and_no_other_is() -> None:
    assert staff_pin.is_right("407128", KEPT)
    assert not staff_pin.is_right("407129", KEPT)
    assert not staff_pin.is_right("", KEPT)
    assert "407128" not in KEPT


def test_what_is_kept_tells_its_own_rounds_and_fits_the_setting() -> None:
    assert staff_pin.is_right("407128", staff_pin.hashed("407128", SALT, 20))
    whole = staff_pin.hashed("407123456789", SALT)
    assert whole.startswith(f"pbkdf2-sha256${staff_pin.ROUNDS}$")
    assert len(whole) <= 200
    assert staff_pin.is_hash(whole)


def test_the_same_pin_with_another_salt_looks_different() -> None:
    assert staff_pin.hashed("407128", bytes(16), FEW) != KEPT


@pytest.mark.parametrize("pin", ["", "40712", "4071234567890", "40a128", "４０７１２８", "111111"])
def test_a_pin_that_is_none_is_refused(pin: str) -> None:
    with pytest.raises(staff_pin.BadPin, match="6 to 12 digits"):
        staff_pin.hashed(pin, SALT, FEW)


@given(st.text(max_size=40) | st.just("pbkdf2-sha256$99999999999$00$00") | st.just("pbkdf2-sha256$10$0$zz"))
def test_no_rubbish_lets_anybody_in(kept: str) -> None:
    assert not staff_pin.is_right("407128", kept)


def test_a_bare_pin_is_no_hash() -> None:
    assert not staff_pin.is_hash("407128")
    assert not staff_pin.is_hash("pbkdf2-sha256$1$$")
