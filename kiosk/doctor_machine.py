"""The doctor at the machine itself: power, heat, disk, clock.

In: the kernel's files, the directory of the answers, a reading of the clock. Out: findings.
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

from kiosk import health
from kiosk.finding import Finding, look, well, wrong
from kiosk.health import Machine
from link.clock import EARLIEST, Reading

SLOW_DISK = 200.0
"""Milliseconds for one fsync from which people notice."""


def power(machine: Machine) -> Finding:
    """Enough current, and not too hot."""
    heat = machine.temperature
    told = "" if heat is None else f"{heat:.0f} °C"
    if "under_voltage" in machine.power or "was_under_voltage" in machine.power:
        return look(
            "power",
            f"供电不足，处理器被降频 {told}".strip(),
            f"the supply is too weak: the processor was slowed down {told}".strip(),
            "换用原装电源（树莓派 4 需要 5V 3A，树莓派 5 需要 5V 5A）和更短更粗的线",
            "use the original power supply (Raspberry Pi 4: 5 V 3 A, Pi 5: 5 V 5 A) and a short thick cable",
        )
    if (heat is not None and heat >= health.HOT) or {"hot", "slowed"} & set(machine.power):
        return look(
            "power",
            f"温度过高 {told}".strip(),
            f"too hot {told}".strip(),
            "装散热片或风扇，避开阳光直射，清理通风口",
            "fit a heat sink or a fan, keep it out of the sun, clear the vents",
        )
    return well("power", told or "没有异常", told or "nothing unusual")


def storage(data: Path) -> Finding:
    """Answers can be written, how long that takes, and how much room is left."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        took = fsync_time(data)
    except OSError as error:
        return wrong(
            "storage",
            f"{data} 不能写入：{error.strerror}",
            f"{data}: {error.strerror}",
            "腾出空间，并确认这个目录属于运行终端的用户",
            f"free some space, and make {data} writable for the terminal's user",
        )
    free = health.disk_free(data)
    told = (
        f"一次写入 {took:.1f} 毫秒，剩余 {health.size(free)}",
        f"one write takes {took:.1f} ms, {health.size(free)} free",
    )
    if free < health.LOW_DISK:
        return wrong(
            "storage",
            *told,
            "快满了：删除别的文件，或换更大的卡",
            "nearly full: delete other files, or use a larger card",
        )
    if took > SLOW_DISK:
        return look("storage", *told, "存储卡老化，请更换", "the card is worn: replace it")
    return well("storage", *told)


def fsync_time(directory: Path, rounds: int = 9) -> float:
    """Median of the milliseconds that 4 KiB need to be safely on this disk; raises OSError."""
    path = directory / ".doctor"
    times: list[float] = []
    try:
        with path.open("wb", buffering=0) as file:
            for _ in range(rounds):
                began = time.perf_counter()
                file.write(bytes(4096))
                os.fsync(file.fileno())
                times.append((time.perf_counter() - began) * 1000)
    finally:
        path.unlink(missing_ok=True)
    return statistics.median(times)


def clock(reading: Reading) -> Finding:
    """The wall clock has a source; without one answers are kept all the same."""
    shown = time.strftime("%Y-%m-%d %H:%M", time.localtime(reading.wall / 1000))
    if reading.trusted:
        return well("clock", f"{shown}，可信", f"{shown}, trusted")
    advice = (
        "连上网络等一分钟（systemd-timesyncd），或加装带电池的时钟模块（RTC）",
        "connect the network and wait a minute (systemd-timesyncd), or fit a clock with a battery (RTC)",
    )
    if reading.wall < EARLIEST:
        return wrong(
            "clock",
            f"时钟停在 {shown}：评价照样保存，由服务器推算时间；加密连接会失败",
            f"the clock says {shown}: answers are kept and placed by the hub, but encryption will fail",
            *advice,
        )
    return look(
        "clock",
        f"{shown}，开机后没有校准过；评价照样保存，由服务器推算时间",
        f"{shown}, not set since the start; answers are kept, and the hub works out their time",
        *advice,
    )
