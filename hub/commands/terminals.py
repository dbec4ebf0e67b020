"""terminal, touchpoint: which terminals there are, where they stand, and who they are on the line."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, Unpack

import click

from hub.commands.identities import Where, hand_identity
from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.moment import instant, now
from hub.store import labels, placements, presence, sites, terminals, touchpoints
from hub.store.database import Connection
from link.questionnaire import say
from link.topics import BadTerminalId, checked_terminal_id

F = TypeVar("F", bound=Callable[..., object])


@click.group()
def terminal() -> None:
    """Terminals: kiosks and bridges."""


def _identity_options(function: F) -> F:
    """What every command needs that hands a terminal its password."""
    out = click.option(
        "--out",
        type=click.Path(path_type=Path),
        help="Identity file to write; none: <id>.identity.json here.",
    )
    host = click.option(
        "--hub-host", help="Address of the broker as the terminal sees it; none: this machine's own."
    )
    passwords = click.option(
        "--mosquitto-passwords",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Mosquitto password file to put it into.",
    )
    return out(host(passwords(with_settings(function))))


@terminal.command("add")
@click.option("--id", "terminal_id", help="Its id on the line; none: a random one.")
@click.option("--name", default="", help="A name for people, such as 大堂一号.")
@click.option(
    "--kind", type=click.Choice(["kiosk", "bridge"]), default="kiosk", show_default=True, help="What it is."
)
@click.option(
    "--touchpoint", "touchpoint_id", type=int, help="Where it stands; see: taploop-hub touchpoint list."
)
@_identity_options
def add_terminal(
    *,
    terminal_id: str | None,
    name: str,
    kind: terminals.Kind,
    touchpoint_id: int | None,
    settings_file: Path | None,
    **where: Unpack[Where],
) -> None:
    """Add a terminal and write its identity file.

    The file holds the terminal's password: copy it there, then delete it here.
    """
    chosen = _checked(terminal_id or f"{kind[0]}-{secrets.token_hex(5)}")
    with opened(settings_file) as (settings, database), database.writing() as connection:
        if terminals.by_id(connection, chosen) is not None:
            raise NotPossible(f"there is a terminal {chosen!r} already; choose another --id")
        number = terminals.create(connection, terminal_id=chosen, kind=kind, now=now(), name=name)
        if touchpoint_id is not None:
            _place(connection, number, touchpoint_id)
        path = hand_identity(connection, settings, chosen, number, **where)
    click.echo(f"Added {chosen}. Its identity is in {path}: copy it to the terminal, then delete it here.")


@terminal.command("passwd")
@click.argument("terminal_id")
@_identity_options
def change_password(terminal_id: str, settings_file: Path | None, **where: Unpack[Where]) -> None:
    """Give TERMINAL_ID another password and write a new identity file.

    Whoever holds the old one is cut off within seconds (behind Mosquitto: when that reads its password file).
    """
    with opened(settings_file) as (settings, database), database.writing() as connection:
        number = _known(connection, terminal_id).terminal_no
        path = hand_identity(connection, settings, terminal_id, number, **where)
    click.echo(f"{terminal_id} has a new password. Its identity is in {path}: copy it there, delete it here.")


@terminal.command("list")
@click.option("--retired", is_flag=True, help="Retired ones too.")
@with_settings
@as_json
def list_terminals(retired: bool, settings_file: Path | None, as_json: bool) -> None:
    """List terminals: where they stand, whether they are there."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        heard = {row.terminal_no: row for row in presence.every(connection)}
        where = placements.current(connection)
        rows = [
            {
                "terminal": row.terminal_id,
                "name": row.name or None,
                "kind": row.kind,
                "touchpoint": where.get(row.terminal_no),
                "online": row.terminal_no in heard and heard[row.terminal_no].online,
                "heard": instant(heard[row.terminal_no].heard_at) if row.terminal_no in heard else None,
                "retired": instant(row.retired_at),
            }
            for row in terminals.every(connection, retired=retired)
            if row.kind != terminals.WEB
        ]
    show(rows, json_wanted=as_json, empty="No terminals yet. Next: taploop-hub terminal add")


@terminal.command("place")
@click.argument("terminal_id")
@click.argument("touchpoint_id", type=int)
@with_settings
def place_terminal(terminal_id: str, touchpoint_id: int, settings_file: Path | None) -> None:
    """From now on TERMINAL_ID stands at TOUCHPOINT_ID; taps made before stay where they were made."""
    with opened(settings_file) as (_, database), database.writing() as connection:
        _place(connection, _known(connection, terminal_id).terminal_no, touchpoint_id)
    click.echo(f"{terminal_id} stands at touchpoint {touchpoint_id}; a running hub tells it within 30 s.")


@terminal.command("retire")
@click.argument("terminal_id")
@with_settings
def retire_terminal(terminal_id: str, settings_file: Path | None) -> None:
    """Let TERMINAL_ID in no more. Its taps stay; a running hub cuts it off within seconds."""
    with opened(settings_file) as (_, database), database.writing() as connection:
        found = _known(connection, terminal_id)
        placements.take_away(connection, found.terminal_no, now())
        terminals.retire(connection, found.terminal_no, now())
    click.echo(f"{terminal_id} is retired.")


@click.group()
def touchpoint() -> None:
    """Touchpoints: what is judged."""


@touchpoint.command("list")
@with_settings
@as_json
def list_touchpoints(settings_file: Path | None, as_json: bool) -> None:
    """List the tree of touchpoints with their numbers and the codes of their labels."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        every_site = sites.every(connection)
        codes = {
            label.touchpoint_id: label.code
            for site in every_site
            for label in reversed(labels.of_site(connection, site.site_id))
        }
        rows = [
            {
                "id": node.touchpoint_id,
                "kind": node.kind,
                "name": ("" if as_json else "  " * node.depth) + say(node.name, "zh-CN"),
                "label": codes.get(node.touchpoint_id),
                "site": say(site.name, "zh-CN"),
            }
            for site in every_site
            for node in touchpoints.tree(connection, site.site_id)
        ]
    show(rows, json_wanted=as_json, empty="No touchpoints yet. Next: taploop-hub site add NAME")


def _checked(terminal_id: str) -> str:
    try:
        return checked_terminal_id(terminal_id)
    except BadTerminalId as error:
        raise NotPossible(str(error)) from error


def _known(connection: Connection, terminal_id: str) -> terminals.TerminalRow:
    found = terminals.by_id(connection, terminal_id)
    if found is None or found.retired_at is not None or found.kind == terminals.WEB:
        raise NotPossible(f"there is no terminal {terminal_id!r} in use; see: taploop-hub terminal list")
    return found


def _place(connection: Connection, terminal_no: int, touchpoint_id: int) -> None:
    found = touchpoints.by_id(connection, touchpoint_id)
    if found is None or found.retired_at is not None:
        raise NotPossible(f"there is no touchpoint {touchpoint_id}; see: taploop-hub touchpoint list")
    placements.place_terminal(connection, terminal_no, touchpoint_id, now())
