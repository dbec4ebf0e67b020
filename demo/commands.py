"""`taploop-demo`: the whole product with a made-up estate, and simulated terminals for any hub."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="taploop", prog_name="taploop-demo")
def main() -> None:
    """Try Taploop: a made-up estate on a real hub, with terminals that tap by themselves."""


@main.command()
@click.option("--port", default=8080, show_default=True, help="Port of the pages.")
@click.option(
    "--mqtt-port",
    default=1883,
    show_default=True,
    help="Port of the embedded broker; another free one is taken when it is busy.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Where everything lies. A second start goes on with what is there.",
)
@click.option("--seed", default=20261123, show_default=True, help="Seed of the made-up past.")
@click.option("--window/--no-window", default=True, help="Open a kiosk window when there is a display.")
def run(port: int, mqtt_port: int, data: Path, seed: int, window: bool) -> None:
    """Start hub, broker, six simulated terminals and a kiosk; stop with Ctrl-C."""
    from demo import run as demo_run  # a hub is heavy: only who runs one loads it

    raise SystemExit(demo_run.run(demo_run.Wishes(data, port, mqtt_port, seed, window)))


@main.command()
@click.argument("identity", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--every", default=8.0, show_default=True, help="Seconds between two taps of a terminal, on average."
)
def simulate(identity: tuple[Path, ...], every: float) -> None:
    """Run a simulated terminal for each IDENTITY file until Ctrl-C.

    The outbox lies beside the identity file. `taploop-hub terminal add` writes identity files.
    """
    from demo import simulated

    simulated.run(identity, every)
