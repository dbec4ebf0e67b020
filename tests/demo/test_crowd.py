"""The crowd: believable, repeatable, never in the future."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import characters, crowd
from demo.crowd import Character, history, pause, rating, recommendation

NOW = 1_795_900_000_000


def test_the_same_seed_gives_the_same_past():
    character = Character(50, 0.1)
    assert history(character, 7, NOW, Random(1)) == history(character, 7, NOW, Random(1))
    assert history(character, 7, NOW, Random(1)) != history(character, 7, NOW, Random(2))


@given(st.integers(0, 2**32), st.floats(0, 300), st.floats(0, 1))
def test_the_past_is_in_order_and_over(seed: int, taps_a_day: float, upset: float):
    moments = history(Character(taps_a_day, upset), 3, NOW, Random(seed))
    assert all(moment.at < NOW for moment in moments)
    assert all(moment.at >= NOW - 5 * crowd.DAY_MS for moment in moments)
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    assert {moment.rating for moment in moments} <= {1, 2, 3, 4, 5}


def test_more_people_come_at_eight_in_the_morning_than_at_three():
    moments = history(Character(200, 0.1), 20, NOW, Random(3))
    hours = [(moment.at + crowd.SHANGHAI_MS) // crowd.HOUR_MS % 24 for moment in moments]
    assert hours.count(8) > 10 * hours.count(3)


def test_a_bad_spell_is_seen_in_the_ratings_of_its_days():
    character = Character(300, 0.05, spell_from_day=6, spell_until_day=4, spell_upset=0.9)
    moments = history(character, 12, NOW, Random(4))
    spell = [m.rating for m in moments if 4 <= (NOW - m.at) / crowd.DAY_MS <= 6]
    calm = [m.rating for m in moments if (NOW - m.at) / crowd.DAY_MS > 8]
    assert sum(r <= 2 for r in spell) / len(spell) > 0.45
    assert sum(r <= 2 for r in calm) / len(calm) < 0.15


@pytest.mark.parametrize("upset", [0.0, 0.3, 1.0])
def test_answers_stay_on_their_scales(upset: float):
    chance = Random(5)
    assert {rating(upset, chance) for _ in range(2000)} <= {1, 2, 3, 4, 5}
    answers = {recommendation(upset, chance) for _ in range(2000)}
    assert answers <= set(range(11))
    assert upset == 0.0 or 0 in answers


def test_nobody_comes_faster_than_a_finger():
    chance = Random(6)
    assert min(pause(0.01, chance) for _ in range(500)) == pytest.approx(0.4)


def test_every_simulated_terminal_has_a_character_of_its_own():
    names = {terminal.touchpoint for terminal in (characters.KIOSK, *characters.SIMULATED)}
    assert names == set(characters.BUSY)
    assert len(characters.SIMULATED) == 6
