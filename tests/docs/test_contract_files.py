"""The published contract: it is what the code would write today, and real messages keep to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from link import messages, questionnaire, topics

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "docs" / "contract"
TAP = messages.Tap(
    seq=1,
    tapped_at=1_795_000_000_000,
    uptime=5_000,
    boot="b1",
    trusted=True,
    day=20261123,
    questionnaire="lobby@3",
    question="overall",
    scale="faces-5",
    rating=5,
)
ASKED = questionnaire.Questionnaire(
    "lobby",
    3,
    {"zh-CN": "大堂"},
    (questionnaire.Question("overall", {"zh-CN": "满意吗？"}, questionnaire.FACES_5),),
)
SAMPLES: dict[str, messages.Message] = {
    "tap-batch": messages.TapBatch(1, "s1", "b1", 6_000, 1_795_000_001_000, True, (TAP,)),
    "receipt": messages.Receipt(1, "s1", ((1, 7), (9, 9)), (messages.Refusal(8, "conflict"),), ("0" * 16,)),
    "state": messages.State(
        1,
        "heartbeat",
        "x1",
        store=messages.StoreState("s1", 9, ((3, 4),), days=(messages.DayCount(20261123, 9),)),
    ),
    "config": messages.Config(1, 4, questionnaire=messages.msgspec.Raw(questionnaire.encode(ASKED))),
    "command": messages.Command(1, "c1", "resend", 1_795_000_002_000, "s1", ((1, 2),)),
    "reply": messages.Reply(1, "c1", True),
    "hub-state": messages.HubState(1, True, 1_795_000_000_000),
}


def schema_of(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((CONTRACT / f"{name}.schema.json").read_text("utf-8"))
    return schema


@pytest.fixture(scope="module")
def asyncapi() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((CONTRACT / "asyncapi.yaml").read_text("utf-8"))
    return document


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_real_message_keeps_to_its_published_schema(name: str) -> None:
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(messages.encode(SAMPLES[name])), schema)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_message_of_another_version_does_not_keep_to_the_schema(name: str) -> None:
    told = json.loads(messages.encode(SAMPLES[name])) | {"v": messages.VERSION + 1}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema_of(name))


def test_a_questionnaire_keeps_to_its_published_schema() -> None:
    jsonschema.validate(json.loads(questionnaire.encode(ASKED)), schema_of("questionnaire"))


def test_the_golden_vectors_keep_to_the_published_schemas() -> None:
    """TL-MSG-04: other implementations may check themselves against the same bytes."""
    vectors = sorted((ROOT / "tests" / "vectors").rglob("*.json"))
    assert vectors
    for vector in vectors:
        told = json.loads(vector.read_bytes())
        fitting = [
            name for name in SAMPLES if jsonschema.Draft202012Validator(schema_of(name)).is_valid(told)
        ]
        assert fitting or "bad" in vector.stem, vector.name


def test_the_asyncapi_document_has_every_topic_with_its_quality_and_retention(
    asyncapi: dict[str, Any],
) -> None:
    addresses = {channel["address"] for channel in asyncapi["channels"].values()}
    wanted = {f"{topics.ROOT}/{{terminal}}/up/{kind}" for kind in topics.UP_KINDS}
    wanted |= {f"{topics.ROOT}/{{terminal}}/down/{kind}" for kind in topics.DOWN_KINDS}
    assert addresses == wanted | {topics.hub_state()}
    for operation in asyncapi["operations"].values():
        assert operation["bindings"]["mqtt"]["qos"] == 1
    retained = {name for name, found in asyncapi["operations"].items() if found["bindings"]["mqtt"]["retain"]}
    assert retained == {"send_state", "receive_config", "receive_hub"}


def test_every_reference_of_the_asyncapi_document_leads_somewhere(asyncapi: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [found for value in part.values() for found in references(value)]
        return [found for value in part for found in references(value)] if isinstance(part, list) else []

    for reference in references(asyncapi):
        if not reference.startswith("#/"):
            assert (CONTRACT / reference).is_file(), reference
            continue
        found: Any = asyncapi
        for word in reference.removeprefix("#/").split("/"):
            found = found[word]
        assert found


def test_every_message_has_a_schema_and_an_asyncapi_message(asyncapi: dict[str, Any]) -> None:
    kinds = {kind.__name__ for kind in messages.Message.__args__}
    assert set(asyncapi["components"]["messages"]) == kinds
    for kind in kinds:
        schema = asyncapi["components"]["messages"][kind]["payload"]["schema"]["$ref"]
        assert json.loads((CONTRACT / schema).read_text("utf-8"))["title"] == kind
