"""The starter set: fourteen scenarios that can be asked, and the tree they become."""

from __future__ import annotations

from hub.starter_set import planting, reading
from hub.store import questionnaires, sites, touchpoints
from hub.store.database import Database
from link import questionnaire as model


def test_fourteen_scenarios_with_at_most_six_reasons_in_both_languages():
    scenarios = reading.load().scenarios
    assert len(scenarios) == 14
    assert len({scenario.id for scenario in scenarios}) == 14
    for scenario in scenarios:
        assert 1 <= len(scenario.reasons) <= 6
        wordings = [scenario.name, scenario.service, *(reason.words for reason in scenario.reasons)]
        wordings += [content.name for content in scenario.contents]
        wordings += [content.dimension for content in scenario.contents]
        assert all(set(words) == {"zh-CN", "en"} and all(words.values()) for words in wordings)


def test_every_question_can_be_asked():
    for scenario in reading.load().scenarios:
        asked = reading.questionnaire_of(scenario)
        assert model.decode(model.encode(asked)) == asked
    assert model.decode(model.encode(reading.overall_questionnaire())).questions[0].scale.id == "nps-11"


def test_the_reasons_of_danger_are_marked():
    marked = {
        reason.words["zh-CN"]
        for scenario in reading.load().scenarios
        for reason in scenario.reasons
        if reason.safety
    }
    assert marked == {"有明火或冒烟", "有人被困", "有安全隐患", "消防通道被堵", "高空抛物"}


def test_planting_makes_five_levels_that_inherit_their_question(database: Database):
    with database.writing() as connection:
        site_id = sites.create(connection, name={"zh-CN": "云栖花园"}, now=1)
        planted = planting.plant(connection, site_id, {}, 1)
    with database.reading() as connection:
        tree = touchpoints.tree(connection, site_id)
        kinds = {node.depth: node.kind for node in tree}
        assert kinds == {0: "overall", 1: "scenario", 2: "content", 3: "dimension", 4: "touchpoint"}
        assert len([node for node in tree if node.kind == "touchpoint"]) == len(planted) - 1
        for one in planted:
            asked = questionnaires.effective_for(connection, one.touchpoint_id)
            assert asked is not None
            assert asked.id == one.scenario


def test_planting_twice_publishes_no_second_revision(database: Database):
    with database.writing() as connection:
        for name in ("一期", "二期"):
            planting.plant(connection, sites.create(connection, name={"zh-CN": name}, now=1), {}, 1)
        assert {asked.revision for asked in questionnaires.every(connection)} == {1}
