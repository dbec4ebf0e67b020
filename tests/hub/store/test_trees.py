"""Sites, places, touchpoints and what they ask, on both stores."""

from __future__ import annotations

import pytest

from hub.store import places, questionnaires, sites, touchpoints
from link import questionnaire as model
from link.questionnaire import BadQuestionnaire, Question, Questionnaire


def name(zh):
    return {"zh-CN": zh}


@pytest.fixture
def site(database):
    with database.writing() as connection:
        return sites.create(connection, name=name("云栖苑"), now=7, hotline="0571-1", households=812)


@pytest.fixture
def tree(database, site):
    """overall → (lift → (door, cabin), lobby); numbers by name."""
    with database.writing() as connection:
        made = {}
        for key, above, position in (
            ("overall", None, 0),
            ("lobby", "overall", 2),
            ("lift", "overall", 1),
            ("cabin", "lift", 0),
            ("door", "lift", 0),
        ):
            made[key] = touchpoints.create(
                connection,
                site_id=site,
                kind="touchpoint",
                name=name(key),
                parent_id=made.get(above),
                position=position,
            )
        return made


def asked(words="满意吗"):
    return Questionnaire("lobby", 99, {}, (Question("clean", {"zh-CN": words}, model.FACES_5),))


def test_a_site_is_read_as_it_was_written(database, site):
    with database.reading() as connection:
        found = sites.by_id(connection, site)
        assert sites.every(connection) == [found]
        assert sites.by_id(connection, site + 1) is None
    assert found == sites.SiteRow(site, name("云栖苑"), "Asia/Shanghai", "0571-1", 812, 7)


def test_places_come_depth_first_with_their_path(database, site):
    with database.writing() as connection:
        estate = places.create(connection, site_id=site, kind="estate", name=name("云栖苑"))
        three = places.create(
            connection, site_id=site, kind="building", name=name("3"), parent_id=estate, position=3
        )
        one = places.create(
            connection, site_id=site, kind="building", name=name("1"), parent_id=estate, position=1
        )
        floor = places.create(connection, site_id=site, kind="floor", name=name("B1"), parent_id=three)
    with database.reading() as connection:
        found = [(place.place_id, place.depth) for place in places.tree(connection, site)]
        assert found == [(estate, 0), (one, 1), (three, 1), (floor, 2)]
        assert [place.place_id for place in places.path(connection, floor)] == [estate, three, floor]
        assert places.path(connection, 999) == []


def test_touchpoints_come_depth_first_by_position(database, site, tree):
    with database.reading() as connection:
        found = [(row.name["zh-CN"], row.depth) for row in touchpoints.tree(connection, site)]
    assert found == [("overall", 0), ("lift", 1), ("cabin", 2), ("door", 2), ("lobby", 1)]


def test_a_path_leads_from_the_root_and_a_subtree_holds_its_own_root(database, tree):
    with database.reading() as connection:
        path = [(row.touchpoint_id, row.depth) for row in touchpoints.path(connection, tree["door"])]
        below = touchpoints.under(connection, tree["lift"])
        assert touchpoints.path(connection, 999) == []
        assert touchpoints.under(connection, 999) == []
    assert path == [(tree["overall"], 0), (tree["lift"], 1), (tree["door"], 2)]
    assert below == sorted([tree["lift"], tree["cabin"], tree["door"]])


def test_a_retired_touchpoint_leaves_the_tree_and_stays_in_its_subtree(database, site, tree):
    with database.writing() as connection:
        touchpoints.retire(connection, tree["lift"], 9)
    with database.reading() as connection:
        shown = {row.touchpoint_id: row.depth for row in touchpoints.tree(connection, site)}
        whole = touchpoints.tree(connection, site, retired=True)
        found = touchpoints.by_id(connection, tree["lift"])
        assert tree["lift"] in touchpoints.under(connection, tree["overall"])
    assert tree["lift"] not in shown
    assert shown[tree["door"]] == 0
    assert len(whole) == 5
    assert found is not None
    assert found.retired_at == 9


def test_a_change_of_wording_is_a_new_revision_and_the_old_one_stays(database):
    with database.writing() as connection:
        first = questionnaires.publish(connection, asked(), 1)
        same = questionnaires.publish(connection, asked(), 2)
        second = questionnaires.publish(connection, asked("怎么样"), 3)
    assert (first.name, same.name, second.name) == ("lobby@1", "lobby@1", "lobby@2")
    with database.reading() as connection:
        assert questionnaires.latest(connection, "lobby") == second
        assert questionnaires.by_name(connection, "lobby@1") == first
        assert questionnaires.every(connection) == [second]
        for nobody in ("lobby@9", "lobby", "@", "lobby@x", "lobby@９", "lobby@99999999999999999999"):
            assert questionnaires.by_name(connection, nobody) is None


def test_what_cannot_be_asked_is_not_published(database):
    two = model.FACES_5.levels[:1]
    wrong = Questionnaire("bad", 1, {}, (Question("q", {}, model.Scale("one", two, (), ())),))
    with pytest.raises(BadQuestionnaire), database.writing() as connection:
        questionnaires.publish(connection, wrong, 1)
    with database.reading() as connection:
        assert questionnaires.latest(connection, "bad") is None


def test_a_touchpoint_asks_what_the_nearest_above_it_asks(database, tree):
    other = Questionnaire("lift", 1, {}, asked().questions)
    with database.writing() as connection:
        questionnaires.publish(connection, asked(), 1)
        questionnaires.publish(connection, other, 1)
        assert questionnaires.effective_for(connection, tree["door"]) is None
        touchpoints.set_questionnaire(connection, tree["overall"], "lobby")
        touchpoints.set_questionnaire(connection, tree["lift"], "lift")
        found = {
            key: questionnaires.effective_for(connection, tree[key]) for key in ("door", "lobby", "lift")
        }
        touchpoints.set_questionnaire(connection, tree["lift"], None)
        again = questionnaires.effective_for(connection, tree["door"])
    assert {key: one.name for key, one in found.items()} == {
        "door": "lift@1",
        "lobby": "lobby@1",
        "lift": "lift@1",
    }
    assert again is not None
    assert again.name == "lobby@1"


def test_a_question_has_one_number(database):
    with database.writing() as connection:
        first = questionnaires.question_no(connection, "lobby@1", "clean", "faces-5")
        assert questionnaires.question_no(connection, "lobby@1", "clean", "faces-5") == first
        second = questionnaires.question_no(connection, "lobby@2", "clean", "faces-5")
    with database.reading() as connection:
        found = questionnaires.questions_by_no(connection)
    assert {row.questionnaire for row in found.values()} == {"lobby@1", "lobby@2"}
    assert first != second
