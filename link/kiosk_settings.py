"""How a kiosk's screen behaves: opening hours, what is asked when, looks and manners; pure.

In: the JSON that the hub keeps for a node of the touchpoint tree, or out of a config. Out: one checked value
that hub and kiosk share. Every field has a default, so that `{}` is a whole setting.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Weekday = Annotated[int, Meta(ge=1, le=7)]
Day = Annotated[int, Meta(ge=20000101, le=99991231)]
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
"""Monday is 1, Sunday 7."""


class BadSettings(ValueError):
    """The settings cannot be used; the message says where they are wrong."""


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours in which people are asked; outside of all of them the screen sleeps."""

    opens: TimeOfDay
    closes: TimeOfDay
    """After `opens`, on the same day."""
    weekdays: tuple[Weekday, ...] = EVERY_DAY


class Turn(Struct, frozen=True, forbid_unknown_fields=True):
    """When another questionnaire is asked: a dated campaign, or a share of the rotation.

    Among the turns that hold on a day, those with the highest `priority` rotate by `share`; when none holds,
    the touchpoint's own questionnaire is asked.
    """

    questionnaire: Annotated[str, Meta(min_length=1, max_length=64)]
    """Id without revision: the newest one is meant."""
    from_day: Day = 20000101
    until_day: Day = 99991231
    weekdays: tuple[Weekday, ...] = EVERY_DAY
    share: Annotated[int, Meta(ge=1, le=100)] = 1
    priority: Annotated[int, Meta(ge=0, le=9)] = 0


class KioskSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set for a screen."""

    opening: tuple[Opening, ...] = ()
    """Empty: always open."""
    turns: Annotated[tuple[Turn, ...], Meta(max_length=8)] = ()
    theme: Literal["calm", "contrast", "traffic"] = "calm"
    """calm: orange, grey, blue; contrast: black and white; traffic: red, amber, green."""
    sound: bool = False
    elder: bool = False
    """Start every visit in elder mode."""
    low_row: bool = False
    """Start every visit with the faces at the bottom, within reach of a wheelchair."""
    qr: Literal["none", "beside", "full"] = "none"
    """The rotating QR: not shown, beside the faces, or in place of them."""
    attract_after: Annotated[int, Meta(ge=15, le=3600)] = 45
    """Seconds without a touch before announcements are shown."""
    minimum_interval: Annotated[int, Meta(ge=0, le=60)] = 3
    """Seconds after a kept answer in which another touch on a face is a bounce."""
    dim_to: Annotated[int, Meta(ge=0, le=100)] = 25
    """Brightness in per cent outside opening hours; 0 is black."""
    staff_pin: Annotated[str, Meta(max_length=200)] = ""
    """Salted hash of the staff corner's PIN; empty: the corner is closed."""


_decoder = msgspec.json.Decoder(KioskSettings)
_encoder = msgspec.json.Encoder()


def decode(data: bytes | str) -> KioskSettings:
    """Read and check settings (`null` is the defaults); raise BadSettings naming the place."""
    if data in (b"null", "null", b"", ""):
        return KioskSettings()
    try:
        settings = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadSettings(str(error)) from error
    for number, opening in enumerate(settings.opening):
        if opening.opens >= opening.closes:
            raise BadSettings(f"opening[{number}]: {opening.opens} is not before {opening.closes}")
    for number, turn in enumerate(settings.turns):
        if turn.from_day > turn.until_day:
            raise BadSettings(f"turns[{number}]: {turn.from_day} is after {turn.until_day}")
    return settings


def encode(settings: KioskSettings) -> bytes:
    """The JSON of settings."""
    return _encoder.encode(settings)
