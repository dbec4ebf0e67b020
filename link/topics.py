"""The topic tree and the table of who may do what on it; pure.

In: a terminal's id, or a topic as it came off the line. Out: topics, filters, parsed topics, allow or deny.
Every broker's access rules are generated from `ACCESS`; every broker is tested against the same cases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ROOT = "taploop/1"
HUB = "hub"
"""User name and client id of the hub's own session; never a terminal's."""

ALL = "all"
WEB = "web"
"""Whose taps those of the survey page are: the hub's own, which never speak MQTT."""

RESERVED = frozenset({HUB, ALL, WEB})
_TERMINAL_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")

Direction = Literal["up", "down"]
Action = Literal["publish", "subscribe", "receive"]
UP_KINDS = ("taps", "state", "replies")
DOWN_KINDS = ("receipts", "config", "commands")


class BadTopic(ValueError):
    """The topic is not one of this contract."""


class BadTerminalId(ValueError):
    """A terminal id has 1 to 64 characters of a-z, 0-9 and inner hyphens, and is not reserved."""


def checked_terminal_id(text: str) -> str:
    """Return `text` if it may name a terminal, else raise BadTerminalId."""
    if text in RESERVED or not _TERMINAL_ID.fullmatch(text):
        raise BadTerminalId(f"{text!r}: {BadTerminalId.__doc__}")
    return text


def taps(terminal: str) -> str:
    """Terminal to hub: batches of taps. QoS 1, not retained."""
    return f"{ROOT}/{terminal}/up/taps"


def state(terminal: str) -> str:
    """Terminal to hub: birth, heartbeat or will. QoS 1, retained."""
    return f"{ROOT}/{terminal}/up/state"


def replies(terminal: str) -> str:
    """Terminal to hub: answers to commands. QoS 1, not retained."""
    return f"{ROOT}/{terminal}/up/replies"


def receipts(terminal: str) -> str:
    """Hub to terminal: what is committed and what is refused. QoS 1, not retained."""
    return f"{ROOT}/{terminal}/down/receipts"


def config(terminal: str) -> str:
    """Hub to terminal: the desired config with its revision. QoS 1, retained."""
    return f"{ROOT}/{terminal}/down/config"


def commands(terminal: str) -> str:
    """Hub to terminal: a command with an id and an expiry. QoS 1, not retained."""
    return f"{ROOT}/{terminal}/down/commands"


def hub_state() -> str:
    """Hub to all: alive, lowest version spoken, when to come back. QoS 1, retained."""
    return f"{ROOT}/{ALL}/down/hub"


def all_up() -> str:
    """The filter by which the hub hears every terminal."""
    return f"{ROOT}/+/up/+"


def all_down_to(terminal: str) -> str:
    """The filter by which a terminal hears what is meant for it."""
    return f"{ROOT}/{terminal}/down/+"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the contract, taken apart."""

    terminal: str
    direction: Direction
    kind: str


def parse(topic: str) -> Topic:
    """Take a topic apart; raise BadTopic when it is not exactly one of the contract's."""
    parts = topic.split("/")
    if len(parts) != 5 or f"{parts[0]}/{parts[1]}" != ROOT:
        raise BadTopic(topic)
    terminal, direction, kind = parts[2:]
    if terminal == ALL and (direction, kind) == ("down", "hub"):
        return Topic(ALL, "down", "hub")
    if not _TERMINAL_ID.fullmatch(terminal) or terminal in RESERVED:
        raise BadTopic(topic)
    if direction == "up" and kind in UP_KINDS:
        return Topic(terminal, "up", kind)
    if direction == "down" and kind in DOWN_KINDS:
        return Topic(terminal, "down", kind)
    raise BadTopic(topic)


@dataclass(frozen=True, slots=True)
class Rule:
    """`role` may do `action` on `pattern`; `{id}` stands for the session's own terminal id."""

    role: Literal["terminal", "hub"]
    action: Literal["write", "read"]
    pattern: str


ACCESS: tuple[Rule, ...] = (
    Rule("terminal", "write", f"{ROOT}/{{id}}/up/+"),
    Rule("terminal", "read", f"{ROOT}/{{id}}/down/+"),
    Rule("terminal", "read", f"{ROOT}/{ALL}/down/hub"),
    Rule("hub", "read", f"{ROOT}/+/up/+"),
    Rule("hub", "write", f"{ROOT}/+/down/+"),
)
"""Everything not in this table is denied."""


def allows(user: str, action: Action, topic: str) -> bool:
    """Whether the session of `user` may do `action` on `topic` (a filter, when subscribing).

    Publishing and receiving are asked for a topic, subscribing for a filter; a filter is allowed only when
    the table holds a pattern that is at least as wide.
    """
    role = "hub" if user == HUB else "terminal"
    verb = "write" if action == "publish" else "read"
    if action != "subscribe" and ("+" in topic or "#" in topic):
        return False
    return any(
        rule.role == role and rule.action == verb and covers(rule.pattern.replace("{id}", user), topic)
        for rule in ACCESS
    )


def covers(pattern: str, topic: str) -> bool:
    """Whether every topic that `topic` (a topic or a filter) matches is matched by `pattern`."""
    ours, theirs = pattern.split("/"), topic.split("/")
    if len(ours) != len(theirs):
        return False
    return all(a == b or (a == "+" and b not in ("#", "")) for a, b in zip(ours, theirs, strict=True))
