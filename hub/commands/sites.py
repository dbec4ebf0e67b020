"""site: the estates that this hub serves, each begun with the starter set."""

from __future__ import annotations

from pathlib import Path
from random import SystemRandom
from zoneinfo import ZoneInfo

import click

from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.moment import now
from hub.starter_set.planting import plant
from hub.store import alert_rules, labels, sites, touchpoints
from hub.store.database import Connection
from link import label_code


@click.group()
def site() -> None:
    """Sites: the estates and office parks that are served and scored."""


@site.command("add")
@click.argument("name")
@click.option("--english", default="", help="Its name in English; none: the same.")
@click.option("--hotline", default="", help="The number that owners may call.")
@click.option("--households", type=click.IntRange(0), default=0, help="How many households it has.")
@click.option("--zone", default=None, help="Its time zone; none: the setting timezone.")
@with_settings
def add_site(
    *, name: str, english: str, hotline: str, households: int, zone: str | None, settings_file: Path | None
) -> None:
    """Add a site called NAME, such as 云栖花园, with everything to begin with.

    That is five levels of touchpoints in 14 scenarios, their questions and reasons, a label code for each
    touchpoint, and a rule that tells when bad answers gather.
    """
    with opened(settings_file) as (settings, database), database.writing() as connection:
        names = {"zh-CN": name, "en": english or name}
        if any(row.name["zh-CN"] == name for row in sites.every(connection)):
            raise NotPossible(f"there is a site {name!r} already; choose another name")
        site_id = sites.create(
            connection,
            name=names,
            now=now(),
            timezone=_checked(zone or settings.timezone),
            hotline=hotline,
            households=households,
        )
        count = _begin(connection, site_id)
    click.echo(f"Added {name} with {count} touchpoints. Next: taploop-hub touchpoint list")


@site.command("list")
@with_settings
@as_json
def list_sites(settings_file: Path | None, as_json: bool) -> None:
    """List sites with the number of their touchpoints."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        rows = [
            {
                "id": row.site_id,
                "name": row.name["zh-CN"],
                "touchpoints": sum(
                    node.kind == "touchpoint" for node in touchpoints.tree(connection, row.site_id)
                ),
                "households": row.households,
                "zone": row.timezone,
            }
            for row in sites.every(connection)
        ]
    show(rows, json_wanted=as_json, empty="No sites yet. Next: taploop-hub site add NAME")


def _begin(connection: Connection, site_id: int) -> int:
    """Plant the starter set; return how many touchpoints of the lowest level there are."""
    planted = plant(connection, site_id, {}, now())
    chance = SystemRandom()
    for one in planted:
        labels.create(connection, label_code.mint(chance), one.touchpoint_id, now())
    alert_rules.default_for_site(connection, site_id, now())
    return len(planted) - 1


def _checked(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError) as error:
        raise NotPossible(f"{zone!r} is not a time zone such as Asia/Shanghai") from error
