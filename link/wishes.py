"""What the hub wants of a terminal, as it travels: configs and commands, and the reply; pure.

In: values, or what `link.messages` decoded. Out: the same shapes on both ends.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from link.kinds import Int53, Name, Range


class Card(Struct, frozen=True, omit_defaults=True):
    """One "您说我做": what owners said, what was done, and when; shown between people."""

    id: Name
    said: dict[str, str]
    done: dict[str, str]
    day: Int53
    """20261123."""
    photo: Annotated[str, Meta(max_length=256)] = ""
    """Path on the hub, for instance `/cards/7.jpg`; fetched once and kept on disk."""


class Config(Struct, frozen=True, omit_defaults=True):
    """What the hub wants the terminal to be. Questionnaires travel whole; `link.questionnaire` reads them."""

    v: int
    revision: Int53
    touchpoint: dict[str, str] = field(default_factory=dict)
    """`name`, `name_en`, `place`, `place_en`, `label` (its code)."""
    questionnaire: msgspec.Raw = msgspec.Raw(b"null")
    survey_url: str = ""
    hotline: str = ""
    languages: tuple[str, ...] = ("zh-CN", "en")
    heartbeat_after: Annotated[int, Meta(ge=5, le=3600)] = 300
    """Seconds between heartbeats, spread by ±20 %."""
    hub_url: str = ""
    """Public address of the hub; a slip's page is `hub_url/s/<slip>`."""
    lift_code: Annotated[str, Meta(max_length=32)] = ""
    """The lift's own rescue code, shown beside the hotline."""
    more_questionnaires: tuple[msgspec.Raw, ...] = ()
    """Those that the settings' turns name besides `questionnaire`."""
    settings: msgspec.Raw = msgspec.Raw(b"null")
    """How the screen behaves; `link.kiosk_settings` reads it."""
    cards: Annotated[tuple[Card, ...], Meta(max_length=12)] = ()


class Command(Struct, frozen=True, omit_defaults=True):
    """Something the hub asks of one terminal. After `expires_at` it is not carried out."""

    v: int
    id: Name
    op: Literal["ping", "report", "resend", "door_key"]
    expires_at: Int53
    store: str = ""
    ranges: tuple[Range, ...] = ()
    key: Annotated[str, Meta(max_length=128)] = ""
    """`door_key`: the key of the rotating QR, hexadecimal; never retained, never logged."""
    label: Annotated[str, Meta(max_length=16)] = ""
    """`door_key`: the label that the key proves presence at."""
    valid_until: Int53 = 0
    """`door_key`: after this the terminal shows the static QR again."""


class Reply(Struct, frozen=True, omit_defaults=True):
    """The terminal's answer to the command of the same id."""

    v: int
    id: Name
    ok: bool
    error: str = ""
