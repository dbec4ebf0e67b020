"""How every command speaks: where its settings come from, how it says no, how it lists things.

In: a settings file's path, errors of the hub, rows. Out: settings, an open store, a sentence, a table, JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from unicodedata import east_asian_width

import click

from hub.settings import FILE_VARIABLE, Settings, SettingsError, load

if TYPE_CHECKING:
    from hub.store.database import Database

F = TypeVar("F", bound=Callable[..., object])


class NotPossible(Exception):
    """What was asked cannot be done; the message is one sentence that says what to do."""


class Plain(click.Group):
    """A group that says an error of the hub in one sentence, and imports a command when it is called.

    `by_name`: name → `module:function`.
    """

    by_name: ClassVar[dict[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of first use."""
        return [*self.by_name, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in self.by_name:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.by_name[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit code 1 and the sentence when the hub says no."""
        try:
            return super().invoke(ctx)
        except (SettingsError, NotPossible) as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            from hub.store.database import StoreError
            from link.identity import IdentityError

            if isinstance(error, StoreError | IdentityError):
                raise click.ClickException(str(error)) from error
            raise


def with_settings(function: F) -> F:
    """Give a command the option --settings and hand it `settings_file`."""
    return click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        envvar=FILE_VARIABLE,
        help="Settings file (TOML); none: defaults and environment.",
    )(function)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


@contextmanager
def opened(settings_file: Path | None) -> Iterator[tuple[Settings, Database]]:
    """The settings and the store they name; raises SettingsError, StoreError."""
    settings = load(settings_file)
    with store(settings) as database:
        yield settings, database


@contextmanager
def store(settings: Settings) -> Iterator[Database]:
    """The store, checked to have the right schema, closed at the end; raises StoreError."""
    from hub.store import migrations
    from hub.store.database import Database, StoreError

    database = Database(settings.database_url)
    path = Path(database.url.database or "")
    try:
        if database.dialect == "sqlite" and not path.exists():
            raise StoreError(f"there is no store at {path} yet; run: taploop-hub upgrade")
        migrations.check(database)
        yield database
    finally:
        database.close()


def show(rows: Sequence[dict[str, Any]], *, json_wanted: bool, empty: str) -> None:
    """Print rows that all have the same keys, as JSON or as a table; `empty` when there are none."""
    if json_wanted:
        click.echo(json.dumps(list(rows), ensure_ascii=False, indent=2))
    elif not rows:
        click.echo(empty)
    else:
        for line in table(rows):
            click.echo(line)


def table(rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    """Lines of a table; Chinese characters are two columns wide, numbers stand to the right."""
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(_width(line[number]) for line in cells) for number in range(len(names))]
    right = [all(isinstance(row[name], int | float) for row in rows) for name in names]
    for line in cells:
        padded = (
            " " * (width - _width(text)) + text if is_right else text + " " * (width - _width(text))
            for text, width, is_right in zip(line, widths, right, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value))
    return str(value).replace("\n", " ")


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
