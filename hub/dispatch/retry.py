"""When a letter is tried again, when it is given up, and when a sink is left alone; pure.

In: how often it was tried, what the receiver asked for, a random number. Out: a time, or None for the end.
Times and spans in milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from hub.dispatch.post import Verdict

SCHEDULE = tuple(seconds * 1_000 for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000))
"""Waits after the first, second, … failure: 8 tries within about 28 hours, then the letter is dead."""
LONGEST_ASKED = 3_600_000
"""A receiver may ask for at most an hour; a broken Retry-After must not park a letter for a year."""
_OPEN_SHORTEST, _OPEN_LONGEST = 5_000, 300_000
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429})
_BUSY = 60_000
"""The wait after such an answer that names none."""


def next_try_at(tries: int, asked: int, now: int, chance: float) -> int | None:
    """When to try again after the `tries`-th failure (from 1); None when it is given up.

    `chance` from 0 to 1 spreads the scheduled wait by ±20 %; what was `asked` is kept, up to an hour.
    """
    if tries > len(SCHEDULE):
        return None
    scheduled = round(SCHEDULE[tries - 1] * (0.8 + 0.4 * chance))
    return now + max(scheduled, min(asked, LONGEST_ASKED))


def breaker(failing_since: int | None, asked: int, now: int) -> tuple[int, int | None]:
    """(failing_since_at, open_until_at) of a sink after one more failure.

    One failure alone opens nothing. After that the sink rests for half the time it has been failing, from
    5 s to 5 min, so rests grow by themselves; and for as long as it asked. A letter that comes due meanwhile
    waits and loses no try.
    """
    since = now if failing_since is None else failing_since
    rest = min(max((now - since) // 2, _OPEN_SHORTEST), _OPEN_LONGEST) if failing_since is not None else 0
    rest = max(rest, min(asked, LONGEST_ASKED))
    return since, now + rest if rest else None


def retry_after(headers: Mapping[str, str], now: int) -> int:
    """The wait that Retry-After asks for, in seconds or as a date; 0 when there is none to read."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]) * 1_000, LONGEST_ASKED)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0
    milliseconds = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1_000)
    return min(max(milliseconds - now, 0), LONGEST_ASKED)


def by_status(status: int, headers: Mapping[str, str], now: int) -> Verdict:
    """What an HTTP status means: 2xx sent; 410 disables the sink; other 3xx and 4xx are refused for good."""
    if 200 <= status < 300:
        return Verdict("sent", f"HTTP {status}")
    asked = retry_after(headers, now)
    if status in _WORTH_ANOTHER_TRY:
        return Verdict("postponed", f"HTTP {status}", asked or _BUSY)
    if 300 <= status < 400:
        return Verdict("refused", f"HTTP {status}: redirects are not followed; use the final address")
    if 400 <= status < 500:
        return Verdict("refused", f"HTTP {status}", disables=status == 410)
    return Verdict("postponed", f"HTTP {status}", asked)
