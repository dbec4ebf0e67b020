"""The code printed on a label: 7 Crockford characters and a check symbol, shown as `7K3Q-X9TF`; pure.

In: what somebody typed, or a source of chance. Out: the code in its one normal form, or BadCode that says
what is wrong. The check is a weighted sum over GF(32): it finds every wrong character and every two that
changed places, so a typing error never leads to another label.
"""

from __future__ import annotations

import unicodedata
from typing import Literal, Protocol

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH = 8
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_BETWEEN = frozenset("-‐‑‒–—―−_. \t\r\n")
Fault = Literal["empty", "length", "letter", "check"]


class BadCode(ValueError):
    """This is no label code; `fault` names what is wrong, `detail` a character, a count or the code."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(f"not a label code ({fault}): {detail!r}")
        self.fault: Fault = fault
        self.detail = detail


class Chance(Protocol):
    """What `mint` draws from: `random.SystemRandom()` or a seeded `random.Random`."""

    def randrange(self, stop: int, /) -> int:
        """A number from 0 to `stop` - 1."""
        ...


def normalise(text: str) -> str:
    """The code that `text` means; raise BadCode.

    Case, hyphens, blanks, full-width forms and I L O for 1 1 0 do not matter.
    """
    symbols = plain(text)
    if len(symbols) != LENGTH:
        raise BadCode("length", str(len(symbols)))
    return check(symbols)


def plain(text: str) -> str:
    """What `text` means as symbols of the alphabet, however many; raise BadCode (empty, letter)."""
    typed = [char for char in unicodedata.normalize("NFKC", text).upper() if char not in _BETWEEN]
    if not typed:
        raise BadCode("empty", "")
    for char in typed:
        if char not in _VALUES:
            raise BadCode("letter", char)
    return "".join(ALPHABET[_VALUES[char]] for char in typed)


def check(code: str) -> str:
    """Return a code in normal form unchanged when its check symbol fits, else raise BadCode."""
    if _check_symbol(code[:-1]) != code[-1]:
        raise BadCode("check", code)
    return code


def mint(chance: Chance) -> str:
    """A new code; 34 thousand million there are."""
    body = "".join(ALPHABET[chance.randrange(len(ALPHABET))] for _ in range(LENGTH - 1))
    return body + _check_symbol(body)


def show(code: str) -> str:
    """The code as printed for people: `7K3Q-X9TF`."""
    return f"{code[:4]}-{code[4:]}"


def _check_symbol(body: str) -> str:
    total = 0
    for symbol in body:
        total = _doubled(total ^ _VALUES[symbol])
    return ALPHABET[total]


def _doubled(value: int) -> int:
    """`value` times x in GF(32) with x⁵ + x² + 1."""
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)
