"""What a terminal says of itself, and the hub of itself, as it travels; pure.

In: values, or what `link.messages` decoded. Out: the same shapes on both ends.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from link.kinds import VERSION, Int53, Name, Range


class DayCount(Struct, frozen=True, array_like=True):
    """How many taps the terminal made on one of its days (20261123; 0: clock not trusted)."""

    day: Int53
    made: Int53


class StoreState(Struct, frozen=True, omit_defaults=True):
    """The ledger as the terminal sees it: the claim that the hub compares with what it received."""

    store: Name
    last_seq: Int53
    """Highest seq ever made; 0 when none."""
    pending: tuple[Range, ...] = ()
    """Not settled yet; the oldest 50 ranges."""
    pending_count: Int53 = 0
    refused_count: Int53 = 0
    oldest_pending_at: Int53 = 0
    days: tuple[DayCount, ...] = ()
    """The last 8 days on which it made a tap."""


class State(Struct, frozen=True, omit_defaults=True):
    """Birth, heartbeat or will of a terminal. A will counts only while `session` is the current one."""

    v: int
    kind: Literal["birth", "heartbeat", "will"]
    session: Name
    boot: Name = "-"
    uptime: Int53 = 0
    at: Int53 = 0
    trusted: bool = False
    software: Annotated[str, Meta(max_length=64)] = ""
    store: StoreState | None = None
    config_revision: Int53 = 0
    disk_free: Int53 = 0
    """Bytes free where the outbox lies."""
    temperature: float | None = None
    """Degrees Celsius."""
    duplicate_touches: Int53 = 0
    counts: Annotated[dict[Name, Int53], Meta(max_length=16)] = field(default_factory=dict)
    """Touches that became no tap since the kiosk began to run, by reason: nothing is dropped silently."""
    troubles: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    """What is wrong: `disk_full`, `store_replaced`, `no_receipts`, `clock_untrusted`."""


class HubState(Struct, frozen=True, omit_defaults=True):
    """The hub to everybody, retained, and as its will with `online` false."""

    v: int
    online: bool
    at: Int53 = 0
    min_version: int = VERSION
    retry_after: Int53 = 0
    """Seconds a terminal should spread its return over."""
