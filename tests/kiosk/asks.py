"""A touchpoint to ask about, as the demo estate would send it."""

from __future__ import annotations

import msgspec

from kiosk.content import Ask, ask_from
from link import questionnaire
from link.messages import Config
from link.questionnaire import FACES_5, Question, Questionnaire, Scale


def config(scale: Scale = FACES_5, *, revision: int = 7, zh: str = "您对大堂的环境卫生满意吗？") -> Config:
    """A config as the hub sends it."""
    question = Question("clean", {"zh-CN": zh, "en": "How clean is the lobby?"}, scale)
    asked = Questionnaire("lobby", revision, {"zh-CN": "大堂", "en": "Lobby"}, (question,))
    place = {
        "name": "3 号楼大堂",
        "name_en": "Building 3 lobby",
        "place": "云栖花园",
        "place_en": "Yunqi Garden",
    }
    return Config(1, revision, place, msgspec.Raw(questionnaire.encode(asked)))


def ask(scale: Scale = FACES_5, *, revision: int = 7) -> Ask:
    """What that config asks."""
    found = ask_from(config(scale, revision=revision))
    assert found is not None
    return found
