"""`taploop-hub`: everything an operator does at a prompt.

In: words typed. Out: text or JSON, and an exit code: 0 done, 1 not possible (one sentence says what to do),
2 not understood.
"""

from __future__ import annotations

from typing import ClassVar

import click

from hub.commands.tongue import Plain


class Commands(Plain):
    """Every command, imported when it is called, so that a wrong word is told at once."""

    by_name: ClassVar[dict[str, str]] = {
        "serve": "hub.commands.serve:serve",
        "check": "hub.commands.serve:check",
        "upgrade": "hub.commands.serve:upgrade",
        "settings": "hub.commands.serve:settings",
        "user": "hub.commands.people:user",
        "sign-in-link": "hub.commands.people:sign_in_link",
        "site": "hub.commands.sites:site",
        "terminal": "hub.commands.terminals:terminal",
        "touchpoint": "hub.commands.terminals:touchpoint",
        "place": "hub.commands.places:place",
        "kiosk": "hub.commands.kiosk:kiosk",
        "card": "hub.commands.cards:card",
        "ledger": "hub.commands.ledger:ledger",
        "quarantine": "hub.commands.ledger:quarantine",
        "sink": "hub.commands.sinks:sink",
        "letters": "hub.commands.letters:letters",
        "broker-config": "hub.commands.broker_config:broker_config",
    }


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="taploop", message="taploop %(version)s")
def taploop_hub() -> None:
    """Run and look after a Taploop hub: it takes taps in, scores them, and tells those who can help.

    \b
    First steps:
      taploop-hub serve                        start a hub with everything in ./taploop-data
      taploop-hub site add 云栖花园            a site, with the starter set of touchpoints
      taploop-hub user add alice --role operator
      taploop-hub sign-in-link alice           a link that signs in once
      taploop-hub terminal add --touchpoint 7  an identity file for a new terminal

    Every command reads the same settings: --settings FILE (or TAPLOOP_HUB_SETTINGS), then environment
    variables TAPLOOP_HUB_…; `taploop-hub settings` explains each of them.
    """


def main() -> None:
    """The console script."""
    taploop_hub()
