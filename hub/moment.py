"""The hub's clock, and instants as people read them. In: nothing, or milliseconds. Out: numbers, or text."""

from __future__ import annotations

import time
from datetime import UTC, datetime

_YEAR_9999 = 253_402_300_799_000


def now() -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def instant(at: int | None) -> str | None:
    """An instant in UTC to the second, `2026-11-23 21:13:05Z`; None stays None."""
    if at is None:
        return None
    return datetime.fromtimestamp(min(at, _YEAR_9999) / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
