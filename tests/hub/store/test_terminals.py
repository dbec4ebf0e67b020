"""Terminals, where they stood, and whether they are there, on both stores."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from hub.store import clock_samples, placements, presence, stores, terminals
from link.messages import State
from tests.peers.taps import NOW, build_estate


@pytest.fixture
def estate(database):
    return build_estate(database)


def state(kind="heartbeat", session="s1", **more):
    return State(1, kind, session, **more)


def hear(database, number, said, at, **more):
    with database.writing() as connection:
        return presence.state_heard(connection, number, said, at, **more)


def seen(database, number):
    with database.reading() as connection:
        return presence.of(connection, number)


def test_a_terminal_is_found_by_its_id_and_by_its_number(database, estate):
    with database.writing() as connection:
        number = terminals.create(
            connection, terminal_id="k9", kind="bridge", now=5, name="九", password_hash="h"
        )
    with database.reading() as connection:
        found = terminals.by_id(connection, "k9")
        assert found == terminals.by_no(connection, number)
        assert found == terminals.TerminalRow(number, "k9", "bridge", "九", "h", 0, "", 5, None)
        assert terminals.by_id(connection, "nobody") is None
        assert [row.terminal_id for row in terminals.every(connection)] == ["k1", "k2", "k3", "k9"]


def test_an_id_is_given_once(database, estate):
    with pytest.raises(IntegrityError), database.writing() as connection:
        terminals.create(connection, terminal_id="k1", kind="kiosk", now=1)


def test_a_retired_terminal_has_no_password_any_more(database, estate):
    number = estate.terminals["k1"]
    with database.writing() as connection:
        assert terminals.password_hash(connection, "k1") is None
        terminals.set_password_hash(connection, number, "hash")
        assert terminals.password_hash(connection, "k1") == "hash"
        terminals.retire(connection, number, 9)
        assert terminals.password_hash(connection, "k1") is None
        assert [row.terminal_id for row in terminals.every(connection)] == ["k2", "k3"]
        assert len(terminals.every(connection, retired=True)) == 3


def test_names_and_config_revisions_change(database, estate):
    number = estate.terminals["k1"]
    with database.writing() as connection:
        terminals.rename(connection, number, "大堂左")
        revisions = []
        for fingerprint in ("a", "a", "b"):
            found = terminals.by_no(connection, number)
            revisions.append(terminals.config_revision(connection, found, fingerprint))
        found = terminals.by_no(connection, number)
    assert revisions == [1, 1, 2]
    assert (found.name, found.config_revision) == ("大堂左", 2)


def test_the_survey_page_is_one_terminal(database):
    with database.writing() as connection:
        assert terminals.web(connection, 1) == terminals.web(connection, 2)


def test_a_terminal_stands_at_one_place_at_a_time(database, estate):
    number = estate.terminals["k3"]
    with database.writing() as connection:
        placements.place_terminal(connection, number, estate.lobby, 100)
        placements.place_terminal(connection, number, estate.lift, 200)
        placements.take_away(connection, number, 300)
        found = {when: placements.at(connection, number, when) for when in (99, 100, 199, 200, 299, 300)}
        assert number not in placements.current(connection)
        assert placements.terminals_at(connection, [estate.lobby, estate.lift]) == [1, 2]
        history = [
            (row.touchpoint_id, row.from_at, row.until_at) for row in placements.history(connection, number)
        ]
    assert found == {
        99: None,
        100: estate.lobby,
        199: estate.lobby,
        200: estate.lift,
        299: estate.lift,
        300: None,
    }
    assert history == [(estate.lobby, 100, 200), (estate.lift, 200, 300)]


def test_what_is_said_later_about_earlier_replaces_what_was_said(database, estate):
    number = estate.terminals["k3"]
    with database.writing() as connection:
        placements.place_terminal(connection, number, estate.lobby, 100)
        placements.place_terminal(connection, number, estate.lobby, 200)
        placements.place_terminal(connection, number, estate.lift, 150)
        assert placements.spots(connection, [number]) == {
            number: [(100, 150, estate.lobby), (150, None, estate.lift)]
        }


def test_a_birth_makes_a_terminal_present_and_its_will_ends_that(database, estate):
    assert hear(database, 1, state("birth", software="0.1.0"), NOW)
    row = seen(database, 1)
    assert (row.terminal_id, row.online, row.since_at, row.heard_at) == ("k1", True, NOW, NOW)
    assert row.state["software"] == "0.1.0"
    hear(database, 1, state(), NOW + 5)
    assert (seen(database, 1).since_at, seen(database, 1).heard_at) == (NOW, NOW + 5)
    assert hear(database, 1, state("will"), NOW + 9)
    row = seen(database, 1)
    assert (row.online, row.since_at, row.heard_at) == (False, NOW + 9, NOW + 5)
    assert row.state == msgspec.to_builtins(state())


def test_the_will_of_an_old_session_says_nothing(database, estate):
    hear(database, 1, state("birth", "s1"), NOW)
    hear(database, 1, state("birth", "s2"), NOW + 1)
    assert not hear(database, 1, state("will", "s1"), NOW + 2)
    assert seen(database, 1).online


def test_a_terminal_first_heard_by_its_will_is_absent(database, estate):
    assert hear(database, 1, state("will"), NOW)
    assert not seen(database, 1).online
    assert seen(database, 2) is None


def test_a_second_will_does_not_move_the_time_of_the_first(database, estate):
    hear(database, 1, state("birth"), NOW)
    hear(database, 1, state("will"), NOW + 1)
    hear(database, 1, state("will"), NOW + 2)
    assert seen(database, 1).since_at == NOW + 1


def test_a_retained_state_is_no_sign_of_life(database, estate):
    hear(database, 1, state(), NOW)
    hear(database, 1, state(), NOW + 60_000, retained=True)
    assert seen(database, 1).heard_at == NOW


def test_who_was_not_heard_for_long_is_absent(database, estate):
    hear(database, 1, state("birth"), NOW)
    hear(database, 2, state("birth"), NOW + 10)
    with database.writing() as connection:
        assert presence.mark_silent(connection, NOW + 5, NOW + 20) == [1]
        assert presence.mark_silent(connection, NOW + 5, NOW + 21) == []
        assert [(row.online, row.since_at) for row in presence.every(connection)] == [
            (False, NOW + 20),
            (True, NOW + 10),
        ]


def test_a_trusted_state_tells_when_its_boot_began(database, estate):
    hear(database, 1, state(boot="b1", uptime=5_000, at=NOW, trusted=True), NOW)
    hear(database, 1, state(boot="b2", uptime=5_000, at=NOW, trusted=False), NOW)
    with database.reading() as connection:
        assert clock_samples.started_at(connection, 1, "b1") == NOW - 5_000
        assert clock_samples.started_at(connection, 1, "b2") is None


def test_a_store_has_one_number_and_a_day_has_twenty_new_ones(database, estate):
    with database.writing() as connection:
        first = stores.number_or_new(connection, 1, "store", NOW)
        assert stores.number_or_new(connection, 1, "store", NOW + 1) == first
        assert stores.number_or_new(connection, 2, "store", NOW) != first
        for number in range(stores.MOST_NEW_STORES - 1):
            stores.number_or_new(connection, 1, f"store-{number}", NOW)
        with pytest.raises(stores.TooManyStores):
            stores.number_or_new(connection, 1, "one more", NOW + 1)
        stores.number_or_new(connection, 1, "tomorrow", NOW + 24 * 3_600_000)
