"""Kiosk settings: how screens behave, node by node of the touchpoint tree. In: a connection. Out: settings.

A node keeps only the fields that differ from the node above; a screen gets them merged field by field, root
first. What is kept has been checked, yet a field that cannot be read any more is no reason to show nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select

from hub.store import questionnaires, touchpoints
from hub.store.schema import kiosk_settings
from hub.store.upsert import insert_into
from link import kiosk_settings as model
from link import staff_pin
from link.kiosk_settings import BadSettings, KioskSettings

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """What a node keeps cannot be used, and is left out."""

    touchpoint_id: int
    error: str


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings of one touchpoint's screens."""

    settings: KioskSettings
    origins: dict[str, int]
    """Field → touchpoint_id of the node that says so; the others are defaults."""
    broken: tuple[Broken, ...]


def own(connection: Connection, touchpoint_id: int) -> Fields:
    """The fields that this very node sets; raise BadSettings when they cannot be read."""
    query = select(kiosk_settings.c.body).where(kiosk_settings.c.touchpoint_id == touchpoint_id)
    body = connection.execute(query).scalar_one_or_none()
    return {} if body is None else _fields(body)


def write(connection: Connection, touchpoint_id: int, fields: Mapping[str, Any], now: int) -> None:
    """Let the node set these fields and no others; raise BadSettings naming the place.

    Needs a writing connection. Without fields the node inherits everything.
    """
    _check(connection, fields)
    if not fields:
        connection.execute(delete(kiosk_settings).where(kiosk_settings.c.touchpoint_id == touchpoint_id))
        return
    row = {"body": msgspec.json.encode(fields).decode(), "changed_at": now}
    insert = insert_into(connection, kiosk_settings).values(touchpoint_id=touchpoint_id, **row)
    connection.execute(insert.on_conflict_do_update(index_elements=["touchpoint_id"], set_=row))


def effective_for(connection: Connection, touchpoint_id: int) -> Effective:
    """What holds at a touchpoint: each field from the nearest node that sets it."""
    path = [node.touchpoint_id for node in touchpoints.path(connection, touchpoint_id)]
    query = select(kiosk_settings.c.touchpoint_id, kiosk_settings.c.body)
    rows = connection.execute(query.where(kiosk_settings.c.touchpoint_id.in_(path)))
    bodies = {row.touchpoint_id: row.body for row in rows}
    merged: Fields = {}
    origins: dict[str, int] = {}
    broken = []
    for node in filter(bodies.__contains__, path):
        try:
            fields = _fields(bodies[node])
            model.decode(msgspec.json.encode(fields))
        except BadSettings as error:
            broken.append(Broken(node, str(error)))
            continue
        merged |= fields
        origins |= dict.fromkeys(fields, node)
    return Effective(model.decode(msgspec.json.encode(merged)), origins, tuple(broken))


def every(connection: Connection) -> list[int]:
    """The touchpoint_id of every node that sets something."""
    query = select(kiosk_settings.c.touchpoint_id).order_by(kiosk_settings.c.touchpoint_id)
    return list(connection.execute(query).scalars())


def _fields(body: str) -> Fields:
    try:
        return msgspec.json.decode(body, type=Fields)
    except msgspec.DecodeError as error:
        raise BadSettings(f"not a JSON object: {error}") from error


def _check(connection: Connection, fields: Mapping[str, Any]) -> None:
    settings = model.decode(msgspec.json.encode(fields))
    for number, turn in enumerate(settings.turns):
        if questionnaires.latest(connection, turn.questionnaire) is None:
            raise BadSettings(f"turns[{number}]: there is no questionnaire {turn.questionnaire!r}")
    if settings.staff_pin and not staff_pin.is_hash(settings.staff_pin):
        raise BadSettings("staff_pin: only a hash is kept; let the hub ask for the PIN")
