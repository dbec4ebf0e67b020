"""The published contract: it is what the code would write today, and real messages keep to it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from link import messages, questionnaire, topics
from tests.vectors.values import LOBBY, VALUES

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "docs" / "contract"
VECTORS = ROOT / "tests" / "vectors"


def schema_of(kind: type) -> dict[str, Any]:
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()
    schema: dict[str, Any] = json.loads((CONTRACT / f"{name}.schema.json").read_text("utf-8"))
    return schema


@pytest.fixture(scope="module")
def asyncapi() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((CONTRACT / "asyncapi.yaml").read_text("utf-8"))
    return document


@pytest.mark.parametrize("name", VALUES)
def test_a_golden_vector_keeps_to_its_published_schema(name: str) -> None:
    schema = schema_of(type(VALUES[name]))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((VECTORS / f"{name}.json").read_bytes()), schema)


@pytest.mark.parametrize("name", VALUES)
def test_a_message_of_another_version_does_not_keep_to_the_schema(name: str) -> None:
    told = json.loads(messages.encode(VALUES[name])) | {"v": messages.VERSION + 1}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema_of(type(VALUES[name])))


def test_every_message_has_a_golden_vector() -> None:
    assert {type(value) for value in VALUES.values()} == set(messages.Message.__args__)


def test_a_questionnaire_keeps_to_its_published_schema() -> None:
    told = json.loads(questionnaire.encode(LOBBY))
    jsonschema.validate(told, schema_of(questionnaire.Questionnaire))


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
