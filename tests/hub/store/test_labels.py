from __future__ import annotations

from hub.store import details, labels, places, sites, touchpoints
from hub.store.database import Connection, Database


def _lift(connection: Connection, name: str = "客梯 A") -> int:
    site = sites.create(connection, name={"zh-CN": "云栖花园"}, now=1, hotline="400")
    estate = places.create(connection, site_id=site, kind="estate", name={"zh-CN": "云栖花园"})
    building = places.create(
        connection, site_id=site, kind="building", name={"zh-CN": "3 号楼"}, parent_id=estate
    )
    return touchpoints.create(
        connection, site_id=site, kind="touchpoint", name={"zh-CN": name}, place_id=building
    )


def test_a_label_leads_to_its_touchpoint_place_and_site(database: Database) -> None:
    with database.writing() as connection:
        lift = _lift(connection)
        labels.create(connection, "7K3QX9TF", lift, 5)
    with database.reading() as connection:
        found = labels.find(connection, "7K3QX9TF")
        assert labels.find(connection, "00000000") is None
        assert labels.of_touchpoint(connection, lift) == ["7K3QX9TF"]
    assert found is not None
    assert (found.touchpoint_id, found.created_at, found.retired_at, found.hotline) == (lift, 5, None, "400")
    assert found.touchpoint == {"zh-CN": "客梯 A"}
    assert [place["zh-CN"] for place in found.places] == ["云栖花园", "3 号楼"]


def test_a_retired_label_is_still_known_and_repointing_brings_it_back(database: Database) -> None:
    with database.writing() as connection:
        old, new = _lift(connection), _lift(connection, "客梯 B")
        labels.create(connection, "7K3QX9TF", old, 5)
        labels.retire(connection, "7K3QX9TF", 9)
    with database.writing() as connection:
        retired = labels.find(connection, "7K3QX9TF")
        assert labels.of_touchpoint(connection, old) == []
        labels.repoint(connection, "7K3QX9TF", new)
        again = labels.find(connection, "7K3QX9TF")
        before = labels.find(connection, "7K3QX9TF", old)
    assert retired is not None
    assert retired.retired_at == 9
    assert again is not None
    assert (again.touchpoint_id, again.retired_at) == (new, None)
    assert before is not None
    assert before.touchpoint == {"zh-CN": "客梯 A"}


def test_a_label_at_a_retired_touchpoint_counts_as_retired(database: Database) -> None:
    with database.writing() as connection:
        lift = _lift(connection)
        labels.create(connection, "7K3QX9TF", lift, 5)
        touchpoints.retire(connection, lift, 8)
        found = labels.find(connection, "7K3QX9TF")
    assert found is not None
    assert found.retired_at == 8


def test_the_labels_of_a_site_come_oldest_first(database: Database) -> None:
    with database.writing() as connection:
        lift = _lift(connection)
        for at, code in ((7, "AAAAAAAA"), (5, "ZZZZZZZZ"), (6, "CCCCCCCC")):
            labels.create(connection, code, lift, at)
        labels.retire(connection, "CCCCCCCC", 9)
        site = touchpoints.by_id(connection, lift)
        assert site is not None
        assert [row.code for row in labels.of_site(connection, site.site_id)] == ["ZZZZZZZZ", "AAAAAAAA"]


def test_details_written_again_replace_the_first_and_many_are_read_at_once(database: Database) -> None:
    with database.writing() as connection:
        details.write(connection, 1, ("wait",), "一", 5)
        details.write(connection, 1, ("dirty", "wait"), "二", 6)
        details.write(connection, 1200, (), "远", 6)
    with database.reading() as connection:
        found = details.of(connection, range(1, 2000))
    assert set(found) == {1, 1200}
    assert (found[1].reasons, found[1].comment, found[1].written_at) == (("dirty", "wait"), "二", 6)
