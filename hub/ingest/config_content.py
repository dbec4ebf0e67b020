"""What a terminal's config says: the content for one touchpoint, and what is wrong with it.

In: a connection, the hub's address, the time. Out: a Config without a revision that fits into one message,
and sentences for the log. What is broken in one place of the store is left out and takes nothing with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from hub.store import cards, kiosk_settings, labels, places, questionnaires, sites, touchpoints
from hub.store.database import Connection
from hub.store.touchpoints import TouchpointRow
from link import kiosk_settings as screen
from link import messages
from link import questionnaire as model
from link.kiosk_settings import KioskSettings
from link.messages import Card, Config
from link.questionnaire import BadQuestionnaire

MOST_CARDS = 12
_LARGEST_REVISION = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Content:
    """The config of one touchpoint's terminals; None when it can be none. `troubles` are for the log."""

    config: Config | None
    troubles: tuple[str, ...] = ()


def of_touchpoint(
    connection: Connection, touchpoint_id: int | None, *, hub_url: str, heartbeat_after: int, now: int
) -> Content:
    """What the terminals at a touchpoint shall be; None: they stand nowhere."""
    bare = Config(messages.VERSION, 0, heartbeat_after=heartbeat_after, hub_url=hub_url)
    touchpoint = touchpoints.by_id(connection, touchpoint_id) if touchpoint_id is not None else None
    if touchpoint is None:
        return Content(bare)
    troubles: list[str] = []
    try:
        asked = questionnaires.effective_for(connection, touchpoint.touchpoint_id)
    except BadQuestionnaire as error:
        return Content(None, (f"the questionnaire cannot be read: {error}",))
    settings = _settings(connection, touchpoint.touchpoint_id, troubles)
    label = next(iter(labels.of_touchpoint(connection, touchpoint.touchpoint_id)), "")
    if settings.qr != "none" and not label:
        troubles.append(f"qr is {settings.qr!r}, but no label points here")
    site = sites.by_id(connection, touchpoint.site_id)
    above = places.path(connection, touchpoint.place_id) if touchpoint.place_id is not None else []
    config = msgspec.structs.replace(
        bare,
        touchpoint=_named(touchpoint, above, label),
        questionnaire=msgspec.Raw(model.encode(asked) if asked else b"null"),
        survey_url=f"{hub_url}/t/{label}" if label else "",
        hotline=site.hotline if site else "",
        lift_code=above[-1].lift_code if above else "",
        more_questionnaires=_more(connection, settings, troubles),
        settings=msgspec.Raw(screen.encode(settings)),
        cards=_cards(connection, touchpoint.touchpoint_id, now),
    )
    return _fitted(config, troubles)


def _settings(connection: Connection, touchpoint_id: int, troubles: list[str]) -> KioskSettings:
    found = kiosk_settings.effective_for(connection, touchpoint_id)
    troubles += [f"kiosk settings of node {one.touchpoint_id} left out: {one.error}" for one in found.broken]
    return found.settings


def _more(connection: Connection, settings: KioskSettings, troubles: list[str]) -> tuple[msgspec.Raw, ...]:
    """The newest revision of each questionnaire that the turns name, each once."""
    found = []
    for name in dict.fromkeys(turn.questionnaire for turn in settings.turns):
        try:
            questionnaire = questionnaires.latest(connection, name)
        except BadQuestionnaire as error:
            troubles.append(f"turns name {name!r}, which cannot be read: {error}")
            continue
        if questionnaire is None:
            troubles.append(f"turns name {name!r}, which is no questionnaire")
        else:
            found.append(msgspec.Raw(model.encode(questionnaire)))
    return tuple(found)


def _cards(connection: Connection, touchpoint_id: int, now: int) -> tuple[Card, ...]:
    return tuple(
        Card(str(row.card_id), row.said, row.done, row.day, row.photo_path)
        for row in cards.shown_at(connection, touchpoint_id, now, MOST_CARDS)
    )


def _fitted(config: Config, troubles: list[str]) -> Content:
    """Leave out cards, oldest first, until the config fits into a message."""
    left_out = 0
    while (size := _size(config)) > messages.MAX_BYTES and config.cards:
        config = msgspec.structs.replace(config, cards=config.cards[:-1])
        left_out += 1
    if left_out:
        troubles.append(f"too large for one message: the {left_out} oldest card(s) left out")
    if size > messages.MAX_BYTES:
        troubles.append(f"{size} bytes without cards, {messages.MAX_BYTES} at most: not sent")
        return Content(None, tuple(troubles))
    return Content(config, tuple(troubles))


def _size(config: Config) -> int:
    return len(messages.encode(msgspec.structs.replace(config, revision=_LARGEST_REVISION)))


def _named(touchpoint: TouchpointRow, above: list[places.PlaceRow], label: str) -> dict[str, str]:
    place = {
        language: " ".join(model.say(one.name, language) for one in above) for language in ("zh-CN", "en")
    }
    return {
        "name": model.say(touchpoint.name, "zh-CN"),
        "name_en": model.say(touchpoint.name, "en"),
        "place": place["zh-CN"],
        "place_en": place["en"],
        "label": label,
    }
