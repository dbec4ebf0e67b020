"""A screen's settings come from the nearest node that says something, field by field."""

from __future__ import annotations

import pytest

from hub.store import kiosk_settings, questionnaires, sites, touchpoints
from hub.store.database import Database
from link import staff_pin
from link.kiosk_settings import BadSettings, KioskSettings, Opening, Turn
from link.questionnaire import FACES_5, Question, Questionnaire


@pytest.fixture
def nodes(database: Database) -> dict[str, int]:
    """A root, a branch below it, a leaf below that, and another leaf of the root."""
    with database.writing() as connection:
        site = sites.create(connection, name={"zh-CN": "云栖"}, now=1)
        asked = Questionnaire("move-in", 1, {}, (Question("q", {"zh-CN": "满意吗？"}, FACES_5),))
        questionnaires.publish(connection, asked, 1)
        made: dict[str, int] = {}
        for name, parent in (("root", None), ("branch", "root"), ("leaf", "branch"), ("other", "root")):
            made[name] = touchpoints.create(
                connection,
                site_id=site,
                kind="touchpoint",
                name={"zh-CN": name},
                parent_id=made[parent] if parent else None,
            )
    return made


@pytest.fixture
def write(database: Database, nodes: dict[str, int]):
    def written(node: str, **fields: object) -> None:
        with database.writing() as connection:
            kiosk_settings.write(connection, nodes[node], fields, 5)

    return written


@pytest.fixture
def effective(database: Database, nodes: dict[str, int]):
    def found(node: str) -> kiosk_settings.Effective:
        with database.reading() as connection:
            return kiosk_settings.effective_for(connection, nodes[node])

    return found


def test_where_nobody_says_anything_the_defaults_hold(effective) -> None:
    assert effective("leaf") == kiosk_settings.Effective(KioskSettings(), {}, ())


def test_each_field_comes_from_the_nearest_node_that_sets_it(write, effective, nodes) -> None:
    write("root", theme="contrast", sound=True, dim_to=0)
    write("branch", theme="traffic", opening=[{"opens": "07:00", "closes": "22:00"}])
    write("leaf", sound=False)
    found = effective("leaf")
    assert found.settings == KioskSettings(
        theme="traffic", sound=False, dim_to=0, opening=(Opening("07:00", "22:00"),)
    )
    assert found.origins == {
        "theme": nodes["branch"],
        "opening": nodes["branch"],
        "sound": nodes["leaf"],
        "dim_to": nodes["root"],
    }
    assert effective("other").settings == KioskSettings(theme="contrast", sound=True, dim_to=0)


def test_a_list_is_replaced_whole_also_by_an_empty_one(write, effective) -> None:
    write("root", turns=[{"questionnaire": "move-in"}])
    assert effective("leaf").settings.turns == (Turn("move-in"),)
    write("leaf", turns=[])
    assert effective("leaf").settings.turns == ()


def test_writing_again_replaces_and_writing_nothing_inherits(write, effective, database, nodes) -> None:
    write("leaf", qr="full", sound=True)
    write("leaf", qr="beside")
    assert effective("leaf").settings == KioskSettings(qr="beside")
    with database.reading() as connection:
        assert kiosk_settings.own(connection, nodes["leaf"]) == {"qr": "beside"}
        assert kiosk_settings.every(connection) == [nodes["leaf"]]
    write("leaf")
    assert effective("leaf").origins == {}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"theme": "pink"}, r"\$\.theme"),
        ({"opening": [{"opens": "7", "closes": "22:00"}]}, r"\$\.opening\[0\]\.opens"),
        ({"opening": [{"opens": "22:00", "closes": "07:00"}]}, r"opening\[0\]: 22:00 is not before 07:00"),
        ({"turns": [{"questionnaire": "dance"}]}, r"turns\[0\]: there is no questionnaire 'dance'"),
        ({"colour": "red"}, "colour"),
        ({"staff_pin": "407128"}, "staff_pin: only a hash is kept"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(write, effective, fields, where) -> None:
    with pytest.raises(BadSettings, match=where):
        write("leaf", **fields)
    assert effective("leaf").origins == {}


def test_a_hashed_pin_is_kept(write, effective) -> None:
    line = staff_pin.hashed("407128", bytes(16), 10)
    write("root", staff_pin=line)
    assert effective("leaf").settings.staff_pin == line


@pytest.mark.parametrize("body", ["", "[1]", '{"theme": "pink"}', '{"tone": 1}', "{"])
def test_a_node_that_cannot_be_read_is_left_out_and_named(write, effective, database, nodes, body) -> None:
    write("root", sound=True)
    write("leaf", low_row=True)
    write("branch", theme="contrast")
    with database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE kiosk_settings SET body = '{body}' WHERE touchpoint_id = {nodes['branch']}"
        )
    found = effective("leaf")
    assert found.settings == KioskSettings(sound=True, low_row=True)
    assert [one.touchpoint_id for one in found.broken] == [nodes["branch"]]
    assert found.broken[0].error
