"""sink: where letters go."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from hub.alerts.watch import new_letter_id
from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.dispatch import signing
from hub.dispatch.post import BadSink
from hub.listening import public_url
from hub.moment import instant, now
from hub.store import letters, sinks


@click.group()
def sink() -> None:
    """Sinks: the systems and groups to which alerts are sent."""


@sink.command("add")
@click.option(
    "--kind",
    type=click.Choice(["webhook", "wecom"]),
    required=True,
    help="webhook: signed by Standard Webhooks; wecom: a WeCom group robot.",
)
@click.option("--name", required=True, help="A name for people, such as 工程部群.")
@click.option("--url", required=True, help="Where to send; for WeCom the robot's whole address.")
@click.option("--allow-private", is_flag=True, help="The address may be on the private network.")
@with_settings
def add_sink(kind: str, name: str, url: str, allow_private: bool, settings_file: Path | None) -> None:
    """Add a sink. A webhook's secret is made here and printed once: its receiver checks with it."""
    secret = signing.secret_from(secrets.token_bytes(32)) if kind == "webhook" else ""
    with opened(settings_file) as (settings, database), database.writing() as connection:
        private = allow_private or settings.allow_private_sinks
        try:
            number = sinks.create(
                connection, kind=kind, name=name, url=url, now=now(), secret=secret, allow_private=private
            )
        except BadSink as error:
            raise NotPossible(str(error)) from error
    click.echo(f"Added sink {number}. Next: taploop-hub sink test {number}")
    if secret:
        click.echo(f"Secret for its receiver, shown only now: {secret}")


@sink.command("list")
@with_settings
@as_json
def list_sinks(settings_file: Path | None, as_json: bool) -> None:
    """List sinks and how they are."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        rows = [
            {
                "sink": row.sink_id,
                "kind": row.kind,
                "name": row.name,
                "to": row.shown,
                "enabled": row.enabled,
                "failing since": instant(row.failing_since_at),
            }
            for row in sinks.every(connection)
        ]
    show(rows, json_wanted=as_json, empty="No sinks yet. Next: taploop-hub sink add")


@sink.command("test")
@click.argument("sink_id", type=int)
@with_settings
def try_sink(sink_id: int, settings_file: Path | None) -> None:
    """Send a test letter to SINK_ID by the running hub."""
    with opened(settings_file) as (settings, database), database.writing() as connection:
        _known(sinks.by_id(connection, sink_id), sink_id)
        letter = new_letter_id()
        letters.write_trial(
            connection, letter_id=letter, sink_id=sink_id, now=now(), public_url=public_url(settings)
        )
    click.echo(f"Wrote letter {letter}; see: taploop-hub letters list")


@sink.command("enable")
@click.argument("sink_id", type=int)
@click.option("--off", is_flag=True, help="Send nothing there any more; letters wait.")
@with_settings
def enable_sink(sink_id: int, off: bool, settings_file: Path | None) -> None:
    """Send to SINK_ID again, or with --off no more."""
    with opened(settings_file) as (_, database), database.writing() as connection:
        found = _known(sinks.by_id(connection, sink_id), sink_id)
        sinks.set_enabled(connection, sink_id, not off)
    click.echo(f"{found.name} is {'off' if off else 'on'}.")


def _known(found: sinks.SinkRow | None, sink_id: int) -> sinks.SinkRow:
    if found is None:
        raise NotPossible(f"there is no sink {sink_id}; see: taploop-hub sink list")
    return found
