"""Named places at which a test may end the process, as a power cut would.

In: the environment variable TAPLOOP_CRASH_AT, `name` or `name:3` for the third time. Out: nothing, or the
end. Unset, which is always outside tests, a crash point costs one dictionary look-up.
"""

from __future__ import annotations

import os
from functools import cache

EXIT_CODE = 99
_reached: dict[str, int] = {}


@cache
def _wanted() -> tuple[str, int]:
    name, _, count = os.environ.get("TAPLOOP_CRASH_AT", "").partition(":")
    return name, int(count or "1")


def reach(name: str) -> None:
    """End the process at once, without any clean-up, when a test asked for it here."""
    wanted, count = _wanted()
    if name != wanted:
        return
    _reached[name] = _reached.get(name, 0) + 1
    if _reached[name] == count:
        os._exit(EXIT_CODE)
