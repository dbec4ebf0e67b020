"""What owners said and what was done, at a node and everywhere below it."""

from __future__ import annotations

import pytest

from hub.store import cards, sites, touchpoints
from hub.store.database import Database

PHOTO = b"\xff\xd8 a photo"


@pytest.fixture
def nodes(database: Database) -> dict[str, int]:
    with database.writing() as connection:
        site = sites.create(connection, name={"zh-CN": "云栖"}, now=1)
        made: dict[str, int] = {}
        for name, parent in (("root", None), ("lifts", "root"), ("lift", "lifts"), ("gate", "root")):
            made[name] = touchpoints.create(
                connection,
                site_id=site,
                kind="touchpoint",
                name={"zh-CN": name},
                parent_id=made[parent] if parent else None,
            )
    return made


@pytest.fixture
def add(database: Database, nodes: dict[str, int]):
    def added(node: str, said: str = "太暗", day: int = 20261123, **more: object) -> int:
        with database.writing() as connection:
            return cards.create(
                connection,
                touchpoint_id=nodes[node],
                said={"zh-CN": said},
                done={"zh-CN": "换了灯"},
                day=day,
                now=1,
                **more,
            )

    return added


def shown(database: Database, node: int, now: int = 10, most: int = 12) -> list[int]:
    with database.reading() as connection:
        return [card.card_id for card in cards.shown_at(connection, node, now, most)]


def test_a_card_is_shown_at_its_node_and_below_it_and_nowhere_else(add, database, nodes) -> None:
    lifts, everywhere = add("lifts"), add("root", day=20261122)
    assert shown(database, nodes["lift"]) == [lifts, everywhere]
    assert shown(database, nodes["lifts"]) == [lifts, everywhere]
    assert shown(database, nodes["gate"]) == [everywhere]


def test_the_newest_come_first_by_the_day_of_the_deed_and_the_oldest_are_left_out(
    add, database, nodes
) -> None:
    old, new, same = add("root", day=20260101), add("root"), add("root")
    assert shown(database, nodes["gate"]) == [same, new, old]
    assert shown(database, nodes["gate"], most=2) == [same, new]


def test_a_card_ends_by_its_date_or_when_it_is_withdrawn(add, database, nodes) -> None:
    until, withdrawn = add("gate", until_at=100), add("gate", photo=PHOTO)
    assert shown(database, nodes["gate"], now=99) == [withdrawn, until]
    assert shown(database, nodes["gate"], now=100) == [withdrawn]
    with database.writing() as connection:
        assert cards.withdraw(connection, withdrawn, 50)
        assert not cards.withdraw(connection, withdrawn, 60)
        assert not cards.withdraw(connection, 999, 60)
        assert cards.photo(connection, withdrawn) is None
        assert [card.withdrawn_at for card in cards.every(connection)] == [50, None]
        assert [card.card_id for card in cards.every(connection, now=10)] == [until]
    assert shown(database, nodes["gate"], now=99) == [until]


def test_a_photo_has_an_address_that_changes_with_it(add, database) -> None:
    plain, one, other = add("gate"), add("gate", photo=PHOTO), add("gate", photo=PHOTO + b"!")
    with database.reading() as connection:
        paths = {number: cards.by_id(connection, number).photo_path for number in (plain, one, other)}
        assert cards.photo(connection, one).jpeg == PHOTO
        assert cards.photo(connection, plain) is None
        assert cards.by_id(connection, 999) is None
    assert paths[plain] == ""
    assert paths[one].startswith(f"/cards/{one}.jpg?v=")
    assert paths[one].partition("?")[2] != paths[other].partition("?")[2]


@pytest.mark.parametrize(("said", "words"), [("", "Chinese text is missing"), ("长" * 121, "121 characters")])
def test_a_card_that_nobody_can_read_is_refused(add, said, words) -> None:
    with pytest.raises(cards.BadCard, match=words):
        add("gate", said)
