"""What the machine itself knows: its clock, its boot, and which piece of hardware it is.

In: the kernel's files. Out: clock readings and a hardware id.
"""

from __future__ import annotations

import ctypes
import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from link.clock import EARLIEST, Reading

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_RTC = Path("/sys/class/rtc/rtc0")
_CPU = Path("/proc/cpuinfo")
_HARDWARE = (
    Path("/proc/device-tree/serial-number"),  # a Raspberry Pi and most ARM boards
    Path("/sys/class/dmi/id/product_uuid"),  # a PC; readable by root only
    Path("/sys/class/dmi/id/board_serial"),
)
_CARDS = Path("/sys/class/net")
_INSTALLATION = Path("/etc/machine-id")
_CLOCK_ERROR = 5
"""adjtimex(2): TIME_ERROR, the kernel's clock is not synchronised."""


class MachineClock:
    """Reads the clock; knows whether to trust it."""

    def __init__(self, zone: str = "Asia/Shanghai", *, trust: bool | None = None) -> None:
        """`zone` gives the calendar day. `trust`: None asks the machine each time, else it is the answer."""
        self._zone = ZoneInfo(zone)
        self._trust = trust
        self._boot = _text(_BOOT) or f"started-{time.time_ns():x}"

    def read(self) -> Reading:
        """The clock now."""
        wall = time.time_ns() // 1_000_000
        uptime = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
        trusted = self._trust if self._trust is not None else wall >= EARLIEST and clock_is_set()
        return Reading(self._boot, uptime, wall, trusted, self._day(wall) if trusted else 0)

    def offset(self, wall: int) -> int:
        """Local time minus UTC at `wall`, in milliseconds."""
        found = datetime.fromtimestamp(wall / 1000, self._zone).utcoffset()
        return round(found.total_seconds() * 1000) if found else 0

    def _day(self, wall: int) -> int:
        local = datetime.fromtimestamp(wall / 1000, UTC).astimezone(self._zone)
        return local.year * 10_000 + local.month * 100 + local.day


def clock_is_set() -> bool:
    """Whether the wall clock has a source: network time, a battery clock, or a virtual machine's host."""
    return _kernel_is_synchronised() or _SYNCHRONISED.exists() or _RTC.exists() or _is_virtual()


def _kernel_is_synchronised() -> bool:
    timex = ctypes.create_string_buffer(512)  # larger than struct timex everywhere; modes 0 only reads
    try:
        state = ctypes.CDLL(None).adjtimex(timex)
    except (OSError, AttributeError):
        return False
    return 0 <= int(state) < _CLOCK_ERROR


def _is_virtual() -> bool:
    return " hypervisor" in _text(_CPU)


def machine_id() -> str:
    """16 hex digits that another board does not have, though its card may be a copy of this one.

    /etc/machine-id is on the card and is copied with it: it counts only where no hardware tells.
    """
    found = next(filter(None, map(_text, _HARDWARE)), "") or _lowest_address() or _text(_INSTALLATION)
    return hashlib.sha256(found.encode()).hexdigest()[:16]


def _lowest_address() -> str:
    """The lowest address of the built-in network cards; virtual ones have no `device`."""
    try:
        cards = [card for card in _CARDS.iterdir() if (card / "device").exists()]
    except OSError:
        return ""
    return min(filter(None, (_text(card / "address") for card in cards)), default="")


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip("\0\n ")
    except OSError:
        return ""
