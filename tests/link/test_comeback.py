from __future__ import annotations

import pytest

from link.comeback import Comeback


def longest(_least: float, most: float) -> float:
    return most


@pytest.fixture
def comeback() -> Comeback:
    return Comeback("5", 1.0, 300.0, longest)


def test_the_pause_doubles_from_the_first_to_the_most(comeback: Comeback) -> None:
    assert [comeback.pause(0, changed=False) for _ in range(11)] == [
        1,
        2,
        4,
        8,
        16,
        32,
        64,
        128,
        256,
        300,
        300,
    ]


def test_a_connection_that_held_makes_the_next_loss_quick_again(comeback: Comeback) -> None:
    for _ in range(5):
        comeback.pause(0, changed=False)
    assert comeback.pause(9.0, changed=False) == 32  # taken in and thrown out: not held
    assert comeback.pause(10.0, changed=False) == 1


# TL-SES-03
def test_jitter_is_full() -> None:
    drawn = []
    comeback = Comeback("5", 1.0, 300.0, lambda a, b: drawn.append((a, b)) or 0.0)  # type: ignore[func-returns-value]
    for _ in range(3):
        comeback.pause(0, changed=False)
    assert drawn == [(0, 1), (0, 2), (0, 4)]


def test_the_hubs_wish_to_spread_the_return_is_kept_once(comeback: Comeback) -> None:
    comeback.spread_s = 60.0
    assert [comeback.pause(20, changed=False), comeback.pause(0, changed=False)] == [60, 2]


def test_a_broker_that_says_it_does_not_speak_5_is_asked_by_3_1_1_at_once(comeback: Comeback) -> None:
    comeback.unsupported()
    assert comeback.protocol == "3.1.1"
    assert comeback.pause(0, changed=True) == 0


def test_a_broker_that_only_hangs_up_is_asked_by_turns_but_not_without_end_at_once(
    comeback: Comeback,
) -> None:
    spoken, pauses = [], []
    for _ in range(4):
        comeback.hung_up()
        spoken.append(comeback.protocol)
        pauses.append(comeback.pause(0, changed=True))
    assert spoken == ["3.1.1", "5", "3.1.1", "5"]
    assert pauses == [0, 2, 4, 8]


def test_what_has_worked_is_only_given_up_after_three_hang_ups(comeback: Comeback) -> None:
    comeback.accepted()
    spoken = []
    for _ in range(3):
        comeback.hung_up()
        spoken.append(comeback.protocol)
    assert spoken == ["5", "5", "3.1.1"]
