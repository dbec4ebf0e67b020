"""What passes between channels, courier and network: a letter, a request, an answer, a verdict; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from hub.dispatch.pace import Pace

MOST_BODY = 20_000
"""Bytes of a request's body; no provider takes more."""


class BadSink(ValueError):
    """The sink cannot be used; the message says what to change and never holds a secret."""


class CannotCompose(ValueError):
    """No request can be made of this letter; trying again would change nothing."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be told; `kind`: alert.firing, alert.resolved, test; `content` by `hub.alerts.notice`."""

    letter_id: str
    kind: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a sink is. Both fields may be secrets and are never shown."""

    url: str = field(repr=False)
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One POST."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers with lower-case names, the first 64 KiB of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means. `wait_for`: ms the receiver asks for; `disables`: send nothing more there."""

    outcome: Literal["sent", "postponed", "refused"]
    detail: str = ""
    wait_for: int = 0
    disables: bool = False


class Channel(Protocol):
    """One kind of sink."""

    @property
    def pace(self) -> Pace | None:
        """How many requests the provider takes in a window; None: as many as come."""

    def check(self, address: Address) -> None:
        """Raise BadSink when this channel cannot use the address."""

    def fits(self, letters: Sequence[Letter]) -> int:
        """How many of these letters, counted from the first, one request can carry (at least 1)."""

    def compose(self, address: Address, letters: Sequence[Letter], now: int) -> Outgoing:
        """The request that carries these letters; raise CannotCompose or BadSink."""

    def judge(self, address: Address, answer: Answer, now: int) -> Verdict:
        """What the provider's answer means; the detail holds no secret."""
