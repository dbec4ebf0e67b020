"""Signing webhooks by Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`; pure.

In: one or more `whsec_` secrets (several while one replaces another), a message. Out: its three headers, or
whether a received message is genuine.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from hashlib import sha256

PREFIX = "whsec_"
TOLERANCE_S = 300
"""A message whose timestamp is further away is not believed."""


class BadSecret(ValueError):
    """A secret is `whsec_` and then 24 to 64 bytes in base64."""


def secret_from(random_bytes: bytes) -> str:
    """A secret made of 24 to 64 random bytes."""
    if not 24 <= len(random_bytes) <= 64:
        raise BadSecret(BadSecret.__doc__)
    return PREFIX + base64.b64encode(random_bytes).decode()


def keys(secrets: str) -> list[bytes]:
    """The keys in `secrets` (separated by spaces, newest first); raise BadSecret, which shows none."""
    found = [_key(secret) for secret in secrets.split()]
    if not found:
        raise BadSecret(BadSecret.__doc__)
    return found


def headers(secrets: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of one message; `timestamp` in seconds. One signature a secret: either end may rotate."""
    signatures = (_sign(key, message_id, timestamp, body) for key in keys(secrets))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def verify(secrets: str, received: Mapping[str, str], body: bytes, now: int) -> bool:
    """Whether a message with these headers (lower-case names) is genuine and fresh; `now` in seconds."""
    message_id, stamp = received.get("webhook-id", ""), received.get("webhook-timestamp", "")
    if not message_id or not stamp.isascii() or not stamp.isdecimal() or abs(now - int(stamp)) > TOLERANCE_S:
        return False
    expected = [_sign(key, message_id, int(stamp), body) for key in keys(secrets)]
    given = received.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in given)


def _sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret(BadSecret.__doc__) from error
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise BadSecret(BadSecret.__doc__)
    return key
