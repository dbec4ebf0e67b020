"""card: what owners said and what was done, for the screens."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hub import photos
from hub.commands.tongue import NotPossible, as_json, opened, show, with_settings
from hub.moment import instant, now
from hub.store import cards, sites, touchpoints
from hub.store.database import Connection
from link.questionnaire import say

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def card() -> None:
    """Cards: 您说我做, shown on kiosks between people."""


@card.command("add")
@click.argument("touchpoint_id", type=int)
@click.option("--said", required=True, help="What owners said, in Chinese.")
@click.option("--done", required=True, help="What was done about it, in Chinese.")
@click.option("--said-en", default="", help="What owners said, in English.")
@click.option("--done-en", default="", help="What was done, in English.")
@click.option("--day", type=_DAY, help="When it was done; none: today.")
@click.option("--until", type=_DAY, help="Last day on which it is shown; none: until it is withdrawn.")
@click.option(
    "--photo",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JPEG, PNG or WebP of at most 8 MB; place, time and camera are taken out.",
)
@with_settings
def add_card(
    *,
    touchpoint_id: int,
    said: str,
    done: str,
    said_en: str,
    done_en: str,
    day: datetime | None,
    until: datetime | None,
    photo: Path | None,
    settings_file: Path | None,
) -> None:
    """Show a card on every kiosk at TOUCHPOINT_ID and below it.

    See that no face and no number plate is in the photo: everybody in the lobby will look at it.
    """
    jpeg = _read(photo) if photo else None
    with opened(settings_file) as (_, database), database.writing() as connection:
        zone = _zone(connection, touchpoint_id)
        done_on = (day or datetime.now(zone)).strftime("%Y%m%d")
        try:
            number = cards.create(
                connection,
                touchpoint_id=touchpoint_id,
                said=_texts(said, said_en),
                done=_texts(done, done_en),
                day=int(done_on),
                now=now(),
                photo=jpeg,
                until_at=_end_of(until, zone) if until else None,
            )
        except cards.BadCard as error:
            raise NotPossible(str(error)) from error
    click.echo(f"Added card {number}; a running hub tells the kiosks within 30 s.")


@card.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are shown no more, too.")
@with_settings
@as_json
def list_cards(everything: bool, settings_file: Path | None, as_json: bool) -> None:
    """List cards, newest first."""
    with opened(settings_file) as (_, database), database.reading() as connection:
        rows = [
            {
                "card": row.card_id,
                "touchpoint": row.touchpoint_id,
                "day": row.day,
                "said": say(row.said, "zh-CN"),
                "done": say(row.done, "zh-CN"),
                "photo": bool(row.photo_digest),
                "until": instant(row.until_at),
                "withdrawn": instant(row.withdrawn_at),
            }
            for row in cards.every(connection, now=None if everything else now())
        ]
    show(rows, json_wanted=as_json, empty="No cards. Next: taploop-hub card add")


@card.command("withdraw")
@click.argument("card_id", type=int)
@with_settings
def withdraw_card(card_id: int, settings_file: Path | None) -> None:
    """Show CARD_ID no more, and serve its photo no more."""
    with opened(settings_file) as (_, database), database.writing() as connection:
        if not cards.withdraw(connection, card_id, now()):
            raise NotPossible(f"no card {card_id} is shown; see: taploop-hub card list")
    click.echo(f"Card {card_id} is withdrawn; a running hub tells the kiosks within 30 s.")


def _read(photo: Path) -> bytes:
    try:
        with photo.open("rb") as file:
            return photos.as_jpeg(file.read(photos.MOST_BYTES + 1))
    except OSError as error:
        raise NotPossible(f"cannot read {photo} ({error.strerror}); check its path") from error
    except photos.BadPhoto as error:
        raise NotPossible(f"{photo}: {error}") from error


def _texts(chinese: str, english: str) -> dict[str, str]:
    return {"zh-CN": chinese.strip()} | ({"en": english.strip()} if english.strip() else {})


def _zone(connection: Connection, touchpoint_id: int) -> ZoneInfo:
    found = touchpoints.by_id(connection, touchpoint_id)
    site = sites.by_id(connection, found.site_id) if found and found.retired_at is None else None
    if site is None:
        raise NotPossible(f"there is no touchpoint {touchpoint_id}; see: taploop-hub touchpoint list")
    return ZoneInfo(site.timezone)


def _end_of(day: datetime, zone: ZoneInfo) -> int:
    return int((day.replace(tzinfo=zone) + timedelta(days=1)).timestamp() * 1000)
