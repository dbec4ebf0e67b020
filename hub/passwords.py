"""Passwords of people: Argon2id, and only its hash is ever kept; the only user of pwdlib.

In: a password. Out: a hash for the store, or whether a password is the one hashed. Each takes some 50 ms.
"""

from __future__ import annotations

from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST = 10
LONGEST = 200


class BadPassword(ValueError):
    """The password cannot be set; the message says why."""


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody signs in with this")


def hashed(password: str) -> str:
    """The hash to keep; raise BadPassword when it is shorter than 10 or longer than 200 characters."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"a password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}")
    return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` is the one hashed. Without a hash the answer is no, and takes as long."""
    try:
        right = _hasher().verify(password[: LONGEST + 1], kept or _nobodys_hash())
    except UnknownHashError:
        return False
    return right and kept is not None
