"""Which hours a page is about; pure.

In: the name of a period, now, the site's time zone. Out: hours (tapped_at // 3,600,000) of the period and
of the equally long one before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

HOUR_MS = 3_600_000
DAYS = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
DEFAULT = "7d"


@dataclass(frozen=True, slots=True)
class Period:
    """Hours from `from_hour` until before `until_hour`; it began at a local midnight, `days` − 1 days ago."""

    name: str
    days: int
    from_hour: int
    until_hour: int

    @property
    def before(self) -> Period:
        """The same hours of the days before."""
        shift = 24 * self.days
        return Period(self.name, self.days, self.from_hour - shift, self.until_hour - shift)


def period(name: str, now: int, zone: tzinfo) -> Period:
    """The period of that name (`today`, `7d`, `30d`, `90d`; another name: `7d`) which ends now."""
    name = name if name in DAYS else DEFAULT
    days = DAYS[name]
    local = datetime.fromtimestamp(now / 1000, zone)
    first = (local - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Period(name, days, int(first.timestamp() * 1000) // HOUR_MS, now // HOUR_MS + 1)


def local(hour: int, zone: tzinfo) -> datetime:
    """The local time at which an hour begins."""
    return datetime.fromtimestamp(hour * HOUR_MS / 1000, UTC).astimezone(zone)
