"""serve, check, upgrade, settings: a hub, its start and what it stands on."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from types import FrameType

import click
from pydantic import SecretStr

from hub.commands.tongue import as_json, show, with_settings
from hub.settings import PREFIX, Settings, SettingsError, load, origins

_URL_PASSWORD = re.compile(r"(://[^:/@]*):[^/]*@")


@click.command()
@with_settings
def serve(settings_file: Path | None) -> None:
    """Start the hub and run until Ctrl-C.

    A new data directory is filled by itself; an older store is left alone until `taploop-hub upgrade`.
    """
    settings = load(settings_file)
    from hub.app import Hub  # after the settings: a slip there is told before the whole hub is read

    stopping = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if stopping.is_set():
            sys.exit(130)  # asked twice: do not wait any more
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    hub = Hub(settings)
    hub.start()
    try:
        for line in _where(hub.settings):
            click.echo(line)
        stopping.wait()
    finally:
        hub.stop()


def _where(settings: Settings) -> Iterator[str]:
    if "web" in settings.roles:
        yield f"Pages    {settings.public_url}/manager  (on this machine: http://127.0.0.1:{settings.http_port}/manager)"
    if "ingest" in settings.roles:
        place = "on every address" if settings.broker == "embedded" else f"at {settings.mqtt_host}"
        yield f"MQTT     port {settings.mqtt_port} {settings.mqtt_host or place} ({settings.broker} broker)"
    yield f"Data     {settings.data_dir.resolve()}"
    yield "Sign in  taploop-hub sign-in-link NAME      Stop  Ctrl-C"


@click.command()
@with_settings
def upgrade(settings_file: Path | None) -> None:
    """Make the store, or bring it to the shape this hub needs.

    Stop the hub and make a backup first. A second run changes nothing.
    """
    from hub.store import migrations
    from hub.store.database import Database

    settings = load(settings_file)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        migrations.upgrade(database)
    finally:
        database.close()
    click.echo(f"The store has schema {migrations.newest()}.")


@click.command()
@with_settings
def check(settings_file: Path | None) -> None:
    """Look at settings, secret, store and ports, and say what is wrong with each.

    Ports are taken while a hub runs; then this says so.
    """
    from hub.store.database import StoreError

    settings = load(settings_file)
    click.echo("✔ settings")
    bad = 0
    for name, look in _looks(settings):
        try:
            look()
            click.echo(f"✔ {name}")
        except (SettingsError, StoreError) as error:
            bad += 1
            click.echo(f"✘ {name}: {error}")
    if bad:
        sys.exit(1)


def _looks(settings: Settings) -> Iterator[tuple[str, Callable[[], object]]]:
    from hub import secret
    from hub.commands.tongue import store
    from hub.listening import listen

    def look_at_store() -> None:
        with store(settings):
            pass

    yield "secret", lambda: secret.load_or_make(settings.data_dir)
    yield "store", look_at_store
    if "web" in settings.roles:
        yield "pages' port", lambda: listen(settings.http_host, settings.http_port, "http_port").close()
    if settings.broker == "embedded" and "ingest" in settings.roles:
        yield "broker's port", lambda: listen(settings.mqtt_host, settings.mqtt_port, "mqtt_port").close()


@click.command()
@with_settings
@as_json
def settings(settings_file: Path | None, as_json: bool) -> None:
    """Print every setting: its value, where it comes from, what it is for."""
    loaded = load(settings_file)
    origin = origins(settings_file)
    rows = [
        {
            "name": name,
            "variable": PREFIX + name.upper(),
            "value": _shown(getattr(loaded, name)),
            "from": origin[name],
            "what": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]
    if as_json:
        show(rows, json_wanted=True, empty="")
        return
    for row in rows:
        click.secho(f"{row['name']} = {row['value']}", bold=True, nl=False)
        click.echo(f"   ({row['from']})")
        click.echo(click.wrap_text(row["what"], 96, "    ", "    "))


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else "(not set)"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    text = str(value)
    text = _URL_PASSWORD.sub(r"\1:***@", text)
    return text if text and value is not None else "(empty)"
