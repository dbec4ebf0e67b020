"""broker-config: access rules for a broker outside the hub."""

from __future__ import annotations

from pathlib import Path

import click

from hub import broker_rules
from hub.commands.identities import new_password, put_mosquitto_line, write_private
from hub.commands.tongue import NotPossible, opened, with_settings
from hub.store import terminals
from link import topics


@click.command("broker-config")
@click.option(
    "--for", "kind", type=click.Choice(["mosquitto", "emqx", "rabbitmq"]), required=True, help="Which broker."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write files into this directory."
)
@with_settings
def broker_config(kind: broker_rules.Kind, out: Path | None, settings_file: Path | None) -> None:
    """Print the configuration of an MQTT broker outside the hub.

    Who may do what is the hub's own table: everything else is denied. For Mosquitto, --out also makes the
    password of the broker's user `hub`; `taploop-hub terminal add --mosquitto-passwords FILE` and
    `terminal passwd` put each terminal's line into the same file.
    """
    files = _files(kind, out, settings_file)
    if out is None:
        for name, text in files.items():
            click.echo(f"# ---- {name}\n{text}")
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (out / name).write_text(text, "utf-8")
            click.echo(f"wrote {out / name}")
        if kind == "mosquitto":
            _make_hub_password(out)
    except OSError as error:
        raise NotPossible(f"cannot write to {out} ({error.strerror}); choose another --out") from error


def _make_hub_password(out: Path) -> None:
    """The password of user `hub`, once: a second run must not lock the running hub out."""
    path = out / "hub-password"
    if path.exists():
        return
    password = new_password()
    write_private(path, password + "\n")
    put_mosquitto_line(out / "passwords", topics.HUB, password)
    click.echo(f"wrote {out / 'passwords'} and {path}")
    click.echo(f'In the hub\'s settings: broker = "external", mqtt_password_file = "{path.absolute()}"')


def _files(kind: broker_rules.Kind, out: Path | None, settings_file: Path | None) -> dict[str, str]:
    if kind == "emqx":
        return {"acl.conf": broker_rules.emqx_acl()}
    if kind == "rabbitmq":
        return {"permissions.sh": broker_rules.rabbitmq_commands(_terminals(settings_file))}
    folder = (out or Path("/etc/mosquitto/taploop")).absolute()
    conf = broker_rules.mosquitto_conf(1883, str(folder / "taploop.acl"), str(folder / "passwords"))
    return {"taploop.conf": conf, "taploop.acl": broker_rules.mosquitto_acl()}


def _terminals(settings_file: Path | None) -> list[str]:
    with opened(settings_file) as (_, database), database.reading() as connection:
        return [row.terminal_id for row in terminals.every(connection) if row.kind != terminals.WEB]
