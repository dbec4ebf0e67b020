"""Scores read the roll-up, on SQLite and on PostgreSQL."""

from collections import Counter

import msgspec
import pytest

from hub.store import questionnaires, rollup, scores, sites, touchpoints
from hub.store.scores import Cut
from link.questionnaire import FACES_5, Question, Questionnaire

NOW = 1_795_000_000_000
HOUR = NOW // 3_600_000


@pytest.fixture
def estate(database):
    with database.writing() as connection:
        site = sites.create(connection, name={"en": "One"}, now=NOW)
        other = sites.create(connection, name={"en": "Other"}, now=NOW)
        ids = [
            touchpoints.create(connection, site_id=where, kind="touchpoint", name={"en": str(where)})
            for where in (site, site, other)
        ]
        counted = Counter()
        for touchpoint, hour, question, proof, rating, n in (
            (ids[0], HOUR - 1, 1, 0, 5, 3),
            (ids[0], HOUR - 1, 1, 2, 5, 2),
            (ids[0], HOUR - 2, 1, 0, 1, 1),
            (ids[1], HOUR - 1, 2, 0, 10, 7),
            (ids[2], HOUR - 1, 1, 0, 5, 100),
            (ids[0], HOUR, 1, 0, 2, 50),
        ):
            counted[touchpoint, hour, question, proof, rating] += n
        rollup.add(connection, counted)
    return site, ids


def test_a_sites_answers_of_a_period_by_touchpoint(database, estate):
    site, ids = estate
    with database.reading() as connection:
        found = scores.by_touchpoint(connection, site, Cut(HOUR - 2, HOUR))
    assert found == {ids[0]: {1: {5: 5, 1: 1}}, ids[1]: {2: {10: 7}}}


def test_only_the_proof_levels_that_are_wanted(database, estate):
    site, ids = estate
    with database.reading() as connection:
        found = scores.by_touchpoint(connection, site, Cut(HOUR - 2, HOUR, (0, 1)))
        assert found[ids[0]] == {1: {5: 3, 1: 1}}
        assert scores.by_proof(connection, ids[:2], Cut(HOUR - 2, HOUR)) == {0: 11, 2: 2}


def test_answers_by_hour(database, estate):
    _, ids = estate
    with database.reading() as connection:
        found = scores.by_hour(connection, ids[:1], Cut(HOUR - 2, HOUR + 1))
    assert found == {HOUR - 2: {1: {1: 1}}, HOUR - 1: {1: {5: 5}}, HOUR: {1: {2: 50}}}


def test_a_scale_is_that_of_the_questionnaires_revision_else_the_one_known_by_name(database):
    strict = msgspec.structs.replace(FACES_5, satisfied=(5,))
    asked = Questionnaire("lobby", 1, {"en": "Lobby"}, (Question("clean", {"en": "Clean?"}, strict),))
    with database.writing() as connection:
        questionnaires.publish(connection, asked, NOW)
        ours = questionnaires.question_no(connection, "lobby@1", "clean", "faces-5")
        lost = questionnaires.question_no(connection, "gone@7", "clean", "faces-5")
        other = questionnaires.question_no(connection, "lobby@1", "clean", "nps-11")
        unknown = questionnaires.question_no(connection, "gone@7", "clean", "stars-3")
        found = scores.scales(connection)
    assert found[ours].satisfied == (5,)
    assert found[lost].satisfied == (4, 5)
    assert found[other].id == "nps-11"
    assert unknown not in found
