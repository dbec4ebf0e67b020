"""ledger, quarantine: what became of every tap, and what could not be taken in."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.moment import instant
from hub.store import ledger as rows_of
from hub.store import quarantine as set_aside
from hub.store import terminals


@click.command()
@click.option("--terminal", "terminal_id", help="Only this terminal.")
@click.option(
    "--days", type=click.IntRange(1, 3660), default=8, show_default=True, help="How many days back."
)
@with_settings
@as_json
def ledger(terminal_id: str | None, days: int, settings_file: Path | None, as_json: bool) -> None:
    """What became of every tap, by terminal and day.

    made = received + pending (still on the terminal) + refused + missing. Missing is never normal.
    Day 0 holds the taps made while a terminal's clock was not trusted.
    """
    with opened(settings_file) as (settings, database), database.reading() as connection:
        number = None
        if terminal_id is not None:
            found = terminals.by_id(connection, terminal_id)
            if found is None:
                raise NotPossible(f"there is no terminal {terminal_id!r}; see: taploop-hub terminal list")
            number = found.terminal_no
        first = datetime.now(ZoneInfo(settings.timezone)) - timedelta(days=days - 1)
        rows = rows_of.view(connection, terminal_no=number, since_day=int(first.strftime("%Y%m%d")))
    shown = [
        {
            "terminal": row.terminal_id,
            "day": row.day,
            "made": row.made,
            "received": row.received,
            "pending": row.pending,
            "missing": row.missing,
            "duplicates": row.duplicates,
            "refused": row.refused,
        }
        for row in rows
    ]
    show(shown, json_wanted=as_json, empty="No taps yet.")


@click.group()
def quarantine() -> None:
    """Messages and taps that were not taken in, with the reason."""


@quarantine.command("list")
@click.option("--terminal", "terminal_id", help="Only this terminal.")
@click.option("--most", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
@with_settings
@as_json
def list_quarantine(terminal_id: str | None, most: int, settings_file: Path | None, as_json: bool) -> None:
    """List the newest first."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        rows = [
            {
                "id": row.quarantine_id,
                "terminal": row.terminal_id,
                "at": instant(row.received_at),
                "reason": row.reason,
                "detail": row.detail,
                "bytes": len(row.payload),
            }
            for row in set_aside.newest(connection, most, terminal_id)
        ]
    show(rows, json_wanted=as_json, empty="Nothing is in quarantine.")
