"""terminal, touchpoint: which terminals there are, where they stand, and who they are on the line."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import click

from hub import terminal_passwords
from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.listening import public_url
from hub.moment import instant, now
from hub.settings import Settings
from hub.store import placements, presence, sites, terminals, touchpoints
from hub.store.database import Connection
from link.identity import Identity
from link.questionnaire import say
from link.topics import BadTerminalId, checked_terminal_id


@click.group()
def terminal() -> None:
    """Terminals: kiosks and bridges."""


@terminal.command("add")
@click.option("--id", "terminal_id", help="Its id on the line; none: a random one.")
@click.option("--name", default="", help="A name for people, such as 大堂一号.")
@click.option(
    "--kind", type=click.Choice(["kiosk", "bridge"]), default="kiosk", show_default=True, help="What it is."
)
@click.option(
    "--touchpoint", "touchpoint_id", type=int, help="Where it stands; see: taploop-hub touchpoint list."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Identity file to write; none: <id>.identity.json here."
)
@click.option("--hub-host", help="Address of the broker as the terminal sees it; none: this machine's own.")
@click.option(
    "--mosquitto-passwords",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Password file to add it to.",
)
@with_settings
def add_terminal(
    *,
    terminal_id: str | None,
    name: str,
    kind: terminals.Kind,
    touchpoint_id: int | None,
    out: Path | None,
    hub_host: str | None,
    mosquitto_passwords: Path | None,
    settings_file: Path | None,
) -> None:
    """Add a terminal and write its identity file.

    The file holds the terminal's password: copy it there, then delete it here.
    """
    chosen = _checked(terminal_id or f"{kind[0]}-{secrets.token_hex(5)}")
    path = out or Path(f"{chosen}.identity.json")
    if path.exists():
        raise NotPossible(f"{path} exists already; name another file with --out")
    password = secrets.token_urlsafe(32)
    with opened(settings_file) as (settings, database), database.writing() as connection:
        if terminals.by_id(connection, chosen) is not None:
            raise NotPossible(f"there is a terminal {chosen!r} already; choose another --id")
        hashed = terminal_passwords.hashed(password, secrets.token_hex(8))
        number = terminals.create(
            connection, terminal_id=chosen, kind=kind, now=now(), name=name, password_hash=hashed
        )
        if touchpoint_id is not None:
            _place(connection, number, touchpoint_id)
        Identity(chosen, password, hub_host or _host(settings), settings.mqtt_port).save(path)
        if mosquitto_passwords is not None:
            _append(mosquitto_passwords, terminal_passwords.mosquitto_line(chosen, password, os.urandom(12)))
    click.echo(
        f"Added {chosen}. Its identity is in {path} (mode 600): copy it to the terminal, then delete it here."
    )


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
    """List the tree of touchpoints with their numbers."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        rows = [
            {
                "id": node.touchpoint_id,
                "kind": node.kind,
                "name": ("" if as_json else "  " * node.depth) + say(node.name, "zh-CN"),
                "site": say(site.name, "zh-CN"),
            }
            for site in sites.every(connection)
            for node in touchpoints.tree(connection, site.site_id)
        ]
    show(rows, json_wanted=as_json, empty="No touchpoints yet.")


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


def _host(settings: Settings) -> str:
    if settings.broker == "external" and settings.mqtt_host:
        return settings.mqtt_host
    return urlsplit(public_url(settings)).hostname or "127.0.0.1"


def _append(path: Path, line: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(handle, "a", encoding="utf-8") as file:  # noqa: PTH123 the mode must hold before the first byte
            file.write(line + "\n")
    except OSError as error:
        raise NotPossible(f"cannot write {path} ({error.strerror}); check its folder") from error
