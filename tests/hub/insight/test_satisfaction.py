import pytest

from hub.insight.satisfaction import Change, Satisfaction, nps_ratings, satisfaction
from link.questionnaire import FACES_4, FACES_5, NPS_11

SCALES = {1: FACES_5, 2: NPS_11, 3: FACES_4}


def test_the_top_two_of_five_faces_are_satisfied_by_default():
    result = satisfaction({1: {1: 5, 2: 5, 3: 20, 4: 30, 5: 40}}, SCALES)
    assert (result.n, result.satisfied, result.bad) == (100, 70, 10)
    assert result.rate == pytest.approx(0.7)
    assert result.degree == pytest.approx((5 * 25 + 20 * 50 + 30 * 75 + 40 * 100) / 100)
    assert not result.mapped


def test_an_nps_answer_is_never_part_of_the_share_satisfied():
    answers = {1: {5: 10}, 2: {10: 90, 0: 4}}
    assert satisfaction(answers, SCALES).n == 10
    assert nps_ratings(answers, SCALES) == {10: 90, 0: 4}


def test_two_scales_are_put_together_by_their_own_cut_and_marked_as_mapped():
    result = satisfaction({1: {3: 10}, 3: {3: 10}}, SCALES)
    assert result.mapped
    assert (result.n, result.satisfied) == (20, 10)


def test_answers_to_a_question_that_is_not_known_are_left_out():
    assert satisfaction({9: {5: 10}, 1: {7: 3}}, SCALES) == Satisfaction()


def test_nineteen_answers_are_not_compared():
    few = satisfaction({1: {5: 19}}, SCALES)
    many = satisfaction({1: {1: 400}}, SCALES)
    assert few.change_since(many) is Change.UNKNOWN
    assert many.change_since(few) is Change.UNKNOWN


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        ({5: 80, 1: 20}, {5: 76, 1: 24}, Change.NONE),
        ({5: 800, 1: 200}, {5: 700, 1: 300}, Change.UP),
        ({5: 30, 1: 30}, {5: 50, 1: 10}, Change.DOWN),
    ],
)
def test_only_a_difference_beyond_chance_is_a_change(now, before, change):
    assert satisfaction({1: now}, SCALES).change_since(satisfaction({1: before}, SCALES)) is change


def test_four_answers_are_not_shown():
    assert not satisfaction({1: {5: 4}}, SCALES).shown
    assert satisfaction({1: {5: 5}}, SCALES).shown
