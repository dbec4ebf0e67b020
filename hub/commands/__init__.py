"""`taploop-hub`: everything an operator does at a prompt.

In: words typed. Out: text or JSON, and an exit code: 0 done, 1 not possible (one sentence says what to do),
2 not understood.
"""

from __future__ import annotations

import click

from hub.commands.broker_config import broker_config
from hub.commands.ledger import ledger, quarantine
from hub.commands.letters import letters
from hub.commands.people import sign_in_link, user
from hub.commands.serve import check, serve, settings, upgrade
from hub.commands.terminals import terminal, touchpoint
from hub.commands.tongue import Plain


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="taploop", message="taploop %(version)s")
def taploop_hub() -> None:
    """Run and look after a Taploop hub: it takes taps in, scores them, and tells those who can help.

    \b
    First steps:
      taploop-hub serve                        start a hub with everything in ./taploop-data
      taploop-hub user add alice --role operator
      taploop-hub sign-in-link alice           a link that signs in once
      taploop-hub terminal add --touchpoint 7  an identity file for a new terminal

    Every command reads the same settings: --settings FILE (or TAPLOOP_HUB_SETTINGS), then environment
    variables TAPLOOP_HUB_…; `taploop-hub settings` explains each of them.
    """


for _command in (
    serve,
    check,
    upgrade,
    settings,
    user,
    sign_in_link,
    terminal,
    touchpoint,
    ledger,
    quarantine,
    letters,
    broker_config,
):
    taploop_hub.add_command(_command)


def main() -> None:
    """The console script."""
    taploop_hub()
