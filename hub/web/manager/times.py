"""Times and sizes in words; pure. In: milliseconds, a zone, bytes. Out: text in one language."""

from __future__ import annotations

from datetime import datetime, tzinfo

from hub.web.words import Say

_STEPS = ((60_000, 1000, "seconds"), (3_600_000, 60_000, "minutes"), (172_800_000, 3_600_000, "hours"))


def ago(at: int | None, now: int, say: Say) -> str:
    """How long ago: `刚刚`, `3 分钟前`, `5 天前`; `从未` when never."""
    if not at:
        return say("time.never")
    passed = max(0, now - at)
    if passed < 5_000:
        return say("time.just_now")
    for limit, unit, name in _STEPS:
        if passed < limit:
            return say(f"time.{name}_ago", n=passed // unit)
    return say("time.days_ago", n=passed // 86_400_000)


def clock(at: int | None, zone: tzinfo) -> str:
    """Date and time of day: `2026-11-23 14:03`; empty when never."""
    return datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d %H:%M") if at else ""


def second(at: int, zone: tzinfo) -> str:
    """The time of day with seconds: `14:03:22`."""
    return datetime.fromtimestamp(at / 1000, zone).strftime("%H:%M:%S")


def iso(at: int | None, zone: tzinfo) -> str:
    """For machines: `2026-11-23T14:03:22+08:00`; empty when never."""
    return datetime.fromtimestamp(at / 1000, zone).isoformat(timespec="seconds") if at else ""


def day(number: int, say: Say) -> str:
    """A calendar day as the ledger numbers it: 20261123 → `2026-11-23`; 0: the clock was not trusted."""
    if not number:
        return say("time.day_unknown")
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}"


def size(n_bytes: int) -> str:
    """Bytes in a unit that reads well: `1.5 GB`."""
    value = float(n_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
