"""How the machine under the kiosk is: heat, power, room on the disk, clock.

In: the kernel's files (their places are arguments) and one reading of the clock. Out: figures for heartbeat,
staff corner and doctor, and the words for them.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from link.clock import Reading
from link.questionnaire import Text

HOT = 80.0
"""Degrees Celsius from which a Raspberry Pi slows down, and most small computers soon do."""
THERMAL = Path("/sys/class/thermal")
LOW_DISK = 200 * 1024 * 1024
"""Bytes free from which somebody should come; the outbox itself holds a reserve."""
_SANE = (-40.0, 150.0)
_NOW = ((0, "under_voltage"), (1, "slowed"), (2, "slowed"), (3, "hot"))
_SINCE_BOOT = ((16, "was_under_voltage"), (18, "was_slowed"))


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the kernel tells of the machine."""

    thermal: Path = THERMAL
    hwmon: Path = Path("/sys/class/hwmon")
    firmware: Path = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
    """A Raspberry Pi's own report, as a hexadecimal number."""
    processors: Path = Path("/sys/devices/system/cpu")


@dataclass(frozen=True, slots=True)
class Machine:
    """The figures of one moment."""

    temperature: float | None
    """Degrees Celsius of the hottest part that tells; None when none does."""
    disk_free: int
    """Bytes free where the answers lie; 0 when that cannot be told."""
    power: tuple[str, ...]
    """What has slowed the machine: `under_voltage`, `hot`, `slowed`, and `was_…` since the boot."""
    uptime: int
    """Milliseconds since the boot."""
    software: str
    clock_trusted: bool


def examine(data: Path, software: str, reading: Reading, sources: Sources | None = None) -> Machine:
    """Read everything; what cannot be read is left out, never an error."""
    found = sources or Sources()
    return Machine(
        temperature(found.thermal),
        disk_free(data),
        power(found),
        reading.uptime,
        software,
        reading.trusted,
    )


def temperature(thermal: Path = THERMAL) -> float | None:
    """The hottest thermal zone in degrees Celsius; None when there is none."""
    zones = (_number(zone / "temp") for zone in _folders(thermal, "thermal_zone*"))
    degrees = [value / 1000 for value in zones if value is not None]
    return max((one for one in degrees if _SANE[0] < one < _SANE[1]), default=None)


def disk_free(path: Path) -> int:
    """Bytes free where `path` lies; 0 when even that cannot be told."""
    try:
        return shutil.disk_usage(path).free
    except OSError:
        return 0


def power(sources: Sources) -> tuple[str, ...]:
    """What keeps the processor from its full speed, now or since the boot; empty when nothing is known."""
    found = dict.fromkeys(_firmware_words(sources.firmware))
    for chip in _folders(sources.hwmon, "hwmon*"):
        if _text(chip / "name") == "rpi_volt" and _number(chip / "in0_lcrit_alarm"):
            found["under_voltage"] = None
    counts = (_number(core / "thermal_throttle" / "core_throttle_count") for core in _cores(sources))
    if any(counts):
        found["was_slowed"] = None
    return tuple(found)


def throttled_words(bits: int) -> tuple[str, ...]:
    """What a Raspberry Pi's `get_throttled` says (bits 0–3 now, 16–19 since the boot)."""
    now = [word for bit, word in _NOW if bits >> bit & 1]
    before = [word for bit, word in _SINCE_BOOT if bits >> bit & 1 and word.removeprefix("was_") not in now]
    return tuple(dict.fromkeys(now + before))


def rows(machine: Machine) -> tuple[tuple[Text, str], ...]:
    """Name and value of each figure, as the doctor and the service manager show them."""
    heat = "–" if machine.temperature is None else f"{machine.temperature:.0f} °C"
    clock = "OK" if machine.clock_trusted else "–"
    return (
        ({"zh-CN": "温度", "en": "Temperature"}, heat),
        ({"zh-CN": "剩余空间", "en": "Free space"}, size(machine.disk_free)),
        ({"zh-CN": "供电与降频", "en": "Power and throttling"}, ", ".join(machine.power) or "OK"),
        ({"zh-CN": "已运行", "en": "Running for"}, span(machine.uptime)),
        ({"zh-CN": "时钟", "en": "Clock"}, clock),
        ({"zh-CN": "程序版本", "en": "Software"}, machine.software),
    )


def size(count: int) -> str:
    """Bytes in GB or MB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def span(milliseconds: int) -> str:
    """A duration by its two largest units: 3 d 4 h, 4 h 10 min, 10 min."""
    minutes = milliseconds // 60_000
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _firmware_words(report: Path) -> tuple[str, ...]:
    told = _text(report) or _vcgencmd()
    try:
        return throttled_words(int(told.rpartition("=")[2], 16))
    except ValueError:
        return ()


def _vcgencmd() -> str:
    """The same from the program of older systems; empty where there is none."""
    program = shutil.which("vcgencmd")
    if program is None:
        return ""
    try:
        told = subprocess.run(
            [program, "get_throttled"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


def _cores(sources: Sources) -> Iterator[Path]:
    return _folders(sources.processors, "cpu[0-9]*")


def _folders(root: Path, pattern: str) -> Iterator[Path]:
    try:
        yield from sorted(root.glob(pattern))
    except OSError:
        return


def _number(path: Path) -> int | None:
    try:
        return int(_text(path))
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip("\0\n ")
    except OSError:
        return ""
