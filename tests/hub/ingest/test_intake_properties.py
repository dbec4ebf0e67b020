"""However taps are ordered, repeated, split into batches and grouped, the store says the same."""

from __future__ import annotations

from collections import Counter
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import ledger, placements, rollup, sites, terminals, touchpoints
from tests.peers.taps import DAY, NOW, Taker, batch, rollup_is_right, stored, tap

_NUMBERS = count(1)
_TAPS = st.lists(
    st.tuples(
        st.integers(1, 5), st.sampled_from([DAY, DAY - 1, 0]), st.sampled_from(["", "", "", "test", "burst"])
    ),
    min_size=1,
    max_size=40,
)


@st.composite
def deliveries(draw):
    """Taps, and commits of batches of them in which each is sent at least once."""
    made = draw(_TAPS)
    taps = [
        tap(seq, rating, day=day, tapped_at=NOW - 1_800_000 * seq, test=flag == "test", burst=flag == "burst")
        for seq, (rating, day, flag) in enumerate(made, 1)
    ]
    again = draw(st.lists(st.sampled_from(taps), max_size=40))
    order = draw(st.permutations(taps + again))
    cuts = draw(st.lists(st.integers(1, 15), min_size=1, max_size=len(order)))
    batches = []
    while order:
        size = cuts[len(batches) % len(cuts)]
        batches.append(order[:size])
        order = order[size:]
    commits = draw(st.lists(st.integers(1, 4), min_size=1, max_size=len(batches)))
    grouped = []
    while batches:
        size = commits[len(grouped) % len(commits)]
        grouped.append(batches[:size])
        batches = batches[size:]
    return taps, grouped


def place_one(database):
    """A terminal and a touchpoint that no other example has."""
    name = f"property-{next(_NUMBERS)}"
    with database.writing() as connection:
        site = sites.create(connection, name={}, now=1)
        touchpoint = touchpoints.create(connection, site_id=site, kind="touchpoint", name={})
        number = terminals.create(connection, terminal_id=name, kind="kiosk", now=1)
        placements.place_terminal(connection, number, touchpoint, 1)
    return name, number, touchpoint


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries())
def test_order_repetition_and_splitting_do_not_matter(database, delivered):
    taps, commits = delivered
    name, number, touchpoint = place_one(database)
    for commit in commits:
        taker = Taker(database)
        for some in commit:
            taker.offer(batch(some), name)
        taker.finish()
        sent = {one.seq for some in commit for one in some}
        ((_, receipt),) = taker.told.receipts
        assert {seq for first, last in receipt.committed for seq in range(first, last + 1)} == sent
    rows = [row for row in stored(database) if row.terminal_id == name]
    assert [(row.seq, row.rating, row.day, row.tapped_at) for row in rows] == [
        (one.seq, one.rating, one.day, one.tapped_at) for one in taps
    ]
    counted = Counter(one.rating for one in taps if not (one.test or one.burst))
    with database.reading() as connection:
        sums = rollup.counts(connection, from_hour=0, to_hour=2**31 - 1, touchpoint_ids=[touchpoint])
        days = {row.day: row for row in ledger.view(connection, terminal_no=number)}
    found = Counter()
    for row in sums:
        found[row.rating] += row.n
    assert found == counted
    assert {day: row.received for day, row in days.items()} == Counter(one.day for one in taps)
    deliveries = sum(len(some) for commit in commits for some in commit)
    assert sum(row.duplicates for row in days.values()) == deliveries - len(taps)
    assert rollup_is_right(database)
