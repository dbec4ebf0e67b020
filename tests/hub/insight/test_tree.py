import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.insight.tree import Node, roll_up
from link.questionnaire import FACES_5

SCALES = {1: FACES_5}
GOOD, POOR, FEW = {1: {5: 40}}, {1: {1: 10, 3: 10}}, {1: {5: 19}}


def test_a_parent_pools_answers_but_weighs_its_children():
    rolled = roll_up([Node(1, None), Node(2, 1, 3), Node(3, 1, 1)], {2: GOOD, 3: POOR}, SCALES)
    assert rolled[1].pooled.n == 60
    assert rolled[1].pooled.rate == pytest.approx(40 / 60)
    assert rolled[1].degree == pytest.approx((3 * 100 + 1 * 25) / 4)
    assert rolled[1].coverage == 1


def test_a_child_with_too_few_answers_lowers_the_coverage_and_is_not_guessed():
    rolled = roll_up([Node(1, None), Node(2, 1, 3), Node(3, 1, 1)], {2: GOOD, 3: FEW}, SCALES)
    assert rolled[1].degree == pytest.approx(100)
    assert rolled[1].coverage == pytest.approx(0.75)
    assert rolled[3].degree is None


def test_coverage_reaches_through_five_levels():
    line = [Node(1, None), Node(2, 1), Node(3, 2), Node(4, 3), Node(5, 4), Node(6, 4)]
    rolled = roll_up(line, {5: GOOD}, SCALES)
    assert [rolled[i].coverage for i in range(1, 7)] == pytest.approx([0.5, 0.5, 0.5, 0.5, 1, 0])
    assert rolled[1].degree == pytest.approx(100)
    assert rolled[1].answers == {1: {5: 40}}


def test_answers_of_an_inner_touchpoint_are_a_part_of_their_own():
    rolled = roll_up([Node(1, None), Node(2, 1)], {1: POOR, 2: GOOD}, SCALES)
    assert rolled[1].degree == pytest.approx((25 + 100) / 2)
    assert rolled[1].pooled.n == 60


def test_a_weight_of_zero_is_counted_in_the_pool_but_not_in_the_score():
    rolled = roll_up([Node(1, None), Node(2, 1, 0), Node(3, 1)], {2: POOR, 3: GOOD}, SCALES)
    assert rolled[1].pooled.n == 60
    assert rolled[1].degree == pytest.approx(100)
    assert rolled[1].coverage == 1


def test_no_answers_at_all_give_no_score():
    rolled = roll_up([Node(1, None), Node(2, 1)], {}, SCALES)
    assert rolled[1].degree is None
    assert rolled[1].coverage == 0
    assert rolled[1].pooled.n == 0


def test_a_loop_in_the_data_is_left_out_and_a_lost_parent_makes_a_root():
    rolled = roll_up([Node(1, 2), Node(2, 1), Node(3, 99)], {3: GOOD}, SCALES)
    assert set(rolled) == {3}


def test_a_tree_of_any_depth_is_rolled_up():
    nodes = [Node(i, i - 1 or None) for i in range(1, 5001)]
    assert roll_up(nodes, {5000: GOOD}, SCALES)[1].pooled.n == 40


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 60)), min_size=1, max_size=13))
def test_no_answer_is_lost_or_counted_twice_on_the_way_up(shape):
    nodes = [Node(i + 1, min(parent, i) or None) for i, (parent, _) in enumerate(shape)]
    own = {i + 1: {1: {5: n}} for i, (_, n) in enumerate(shape)}
    rolled = roll_up(nodes, own, SCALES)
    roots = [node.id for node in nodes if node.parent is None]
    assert sum(rolled[root].pooled.n for root in roots) == sum(n for _, n in shape)
    assert all(0 <= part.coverage <= 1 for part in rolled.values())
