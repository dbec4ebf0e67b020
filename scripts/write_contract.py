"""Writes docs/contract/: a JSON Schema a message, and one AsyncAPI document seen from the terminal.

In: link.topics, link.messages, link.questionnaire, link.kiosk_settings. Out: files; with --check nothing is
written, and the exit code is 1 when a file is not what it would write.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_type_hints

import msgspec
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from link import kiosk_settings, messages, questionnaire, topics  # noqa: E402 the root is on the path only now

FOLDER = ROOT / "docs" / "contract"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Channel:
    """One topic with what travels on it; `way` is what the terminal does."""

    name: str
    topic: Callable[..., str]
    message: type[msgspec.Struct]
    way: Literal["send", "receive"]
    retained: bool


CHANNELS = (
    Channel("taps", topics.taps, messages.TapBatch, "send", retained=False),
    Channel("state", topics.state, messages.State, "send", retained=True),
    Channel("replies", topics.replies, messages.Reply, "send", retained=False),
    Channel("receipts", topics.receipts, messages.Receipt, "receive", retained=False),
    Channel("config", topics.config, messages.Config, "receive", retained=True),
    Channel("commands", topics.commands, messages.Command, "receive", retained=False),
    Channel("hub", topics.hub_state, messages.HubState, "receive", retained=True),
)
SOURCES = (messages, questionnaire, kiosk_settings)


def file_name(kind: type) -> str:
    """TapBatch → tap-batch.schema.json."""
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__)
    return f"{words.lstrip('-')}.schema.json"


def _said_of_fields(kind: type) -> dict[str, str]:
    """What stands in the source under each field, which is where its meaning is told."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    said = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            said[field.target.id] = " ".join(inspect.cleandoc(text.value.value).split())  # type: ignore[attr-defined]
    return said


SPELLED_OUT: dict[str, tuple[Any, Any]] = {
    "questionnaire": (questionnaire.Questionnaire | None, None),
    "more_questionnaires": (tuple[questionnaire.Questionnaire, ...], ()),
    "settings": (kiosk_settings.KioskSettings | None, None),
}
"""Parts of a config that stay bytes in memory until their reader takes them: their shape, their default."""


def _config_on_the_line() -> type[msgspec.Struct]:
    """Config with all its parts spelled out."""
    hints = get_type_hints(messages.Config, include_extras=True)
    fields: list[Any] = []
    for field in msgspec.structs.fields(messages.Config):
        if field.name in SPELLED_OUT:
            fields.append((field.name, *SPELLED_OUT[field.name]))
        elif field.required:
            fields.append((field.name, hints[field.name]))
        elif field.default_factory is not msgspec.NODEFAULT:
            fields.append(
                (field.name, hints[field.name], msgspec.field(default_factory=field.default_factory))
            )
        else:
            fields.append((field.name, hints[field.name], field.default))
    return msgspec.defstruct("Config", fields, namespace={"__doc__": messages.Config.__doc__})


def schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of one message, whole in itself."""
    shown = _config_on_the_line() if kind is messages.Config else kind
    (_, parts) = msgspec.json.schema_components([shown], ref_template="#/$defs/{name}")
    for name, part in parts.items():
        source = next((getattr(module, name) for module in SOURCES if hasattr(module, name)), None)
        for field, text in (_said_of_fields(source) if source else {}).items():
            if field in part.get("properties", {}):
                part["properties"][field]["description"] = text
    top = parts.pop(kind.__name__)
    if "v" in top["properties"]:
        top["properties"]["v"] = {"const": messages.VERSION, "description": "Major version of the contract."}
    return {"$schema": DIALECT, **top, **({"$defs": dict(sorted(parts.items()))} if parts else {})}


def _channel(channel: Channel) -> dict[str, Any]:
    said = inspect.getdoc(channel.topic) or ""
    found: dict[str, Any] = {"address": channel.topic(*_terminal_of(channel)), "description": said}
    if _terminal_of(channel):
        found["parameters"] = {"terminal": {"$ref": "#/components/parameters/terminal"}}
    kind = channel.message.__name__
    found["messages"] = {kind: {"$ref": f"#/components/messages/{kind}"}}
    return found


def _terminal_of(channel: Channel) -> tuple[str, ...]:
    return ("{terminal}",) if inspect.signature(channel.topic).parameters else ()


def _operation(channel: Channel) -> dict[str, Any]:
    return {
        "action": channel.way,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{channel.message.__name__}"}],
        "bindings": {"mqtt": {"qos": 1, "retain": channel.retained, "bindingVersion": "0.2.0"}},
    }


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    said = inspect.getdoc(kind) or ""
    return {
        "name": kind.__name__,
        "summary": said.split("\n", maxsplit=1)[0],
        "contentType": "application/json",
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./{file_name(kind)}"},
        },
    }


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 document of the line, seen from the terminal: `send` goes up, `receive` comes down."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Taploop: the line between a terminal and the hub",
            "version": f"{messages.VERSION}.0.0",
            "description": "Generated from link/topics.py and link/messages.py by make docs. "
            "What either side must do stands in docs/contract.md.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {f"{channel.way}_{channel.name}": _operation(channel) for channel in CHANNELS},
        "components": {
            "parameters": {
                "terminal": {
                    "description": "The terminal's id, which is its user name and its client id: "
                    "1 to 64 characters of a-z, 0-9 and inner hyphens; not `hub`, not `all`.",
                    "examples": ["k7f3m2qd"],
                }
            },
            "messages": {channel.message.__name__: _message(channel.message) for channel in CHANNELS},
        },
    }


def files() -> dict[Path, str]:
    """Every file of the contract with its text."""
    kinds = [channel.message for channel in CHANNELS] + [
        questionnaire.Questionnaire,
        kiosk_settings.KioskSettings,
    ]
    found = {
        FOLDER / file_name(kind): json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"
        for kind in kinds
    }
    text = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=110)
    found[FOLDER / "asyncapi.yaml"] = f"# Written by make docs; not to be edited.\n{text}"
    return found


if __name__ == "__main__":
    from written import write

    sys.exit(write(files(), only_check="--check" in sys.argv))
