"""What the hub keeps of a terminal's password; pure.

In: a password (256 random bits, so a fast hash is enough) and a salt. Out: the hash to keep, or yes or no.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

MOSQUITTO_ROUNDS = 101


def hashed(password: str, salt: str) -> str:
    """What the store keeps: `sha256$salt$hex`."""
    return f"sha256${salt}${hashlib.sha256((salt + password).encode()).hexdigest()}"


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` is the one that `kept` was made of, in constant time; never for None."""
    parts = (kept or "").split("$")
    if len(parts) != 3 or parts[0] != "sha256":
        return False
    return hmac.compare_digest(hashed(password, parts[1]), kept or "")


def mosquitto_line(user: str, password: str, salt: bytes) -> str:
    """A line of Mosquitto's password file: PBKDF2-HMAC-SHA512, 64 bytes, as `mosquitto_passwd` writes it."""
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, MOSQUITTO_ROUNDS, 64)
    return f"{user}:$7${MOSQUITTO_ROUNDS}${_base64(salt)}${_base64(digest)}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
