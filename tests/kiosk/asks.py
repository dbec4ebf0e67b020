"""A touchpoint to ask about, as the demo estate would send it."""

from __future__ import annotations

from typing import Any

import msgspec

from kiosk.content import Ask, Plan, plan_from
from link import questionnaire
from link.messages import Card, Config
from link.questionnaire import FACES_5, Question, Questionnaire, Reason, Scale

REASONS = (
    Reason("dirty", {"zh-CN": "地面脏", "en": "Dirty floor"}),
    Reason("smell", {"zh-CN": "有异味", "en": "Bad smell"}),
    Reason("trapped", {"zh-CN": "有人被困", "en": "Somebody is trapped"}, safety=True),
)
CARDS = (
    Card("1", {"zh-CN": "电梯太慢", "en": "Slow lift"}, {"zh-CN": "换了曳引机", "en": "New drive"}, 20261120),
    Card(
        "2", {"zh-CN": "门厅太暗", "en": "Dark"}, {"zh-CN": "换了灯", "en": "New lamps"}, 20261121, "/c/2.jpg"
    ),
)


def questionnaire_json(
    scale: Scale = FACES_5,
    *,
    name: str = "lobby",
    revision: int = 7,
    zh: str = "您对大堂的环境卫生满意吗？",
    reasons: tuple[Reason, ...] = (),
) -> msgspec.Raw:
    """One questionnaire with one question."""
    question = Question("clean", {"zh-CN": zh, "en": "How clean is the lobby?"}, scale, reasons)
    asked = Questionnaire(name, revision, {"zh-CN": "大堂", "en": "Lobby"}, (question,))
    return msgspec.Raw(questionnaire.encode(asked))


def config(
    scale: Scale = FACES_5,
    *,
    revision: int = 7,
    zh: str = "您对大堂的环境卫生满意吗？",
    reasons: tuple[Reason, ...] = (),
    settings: dict[str, Any] | None = None,
    **more: Any,
) -> Config:
    """A config as the hub sends it."""
    place = {
        "name": "3 号楼大堂",
        "name_en": "Building 3 lobby",
        "place": "云栖花园",
        "place_en": "Yunqi Garden",
        "label": "7K3QX9TF",
    }
    return Config(
        1,
        revision,
        place,
        questionnaire_json(scale, revision=revision, zh=zh, reasons=reasons),
        settings=msgspec.Raw(msgspec.json.encode(settings or {})),
        **more,
    )


def plan(scale: Scale = FACES_5, **how: Any) -> Plan:
    """What that config means."""
    return plan_from(config(scale, **how))


def whole_plan(**settings: Any) -> Plan:
    """A plan with everything a hub can send."""
    return plan(
        reasons=REASONS,
        settings=settings,
        cards=CARDS,
        survey_url="https://pj.cn/t/7K3QX9TF",
        hub_url="https://pj.cn",
        hotline="400-820-0001",
        lift_code="31-0042",
    )


def ask(scale: Scale = FACES_5, **how: Any) -> Ask:
    """What that config asks."""
    found = plan(scale, **how).ask(None)
    assert found is not None
    return found
