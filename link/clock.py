"""When a tap was really made, from a clock that may have been wrong; pure.

In: a tap, the batch it came in, when that batch was received, and what is known about the boot it was made
in. Out: the instant the tap is counted at, and how sure that is. Never 1970, never in the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from link.messages import Tap, TapBatch

EARLIEST = 1_577_836_800_000
"""2020-01-01 UTC in ms. A wall clock before this was never set, whatever it says of itself."""
TOLERANCE = 120_000
"""How far, in ms, a trusted terminal may be ahead of the hub."""

TRUSTED = 0
"""The terminal's own clock was set and agrees with the hub's."""
BY_SENDING = 1
"""The tap's age was measured by the uptime of the boot that also sent it."""
BY_BOOT = 2
"""The start of the tap's boot is known from another sample of that boot."""
BOUNDED = 3
"""Only "no later than" is known; it is placed there."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the terminal's clock.

    `boot` names the boot, `uptime` is ms since it, `wall` is ms since 1970-01-01 UTC, `day` the calendar day
    in the terminal's zone as 20261123, or 0 when the clock is not trusted.
    """

    boot: str
    uptime: int
    wall: int
    trusted: bool
    day: int


class Placed(NamedTuple):
    """Where a tap is counted: `at` in ms UTC, and by which of the four rules."""

    at: int
    quality: int


def place(tap: Tap, batch: TapBatch, received_at: int, boot_started_at: int | None) -> Placed:
    """Say when `tap` was made.

    `received_at` is the hub's clock, ms UTC. `boot_started_at` is when uptime 0 of `tap.boot` was, ms UTC, if
    a trusted sample of that boot has told. The rules are tried from the surest to the least sure.
    """
    latest = received_at + TOLERANCE
    if tap.trusted and EARLIEST <= tap.tapped_at <= latest:
        return Placed(tap.tapped_at, TRUSTED)
    if tap.boot == batch.boot:
        return Placed(_within(received_at - max(0, batch.uptime - tap.uptime), received_at), BY_SENDING)
    if boot_started_at is not None and EARLIEST <= boot_started_at + tap.uptime <= latest:
        return Placed(boot_started_at + tap.uptime, BY_BOOT)
    # A tap of an earlier boot was made before this boot began, and this boot began `batch.uptime` ago.
    return Placed(_within(received_at - batch.uptime, received_at), BOUNDED)


def boot_start(boot: str, reading: Reading | TapBatch) -> int | None:
    """When uptime 0 of `boot` was, in ms UTC, if this reading can tell; else None."""
    wall = reading.wall if isinstance(reading, Reading) else reading.sent_at
    if reading.boot != boot or not reading.trusted or wall < EARLIEST:
        return None
    return wall - reading.uptime


def _within(at: int, received_at: int) -> int:
    """Keep a computed instant out of 1970 without moving it past the moment it was received."""
    return at if at >= EARLIEST else min(EARLIEST, received_at)
