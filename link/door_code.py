"""The rotating code in the QR on a kiosk's screen, which proves that somebody stood before it; pure.

In: a key that the kiosk and the hub share, and the time. Out: a code of 8 characters that changes every
half minute, or whether a code is one of the last three to four minutes'. Both sides compute it: no network is
needed.
"""

from __future__ import annotations

import hmac

from link.label_code import ALPHABET

STEP_MS = 30_000
"""How long one code stays on the screen."""
STEPS_BACK = 7
"""So many steps ago a code still counts: time to scan and to load the page on a slow phone."""
STEPS_AHEAD = 2
"""A kiosk's clock may be so many steps ahead of the hub's."""
_LENGTH = 8


def key_for(secret: bytes, code: str) -> bytes:
    """The key of one label, from the hub's secret: 32 bytes; a kiosk that knows it knows no other."""
    return hmac.digest(secret, b"door|" + code.encode(), "sha256")


def make(key: bytes, at: int) -> str:
    """The code to show at `at` (ms)."""
    return _of_step(key, at // STEP_MS)


def proves(key: bytes, code: str, now: int) -> bool:
    """Whether `code` was on the screen within the last 3½ to 4 minutes."""
    given = code.upper().encode("utf-8", "surrogatepass")
    steps = range(now // STEP_MS - STEPS_BACK, now // STEP_MS + STEPS_AHEAD + 1)
    return any(hmac.compare_digest(_of_step(key, step).encode(), given) for step in steps)


def _of_step(key: bytes, step: int) -> str:
    number = int.from_bytes(hmac.digest(key, b"%d" % step, "sha256")[:5], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, 5 * _LENGTH, 5))
