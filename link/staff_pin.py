"""The PIN of a kiosk's staff corner: kept salted and hashed, checked on the terminal without a network; pure.

In: a PIN and a salt. Out: one line of text for the settings, or whether a PIN is the one hashed. A PIN is
short, so the hash is slow (half a second on a small computer) and the kiosk limits how often it is tried.
"""

from __future__ import annotations

import hashlib
import hmac

SHORTEST, LONGEST = 6, 12
"""Digits of a PIN."""
ROUNDS = 400_000
_MOST_ROUNDS = 4_000_000
_NAME = "pbkdf2-sha256"
SALT_BYTES = 16


class BadPin(ValueError):
    """A PIN has 6 to 12 digits, not all of them the same."""


def hashed(pin: str, salt: bytes, rounds: int = ROUNDS) -> str:
    """The line to keep, `pbkdf2-sha256$rounds$salt$hash`; raise BadPin."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST) or len(set(pin)) == 1:
        raise BadPin(BadPin.__doc__)
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, rounds)
    return f"{_NAME}${rounds}${salt.hex()}${digest.hex()}"


def is_right(pin: str, kept: str) -> bool:
    """Whether `pin` is the one that `kept` was made of; False for whatever is no line of `hashed`."""
    parts = kept.split("$")
    if len(parts) != 4 or parts[0] != _NAME or not (parts[1].isascii() and parts[1].isdigit()):
        return False
    rounds = int(parts[1]) if len(parts[1]) < 8 else 0
    try:
        salt, expected = bytes.fromhex(parts[2]), bytes.fromhex(parts[3])
    except ValueError:
        return False
    if not 0 < rounds <= _MOST_ROUNDS:
        return False
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode("utf-8", "surrogatepass"), salt, rounds)
    return hmac.compare_digest(digest, expected)


def is_hash(kept: str) -> bool:
    """Whether a line looks like one of `hashed`, so that nobody keeps a bare PIN by mistake."""
    name, *rest = kept.split("$")
    return name == _NAME and len(rest) == 3 and all(rest)
