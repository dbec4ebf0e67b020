from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from link.clock import BOUNDED, BY_BOOT, BY_SENDING, EARLIEST, TOLERANCE, TRUSTED, Reading, boot_start, place
from link.messages import Tap, TapBatch
from tests.vectors.values import TAP

NOW = 1_795_428_000_000
walls = st.one_of(st.integers(0, 2**42), st.integers(NOW - 10**9, NOW + 10**9))
uptimes = st.integers(0, 2**40)
boots = st.sampled_from(["boot-1", "boot-2"])
starts = st.none() | walls


def tap_at(wall: int, uptime: int, boot: str, trusted: bool) -> Tap:
    return structs.replace(TAP, tapped_at=wall, uptime=uptime, boot=boot, trusted=trusted)


def batch_of(tap: Tap, boot: str, uptime: int) -> TapBatch:
    return TapBatch(1, "s", boot, uptime, NOW, trusted=True, taps=(tap,))


# TL-CLK-02
@given(st.builds(tap_at, walls, uptimes, boots, st.booleans()), boots, uptimes, starts)
def test_a_tap_is_never_placed_in_1970_nor_in_the_future(
    tap: Tap, sender: str, sent: int, start: int | None
) -> None:
    placed = place(tap, batch_of(tap, sender, sent), NOW, start)
    assert EARLIEST <= placed.at <= NOW + TOLERANCE


@given(st.lists(uptimes, min_size=2), st.booleans(), boots, uptimes, starts)
def test_taps_of_one_boot_keep_their_order(
    made: list[int], trusted: bool, sender: str, sent: int, start: int | None
) -> None:
    made.sort()
    began = NOW - 2**40
    batch = batch_of(TAP, sender, max(sent, made[-1]))
    placed = [place(tap_at(began + u, u, "boot-1", trusted), batch, NOW, start) for u in made]
    assume(len({one.quality for one in placed}) == 1)
    assert [one.at for one in placed] == sorted(one.at for one in placed)


@given(st.integers(EARLIEST, NOW + TOLERANCE), uptimes, starts)
def test_a_trusted_clock_that_agrees_with_the_hub_is_believed(
    wall: int, sent: int, start: int | None
) -> None:
    tap = tap_at(wall, 5, "boot-1", trusted=True)
    assert place(tap, batch_of(tap, "boot-2", sent), NOW, start) == (wall, TRUSTED)


def test_a_trusted_clock_in_the_future_is_not_believed() -> None:
    tap = tap_at(NOW + TOLERANCE + 1, 1_000, "boot-1", trusted=True)
    assert place(tap, batch_of(tap, "boot-1", 61_000), NOW, None) == (NOW - 60_000, BY_SENDING)


def test_a_tap_of_the_sending_boot_is_placed_by_its_age() -> None:
    tap = tap_at(0, 1_000, "boot-1", trusted=False)
    assert place(tap, batch_of(tap, "boot-1", 91_000), NOW, None) == (NOW - 90_000, BY_SENDING)


def test_a_tap_of_an_earlier_boot_is_placed_by_the_known_start_of_that_boot() -> None:
    tap = tap_at(0, 1_000, "boot-1", trusted=False)
    assert place(tap, batch_of(tap, "boot-2", 50), NOW, NOW - 500_000) == (NOW - 499_000, BY_BOOT)


def test_a_tap_of_an_unknown_boot_is_placed_where_the_sending_boot_began() -> None:
    tap = tap_at(0, 1_000, "boot-1", trusted=False)
    assert place(tap, batch_of(tap, "boot-2", 70_000), NOW, None) == (NOW - 70_000, BOUNDED)


def test_only_a_trusted_sample_of_that_boot_tells_when_it_began() -> None:
    sample = Reading("boot-1", 10_000, NOW, trusted=True, day=20261123)
    assert boot_start("boot-1", sample) == NOW - 10_000
    assert boot_start("boot-2", sample) is None
    assert boot_start("boot-1", replace(sample, trusted=False)) is None
    assert boot_start("boot-1", replace(sample, wall=1_000)) is None
    assert boot_start("boot-1", batch_of(TAP, "boot-1", 4_000)) == NOW - 4_000
