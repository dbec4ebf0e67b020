"""place: where things stand, and the rescue codes of lifts."""

from __future__ import annotations

from pathlib import Path

import click

from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.store import places, sites
from link.questionnaire import say

MOST_CHARS = 32


@click.group()
def place() -> None:
    """Places: estate, building, floor, area."""


@place.command("list")
@with_settings
@as_json
def list_places(settings_file: Path | None, as_json: bool) -> None:
    """List the tree of places with their numbers and lift codes."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        rows = [
            {
                "id": node.place_id,
                "kind": node.kind,
                "name": ("" if as_json else "  " * node.depth) + say(node.name, "zh-CN"),
                "lift code": node.lift_code or None,
                "site": say(site.name, "zh-CN"),
            }
            for site in sites.every(connection)
            for node in places.tree(connection, site.site_id)
        ]
    show(rows, json_wanted=as_json, empty="No places yet.")


@place.command("lift-code")
@click.argument("place_id", type=int)
@click.argument("code")
@with_settings
def set_lift_code(place_id: int, code: str, settings_file: Path | None) -> None:
    """Give PLACE_ID, a lift's car, its rescue CODE; an empty one ("") takes it away.

    Kiosks of touchpoints at this very place show it beside the hotline. Places below it do not inherit it:
    a wrong lift code is worse than none.
    """
    plain = code.strip()
    if len(plain) > MOST_CHARS:
        raise NotPossible(f"a lift code has at most {MOST_CHARS} characters; this one has {len(plain)}")
    with opened(settings_file) as (_, database), database.writing() as connection:
        if not places.set_lift_code(connection, place_id, plain):
            raise NotPossible(f"there is no place {place_id}; see: taploop-hub place list")
    said = f"has the lift code {plain}" if plain else "has no lift code any more"
    click.echo(f"Place {place_id} {said}; a running hub tells its kiosks within 30 s.")
