"""Plants the starter set in a site: the tree of touchpoints and the questionnaires they ask.

In: a writing connection and a site. Out: the root and the touchpoints, for who places terminals and labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.starter_set import reading
from hub.store import questionnaires, touchpoints
from hub.store.database import Connection
from link.questionnaire import Text


@dataclass(frozen=True, slots=True)
class Planted:
    """The root, or a touchpoint of level 5, as it now stands in the store; `scenario` names what it asks."""

    touchpoint_id: int
    scenario: str
    name: Text
    place: str


def plant(connection: Connection, site_id: int, places: Mapping[str, int], now: int) -> list[Planted]:
    """Write the five levels below `site_id`; `places` maps the set's place keys to place ids.

    A touchpoint whose place key is not in `places` is planted without a place.
    """
    questionnaires.publish(connection, reading.overall_questionnaire(), now)
    bed = _Bed(connection, site_id, places)
    root = bed.put("overall", reading.OVERALL, None, questionnaire_id=reading.OVERALL_ID)
    planted = [Planted(root, reading.OVERALL_ID, reading.OVERALL, "")]
    for position, scenario in enumerate(reading.load().scenarios):
        asked = questionnaires.publish(connection, reading.questionnaire_of(scenario), now)
        branch = bed.put("scenario", scenario.name, root, questionnaire_id=asked.id, position=position)
        for order, content in enumerate(scenario.contents):
            planted += bed.plant_content(scenario.id, content, branch, order)
    return planted


@dataclass(frozen=True, slots=True)
class _Bed:
    connection: Connection
    site_id: int
    places: Mapping[str, int]

    def plant_content(
        self, scenario: str, content: reading.Content, branch: int, position: int
    ) -> list[Planted]:
        level_3 = self.put("content", content.name, branch, position=position)
        level_4 = self.put("dimension", content.dimension, level_3)
        planted = []
        for last, example in enumerate(content.touchpoints):
            place = self.places.get(example.place)
            leaf = self.put("touchpoint", example.name, level_4, place_id=place, position=last)
            planted.append(Planted(leaf, scenario, example.name, example.place))
        return planted

    def put(
        self,
        kind: str,
        name: Text,
        parent_id: int | None,
        *,
        place_id: int | None = None,
        questionnaire_id: str | None = None,
        position: int = 0,
    ) -> int:
        return touchpoints.create(
            self.connection,
            site_id=self.site_id,
            kind=kind,
            name=name,
            parent_id=parent_id,
            place_id=place_id,
            questionnaire_id=questionnaire_id,
            position=position,
        )
