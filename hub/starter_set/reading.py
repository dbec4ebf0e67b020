"""Reads the starter set: text of `scenarios.toml` in, checked values out; pure but for the packaged file."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import msgspec
from msgspec import Struct

from link.questionnaire import FACES_5, NPS_11, Question, Questionnaire, Reason, Text

OVERALL: Text = {"zh-CN": "整体推荐意愿", "en": "Overall recommendation"}
OVERALL_ID = "overall"


class Example(Struct, frozen=True):
    """A touchpoint as an example, and the kind of place it stands in."""

    name: Text
    place: str


class Content(Struct, frozen=True):
    """Level 3 with its quality dimension (level 4) and touchpoints (level 5)."""

    name: Text
    dimension: Text
    touchpoints: tuple[Example, ...] = ()


class Scenario(Struct, frozen=True):
    """Level 2: one business scenario with the reasons offered after a bad answer."""

    id: str
    name: Text
    service: Text
    triggers: tuple[str, ...]
    reasons: tuple[Reason, ...]
    contents: tuple[Content, ...]


class StarterSet(Struct, frozen=True):
    """The fourteen scenarios."""

    scenarios: tuple[Scenario, ...]


def load() -> StarterSet:
    """The starter set shipped with the hub."""
    text = files("hub.starter_set").joinpath("scenarios.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), StarterSet)


def questionnaire_of(scenario: Scenario) -> Questionnaire:
    """What the touchpoints of a scenario ask: one question on five faces."""
    words = {
        "zh-CN": f"您对这里的{scenario.service['zh-CN']}满意吗？",
        "en": f"How satisfied are you with {scenario.service['en']} here?",
    }
    question = Question(id="satisfied", words=words, scale=FACES_5, reasons=scenario.reasons)
    return Questionnaire(id=scenario.id, revision=1, title=scenario.name, questions=(question,))


def overall_questionnaire() -> Questionnaire:
    """Level 1: whether owners would recommend the service, 0 to 10."""
    words = {
        "zh-CN": "您有多大可能把我们的物业服务推荐给亲友？",
        "en": "How likely are you to recommend our property service to friends and family?",
    }
    question = Question(id="recommend", words=words, scale=NPS_11)
    return Questionnaire(id=OVERALL_ID, revision=1, title=OVERALL, questions=(question,))
