from __future__ import annotations

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from link.machine import MachineClock, machine_id


def test_two_readings_are_of_one_boot_and_time_goes_on() -> None:
    clock = MachineClock()
    first = clock.read()
    time.sleep(0.01)
    second = clock.read()
    assert first.boot == second.boot
    assert second.uptime > first.uptime
    assert second.wall > first.wall
    assert abs(second.wall - time.time() * 1000) < 1_000


def test_the_day_is_the_calendar_day_of_the_zone() -> None:
    for zone in ("Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        before = datetime.now(ZoneInfo(zone))
        reading = MachineClock(zone, trust=True).read()
        assert str(reading.day) in (
            before.strftime("%Y%m%d"),
            datetime.now(ZoneInfo(zone)).strftime("%Y%m%d"),
        )


def test_a_clock_that_is_not_trusted_has_no_day() -> None:
    reading = MachineClock(trust=False).read()
    assert (reading.trusted, reading.day) == (False, 0)


def test_the_machine_is_asked_whether_its_clock_is_set() -> None:
    assert MachineClock().read().trusted in (True, False)


def test_the_machine_has_one_id() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", machine_id())
    assert machine_id() == machine_id()
