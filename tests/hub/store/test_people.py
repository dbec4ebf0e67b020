"""People, sign-ins and links, on SQLite and on PostgreSQL."""

import pytest

from hub.store import people
from hub.store.people import LOCKED_FOR, MOST_TRIES, SIGNED_IN_FOR

NOW = 1_795_000_000_000


@pytest.fixture
def alice(database):
    with database.writing() as connection:
        return people.add_user(connection, "Alice", "operator", NOW, "hash-of-alice")


def tried(database, name="Alice", now=NOW):
    with database.writing() as connection:
        return people.begin_try(connection, name, now)


def test_a_user_is_known_by_name_with_role(database, alice):
    with database.reading() as connection:
        row = people.named(connection, "Alice")
        assert (row.user_id, row.role, row.has_password) == (alice, "operator", True)
        assert people.named(connection, "alice") is None
        assert people.every(connection) == [row]


def test_the_fifth_wrong_try_locks_for_fifteen_minutes(database, alice):
    for _ in range(MOST_TRIES):
        assert tried(database).password_hash == "hash-of-alice"
    locked = tried(database)
    assert locked.password_hash is None
    assert locked.locked_until == NOW + LOCKED_FOR
    assert tried(database, now=NOW + LOCKED_FOR).password_hash == "hash-of-alice"


def test_a_right_password_forgets_the_wrong_ones_even_at_the_fifth_try(database, alice):
    for _ in range(MOST_TRIES):
        tried(database)
    with database.writing() as connection:
        people.succeeded(connection, alice)
    for _ in range(MOST_TRIES):
        assert tried(database).locked_until is None


def test_nobody_is_locked_for_a_name_that_is_not_known(database):
    assert all(tried(database, "Mallory").locked_until is None for _ in range(9))


def test_a_sign_in_lasts_twelve_hours_and_only_its_hash_is_kept(database, alice):
    with database.writing() as connection:
        token = people.sign_in(connection, alice, NOW)
    with database.reading() as connection:
        assert people.signed_in(connection, token, NOW + SIGNED_IN_FOR - 1).user.name == "Alice"
        assert people.signed_in(connection, token, NOW + SIGNED_IN_FOR) is None
        assert people.signed_in(connection, "another", NOW) is None
        kept = connection.exec_driver_sql("SELECT token_hash FROM sign_ins").scalar_one()
    assert token not in kept


def test_signing_out_and_a_new_password_end_sign_ins(database, alice):
    with database.writing() as connection:
        first, second = (people.sign_in(connection, alice, NOW) for _ in range(2))
        people.sign_out(connection, first)
        assert people.signed_in(connection, first, NOW) is None
        people.set_password(connection, alice, "another hash")
        assert people.signed_in(connection, second, NOW) is None


def test_a_link_signs_in_once_and_looking_at_it_does_not_use_it_up(database, alice):
    with database.writing() as connection:
        token = people.sign_in_link(connection, alice, NOW, 600_000)
        assert people.link_is_good(connection, token, NOW + 1).name == "Alice"
        assert people.use_link(connection, token, NOW + 2) == alice
        assert people.use_link(connection, token, NOW + 3) is None
        assert people.link_is_good(connection, token, NOW + 3) is None


def test_a_link_ends_with_its_lifetime(database, alice):
    with database.writing() as connection:
        token = people.sign_in_link(connection, alice, NOW, 600_000)
        assert people.use_link(connection, token, NOW + 600_000) is None


@pytest.mark.parametrize("lifetime", [59_999, 3_600_001])
def test_a_link_that_lives_too_long_or_too_short_is_not_made(database, alice, lifetime):
    with database.writing() as connection, pytest.raises(ValueError, match="1 to 60 minutes"):
        people.sign_in_link(connection, alice, NOW, lifetime)
