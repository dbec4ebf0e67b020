"""user, sign-in-link: who may sign in to the pages."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from hub import passwords
from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.listening import public_url
from hub.moment import now
from hub.store import people
from hub.store.database import Connection

LINK_MINUTES = 60


@click.group()
def user() -> None:
    """People who sign in to the pages."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(people.ROLES),
    default="manager",
    show_default=True,
    help="What this person may see and do.",
)
@click.option("--password", is_flag=True, help="Ask for a password; without it, only sign-in links work.")
@with_settings
def add_user(name: str, role: people.Role, password: bool, settings_file: Path | None) -> None:
    """Add a person called NAME."""
    with opened(settings_file) as (_, database), database.writing() as connection:
        if people.named(connection, name) is not None:
            raise NotPossible(f"there is a user {name!r} already; choose another name")
        hashed = _asked_password() if password else None
        people.add_user(connection, name, role, now(), hashed)
    click.echo(f"Added {name} ({role}). Next: taploop-hub sign-in-link {name}")


@user.command("passwd")
@click.argument("name")
@click.option("--generate", is_flag=True, help="Make a good password and print it once.")
@with_settings
def set_password(name: str, generate: bool, settings_file: Path | None) -> None:
    """Give NAME another password; every browser of theirs is signed out."""
    fresh = secrets.token_urlsafe(15)
    with opened(settings_file) as (_, database):
        with database.reading() as connection:
            found = _named(connection, name)
        hashed = passwords.hashed(fresh) if generate else _asked_password()
        with database.writing() as connection:
            people.set_password(connection, found.user_id, hashed)
    click.echo(f"{name} has a new password" + (f": {fresh}" if generate else "."))


@user.command("list")
@with_settings
@as_json
def list_users(settings_file: Path | None, as_json: bool) -> None:
    """List the people."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        rows = [
            {
                "name": one.name,
                "role": one.role,
                "password": one.has_password,
                "locked": bool(one.locked_until and one.locked_until > now()),
            }
            for one in people.every(connection)
        ]
    show(rows, json_wanted=as_json, empty="Nobody yet. Next: taploop-hub user add NAME --role operator")


@click.command("sign-in-link")
@click.argument("name")
@click.option(
    "--minutes",
    type=click.IntRange(1, 60),
    default=LINK_MINUTES,
    show_default=True,
    help="How long it lives.",
)
@with_settings
def sign_in_link(name: str, minutes: int, settings_file: Path | None) -> None:
    """Print a link that signs NAME in once."""
    with opened(settings_file) as (settings, database), database.writing() as connection:
        found = _named(connection, name)
        token = people.sign_in_link(connection, found.user_id, now(), minutes * 60_000)
        click.echo(f"{public_url(settings)}/sign-in/{token}")


def _named(connection: Connection, name: str) -> people.UserRow:
    found = people.named(connection, name)
    if found is None:
        raise NotPossible(f"there is no user {name!r}; see: taploop-hub user list")
    return found


def _asked_password() -> str:
    try:
        return passwords.hashed(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    except passwords.BadPassword as error:
        raise NotPossible(str(error)) from error
