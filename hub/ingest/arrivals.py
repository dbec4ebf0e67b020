"""What comes to the intake, and what it says afterwards: shapes and counters, no behaviour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from link.messages import Range, Refusal


class NotTaken(Exception):
    """The answer is not on disk; sending the same form again is harmless."""


@dataclass(slots=True)
class Arrival:
    """One message of a terminal as it came off the line, not read yet."""

    terminal: str
    topic: str
    payload: bytes
    received_at: int
    """Milliseconds since 1970-01-01 UTC, by the hub's clock."""
    done: Callable[[], None]
    """Acknowledges it to the broker; called in the intake's thread once nobody needs the message."""


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """One answer given on the survey page; `form_id` makes a repeated send harmless."""

    touchpoint_id: int
    questionnaire: str
    """`id@revision`."""
    question: str
    scale: str
    rating: int
    proof: Literal["static", "rotating"]
    form_id: str
    tapped_at: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The tap that an answer became; `repeated` when the form had been sent before."""

    tap_id: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person should look at: `reason` is one of `hub.store.quarantine.REASONS`."""

    terminal: str
    reason: str
    detail: str
    at: int


@dataclass(slots=True)
class Doings:
    """Plain counters since the start; all but the last two count taps."""

    received: int = 0
    """Committed for the first time."""
    duplicates: int = 0
    refused: int = 0
    quarantined: int = 0
    """Messages and taps set aside."""
    unknown: int = 0
    """Messages of terminals that the hub does not know."""
    wrong_version: int = 0
    messages: int = 0
    commits: int = 0


@dataclass(slots=True)
class Draft:
    """A receipt to be: for one terminal and one of its stores."""

    committed: list[Range] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    new: int = 0
    duplicates: int = 0


@dataclass(slots=True)
class Outcome:
    """What one commit did, to be told after it."""

    receipts: dict[tuple[str, str], Draft] = field(default_factory=dict)
    """By (terminal, store); the store is empty when the bytes did not tell it."""
    alarms: list[Alarm] = field(default_factory=list)
    doings: Doings = field(default_factory=Doings)
    answers: list[Taken] = field(default_factory=list)
    """In the order in which the answers were given."""

    def draft(self, terminal: str, store: str) -> Draft:
        """The receipt for this store, begun if need be."""
        found = self.receipts.get((terminal, store))
        if found is None:
            found = self.receipts[terminal, store] = Draft()
        return found
