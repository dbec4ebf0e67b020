"""letters: what the hub has sent, has still to send, and has given up."""

from __future__ import annotations

from pathlib import Path

import click

from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.moment import instant, now
from hub.store import letters as box
from hub.store import sinks


@click.group()
def letters() -> None:
    """Letters to the systems and groups where people work."""


@letters.command("list")
@click.option("--state", type=click.Choice(box.STATES), help="Only letters in this state.")
@click.option("--most", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
@with_settings
@as_json
def list_letters(state: str | None, most: int, settings_file: Path | None, as_json: bool) -> None:
    """List the newest first; dead ones were given up and can be replayed."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        names = {sink.sink_id: sink.name for sink in sinks.every(connection)}
        rows = [
            {
                "letter": row.letter_id,
                "sink": names.get(row.sink_id, str(row.sink_id)),
                "kind": row.kind,
                "state": row.state,
                "attempts": row.attempts,
                "written": instant(row.written_at),
                "error": row.last_error or None,
            }
            for row in box.every(connection, state=state, most=most)
        ]
    show(rows, json_wanted=as_json, empty="No letters.")


@letters.command()
@click.argument("letter_id", required=False)
@click.option("--all", "everything", is_flag=True, help="Replay every dead letter.")
@with_settings
def replay(letter_id: str | None, everything: bool, settings_file: Path | None) -> None:
    """Send a dead letter again, under the same id, so that its receiver takes it in once."""
    if (letter_id is None) == (not everything):
        raise click.UsageError("name one letter, or say --all")
    with opened(settings_file) as (_, database), database.writing() as connection:
        if letter_id is None:
            count = box.replay_all(connection, now())
        elif box.replay(connection, letter_id, now()):
            count = 1
        else:
            raise NotPossible(
                f"no dead letter is called {letter_id}; see: taploop-hub letters list --state dead"
            )
    click.echo(f"{count} letter(s) will be sent again by the running hub.")
