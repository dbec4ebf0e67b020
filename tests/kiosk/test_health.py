"""How the machine is, read from a tree of files like the kernel's."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import health
from kiosk.health import Sources
from link.clock import Reading

READING = Reading("boot", 93_600_000 + 5 * 60_000, 1_795_428_000_000, trusted=True, day=20261123)


def put(root: Path, **files: str) -> Path:
    """Write files by path, with __ for a slash."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def sources(root: Path) -> Sources:
    return Sources(root / "thermal", root / "hwmon", root / "get_throttled", root / "cpu")


def test_the_hottest_zone_counts_and_nonsense_does_not(tmp_path: Path):
    put(
        tmp_path,
        thermal_zone0__temp="48312\n",
        thermal_zone1__temp="61000\n",
        thermal_zone2__temp="-274000\n",
        thermal_zone3__temp="broken",
        cooling_device0__temp="99000",
    )
    (tmp_path / "thermal_zone4").mkdir()
    assert health.temperature(tmp_path) == 61.0
    assert health.temperature(tmp_path / "nothing") is None


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("0\n", ()),
        ("50005\n", ("under_voltage", "slowed")),
        ("0x50000", ("was_under_voltage", "was_slowed")),
        ("throttled=0x8", ("hot",)),
        ("no number", ()),
    ],
)
def test_a_raspberry_pi_tells_of_weak_power_and_heat(tmp_path: Path, told: str, words: tuple[str, ...]):
    put(tmp_path, get_throttled=told)
    assert health.power(sources(tmp_path)) == words


def test_the_kernel_tells_of_weak_power_where_the_firmware_does_not(tmp_path: Path):
    put(tmp_path, hwmon__hwmon0__name="cpu_thermal", hwmon__hwmon1__name="rpi_volt\n")
    assert health.power(sources(tmp_path)) == ()
    put(tmp_path, hwmon__hwmon1__in0_lcrit_alarm="1\n")
    assert health.power(sources(tmp_path)) == ("under_voltage",)


def test_a_pc_tells_of_heat(tmp_path: Path):
    put(tmp_path, cpu__cpu0__thermal_throttle__core_throttle_count="0")
    assert health.power(sources(tmp_path)) == ()
    put(tmp_path, cpu__cpu1__thermal_throttle__core_throttle_count="17")
    assert health.power(sources(tmp_path)) == ("was_slowed",)


def test_a_machine_that_tells_nothing_is_examined_all_the_same(tmp_path: Path):
    machine = health.examine(tmp_path, "taploop-kiosk 1", READING, sources(tmp_path))
    assert machine.temperature is None
    assert machine.power == ()
    assert machine.disk_free > 0
    assert health.disk_free(tmp_path / "gone") == 0
    told = {name["en"]: value for name, value in health.rows(machine)}
    assert told["Temperature"] == "–"
    assert told["Running for"] == "1 d 2 h"
    assert told["Software"] == "taploop-kiosk 1"
    assert all(set(name) == {"zh-CN", "en"} for name, _ in health.rows(machine))


@pytest.mark.parametrize(
    ("milliseconds", "words"), [(0, "0 min"), (59 * 60_000, "59 min"), (250 * 60_000, "4 h 10 min")]
)
def test_a_duration_is_told_by_its_two_largest_units(milliseconds: int, words: str):
    assert health.span(milliseconds) == words


@pytest.mark.parametrize(("count", "words"), [(28_400_000_000, "28.4 GB"), (199_600_000, "200 MB")])
def test_room_is_told_in_gigabytes_or_megabytes(count: int, words: str):
    assert health.size(count) == words
