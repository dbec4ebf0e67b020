"""kiosk: how the screens behave, node by node of the touchpoint tree."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.moment import now
from hub.store import kiosk_settings, placements, terminals, touchpoints
from hub.store.database import Connection
from hub.store.kiosk_settings import Fields
from link import staff_pin
from link.kiosk_settings import BadSettings, KioskSettings
from link.questionnaire import say


@click.group()
def kiosk() -> None:
    """How kiosks behave: opening hours, what is asked when, theme, QR, sound."""


@kiosk.command("show")
@click.argument("touchpoint_id", type=int, required=False)
@click.option("--terminal", "terminal_id", help="The touchpoint at which this terminal stands.")
@with_settings
@as_json
def show_settings(
    touchpoint_id: int | None, terminal_id: str | None, settings_file: Path | None, as_json: bool
) -> None:
    """Show what holds for kiosks at TOUCHPOINT_ID, and which node of the tree says so."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        node = _node(connection, _which(connection, touchpoint_id, terminal_id))
        found = kiosk_settings.effective_for(connection, node.touchpoint_id)
        names = {one.touchpoint_id: one for one in touchpoints.path(connection, node.touchpoint_id)}
    for broken in found.broken:
        click.echo(f"Node {broken.touchpoint_id} is left out: {broken.error}", err=True)
    values: Fields = msgspec.to_builtins(found.settings)
    values["staff_pin"] = "set" if found.settings.staff_pin else "none"
    rows = [
        {
            "setting": name,
            "value": values[name] if as_json else _text(values[name]),
            "set by": found.origins.get(name)
            if as_json
            else _said_by(names, found.origins.get(name), node.touchpoint_id),
        }
        for name in KioskSettings.__struct_fields__
    ]
    show(rows, json_wanted=as_json, empty="")


@kiosk.command("set")
@click.argument("touchpoint_id", type=int)
@click.argument("what", nargs=-1, required=True)
@click.option("--only", is_flag=True, help="Drop every other setting of this node, the staff PIN too.")
@with_settings
def set_settings(touchpoint_id: int, what: Sequence[str], only: bool, settings_file: Path | None) -> None:
    """Let TOUCHPOINT_ID, and all below it, behave otherwise.

    WHAT is a JSON file with some of the settings, or any number of NAME=VALUE, VALUE being JSON or a word:

    \b
      taploop-hub kiosk set 7 qr=beside sound=true attract_after=60
      taploop-hub kiosk set 7 'opening=[{"opens": "07:00", "closes": "22:00"}]'
      taploop-hub kiosk set 7 theme=null      inherit it again
      taploop-hub kiosk set 1 estate.json     `taploop-hub kiosk show 1` names the settings
    """
    changes = _file(Path(what[0])) if len(what) == 1 and "=" not in what[0] else _pairs(what)
    pin = changes.get("staff_pin")
    if pin is not None and not staff_pin.is_hash(str(pin)):
        raise NotPossible(f"a PIN is not written down; run: taploop-hub kiosk pin {touchpoint_id}")
    with opened(settings_file) as (_, database), database.writing() as connection:
        before = {} if only else _own(connection, touchpoint_id)
        _write(connection, touchpoint_id, before | changes)
    click.echo(f"Set {', '.join(changes) or 'nothing'}; a running hub tells the kiosks within 30 s.")


@kiosk.command("pin")
@click.argument("touchpoint_id", type=int)
@click.option("--off", is_flag=True, help="No PIN of this node any more; without any, the corner is closed.")
@with_settings
def set_pin(touchpoint_id: int, off: bool, settings_file: Path | None) -> None:
    """Ask for the PIN of the staff corner of kiosks at TOUCHPOINT_ID and below it.

    Only a salted hash is kept, and checked on the kiosk itself. Change the PIN when somebody leaves.
    """
    with opened(settings_file) as (_, database), database.reading() as connection:
        _own(connection, touchpoint_id)
    line = None if off else _asked_pin()
    with opened(settings_file) as (_, database), database.writing() as connection:
        _write(connection, touchpoint_id, _own(connection, touchpoint_id) | {"staff_pin": line})
    click.echo(
        "The PIN is removed." if off else "The PIN is set; a running hub tells the kiosks within 30 s."
    )


def _asked_pin() -> str:
    pin = click.prompt("PIN (6 to 12 digits)", hide_input=True, confirmation_prompt=True)
    try:
        return staff_pin.hashed(pin, secrets.token_bytes(staff_pin.SALT_BYTES))
    except staff_pin.BadPin as error:
        raise NotPossible(str(error)) from error


def _which(connection: Connection, touchpoint_id: int | None, terminal_id: str | None) -> int:
    if (touchpoint_id is None) == (terminal_id is None):
        raise click.UsageError("name one touchpoint, or a terminal with --terminal")
    if touchpoint_id is not None:
        return touchpoint_id
    found = terminals.by_id(connection, str(terminal_id))
    at = placements.current(connection).get(found.terminal_no) if found else None
    if at is None:
        raise NotPossible(f"no terminal {terminal_id!r} stands anywhere; see: taploop-hub terminal list")
    return at


def _node(connection: Connection, touchpoint_id: int) -> touchpoints.TouchpointRow:
    found = touchpoints.by_id(connection, touchpoint_id)
    if found is None or found.retired_at is not None:
        raise NotPossible(f"there is no touchpoint {touchpoint_id}; see: taploop-hub touchpoint list")
    return found


def _own(connection: Connection, touchpoint_id: int) -> Fields:
    _node(connection, touchpoint_id)
    try:
        return kiosk_settings.own(connection, touchpoint_id)
    except BadSettings as error:
        raise NotPossible(
            f"the settings of node {touchpoint_id} cannot be read ({error}); replace them with --only"
        ) from error


def _write(connection: Connection, touchpoint_id: int, fields: Fields) -> None:
    """Keep the fields that say something; null means: inherited. Raises NotPossible."""
    _node(connection, touchpoint_id)
    said = {name: value for name, value in fields.items() if value is not None}
    try:
        kiosk_settings.write(connection, touchpoint_id, said, now())
    except BadSettings as error:
        raise NotPossible(f"not set: {error}") from error


def _file(path: Path) -> Fields:
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise NotPossible(f"cannot read {path} ({error.strerror}); check its path") from error
    except ValueError as error:
        raise NotPossible(f"{path} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise NotPossible(f'{path} must hold one JSON object, such as {{"qr": "beside"}}')
    return found


def _pairs(what: Sequence[str]) -> Fields:
    found: Fields = {}
    for one in what:
        name, equals, text = one.partition("=")
        if not equals:
            raise click.UsageError(f"{one!r}: write NAME=VALUE, or name one file alone")
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _said_by(names: dict[int, touchpoints.TouchpointRow], origin: int | None, here: int) -> str:
    if origin is None:
        return "default"
    return "here" if origin == here else f"{origin} {say(names[origin].name, 'zh-CN')}"
