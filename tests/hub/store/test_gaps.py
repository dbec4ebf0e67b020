"""The arithmetic of seq ranges agrees with sets of numbers."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.store import gaps

RANGES = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda r: (r[0], r[0] + r[1])), max_size=12
)


def seqs(ranges):
    return {seq for first, last in ranges for seq in range(first, last + 1)}


def is_tidy(ranges):
    return all(a[1] + 1 < b[0] for a, b in pairwise(ranges))


@given(RANGES)
def test_merged_ranges_hold_the_same_seqs(ranges):
    found = gaps.merged(ranges)
    assert seqs(found) == seqs(ranges)
    assert is_tidy(found)
    assert gaps.size(found) == len(seqs(ranges))


@given(RANGES, RANGES)
def test_what_is_taken_away_is_gone_and_the_rest_stays(ranges, taken):
    found = gaps.without(ranges, taken)
    assert seqs(found) == seqs(ranges) - seqs(taken)
    assert is_tidy(found)


@given(RANGES, RANGES, RANGES, st.integers(0, 70), st.integers(0, 70))
def test_what_is_open_was_made_and_neither_received_nor_refused(received, refused, pending, upto, claimed):
    old_holes = [(1, 3)] if upto > 3 else []
    wanted = gaps.unsure(old_holes, upto, claimed, refused)
    found = gaps.look(wanted, received, pending)
    made = (seqs(old_holes) | set(range(upto + 1, claimed + 1))) - seqs(refused) - seqs(received)
    assert seqs(found.holes) == made
    assert seqs(found.pending) == made & seqs(pending)
    assert seqs(found.missing) == made - seqs(pending)


def test_an_empty_range_is_nothing():
    assert gaps.merged([(5, 4)]) == []
    assert gaps.without([(5, 4)], []) == []


def test_seqs_are_shared_out_over_days_from_the_newest_down():
    made = {20261121: 5, 20261122: 10, 20261123: 3}
    assert gaps.by_day(made, 18, [(5, 6), (15, 16)]) == {20261121: 1, 20261122: 2, 20261123: 1}


def test_seqs_below_all_known_days_fall_on_the_oldest():
    assert gaps.by_day({20261123: 3}, 100, [(1, 2), (99, 100)]) == {20261123: 4}
    assert gaps.by_day({}, 10, [(3, 4)]) == {0: 2}


@given(st.dictionaries(st.integers(1, 8), st.integers(0, 20), max_size=8), st.integers(0, 80), RANGES)
def test_no_seq_is_lost_in_the_sharing(made, last, ranges):
    assert sum(gaps.by_day(made, last, ranges).values()) == len(seqs(ranges))
