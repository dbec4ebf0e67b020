from __future__ import annotations

from pathlib import Path

import pytest

from link import messages
from tests.vectors.values import VALUES

VECTORS = Path(__file__).parent.parent / "vectors"


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_encoded_to_the_golden_bytes(name: str) -> None:
    """TL-MSG-04"""
    assert messages.encode(VALUES[name]) == (VECTORS / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", VALUES)
def test_the_golden_bytes_are_decoded_to_the_value(name: str) -> None:
    value = VALUES[name]
    assert messages.decode(type(value), (VECTORS / f"{name}.json").read_bytes()) == value


def test_no_vector_is_without_a_value() -> None:
    assert {path.stem for path in VECTORS.glob("*.json")} == set(VALUES)
