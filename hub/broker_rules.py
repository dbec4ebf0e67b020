"""Access rules for brokers outside the hub, written from `link.topics.ACCESS`; pure.

In: the one table. Out: Mosquitto's configuration and ACL file, EMQX's `acl.conf`, RabbitMQ's commands.
All of them deny what the table does not name. Mosquitto and EMQX make user name and client id the same;
RabbitMQ cannot, so there a terminal with a password may end (never read) the session of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Literal

from link import topics
from link.messages import MAX_BYTES

Kind = Literal["mosquitto", "emqx", "rabbitmq"]
MAX_PACKET = 4 * MAX_BYTES
"""A batch that is too large must reach the hub, which says so to its terminal."""


def mosquitto_conf(port: int, acl_file: str, password_file: str, host: str = "") -> str:
    """The configuration of Mosquitto 2; the two paths are where the other files will lie."""
    return f"""\
# Mosquitto for Taploop. Nothing is kept on disk: receipts make the delivery sure, not the broker.
listener {port}{" " + host if host else ""}
allow_anonymous false
password_file {password_file}
acl_file {acl_file}
# user name = client id: nobody can take over the session of another terminal
use_username_as_clientid true
persistence false
# the defaults lose messages without a word: 1000 queued and 20 in flight a session
max_queued_messages 0
max_inflight_messages 1000
message_size_limit {MAX_PACKET}
set_tcp_nodelay true
"""


def mosquitto_acl() -> str:
    """Mosquitto's ACL file. Patterns come last, after a blank line: they count for every user."""
    lines = ["# Taploop: everything not named is denied", f"user {topics.HUB}"]
    lines += [f"topic {rule.action} {rule.pattern}" for rule in _of("hub")]
    lines.append("")
    lines += [f"pattern {rule.action} {rule.pattern.replace('{id}', '%u')}" for rule in _of("terminal")]
    return "\n".join(lines) + "\n"


def emqx_acl() -> str:
    """EMQX's `acl.conf`, with what must stand beside it in `emqx.conf` as a comment."""
    lines = ["%% Taploop. In emqx.conf, beside authentication by password:"]
    lines += ["%%   authorization.no_match = deny", "%%   mqtt.use_username_as_clientid = true"]
    lines += ["%%   mqtt.max_mqueue_len = infinity", f"%%   mqtt.max_packet_size = {MAX_PACKET}"]
    for role, who in (("hub", f'{{user, "{topics.HUB}"}}'), ("terminal", "all")):
        for action, rules in _by_action(role):
            names = ", ".join(f'"{rule.pattern.replace("{id}", "${username}")}"' for rule in rules)
            lines.append(f"{{allow, {who}, {_EMQX[action]}, [{names}]}}.")
        if role == "hub":
            lines.append(f"{{deny, {who}, all}}.")
    lines.append("{deny, all}.")
    return "\n".join(lines) + "\n"


_EMQX = {"read": "subscribe", "write": "publish"}


def rabbitmq_commands(terminals: Iterable[str] = ()) -> str:
    """Shell commands that set RabbitMQ's topic permissions for the hub and every terminal named.

    Topics are routing keys there, with dots; a terminal id has none, so nothing is ambiguous.
    """
    lines = ["# Taploop. RabbitMQ has no patterns for all users: run this again after adding a terminal."]
    for user in (topics.HUB, *terminals):
        role = "hub" if user == topics.HUB else "terminal"
        own = f"^(amq\\.topic|mqtt-subscription-{re.escape(user)}qos[01])$"
        lines.append(f"rabbitmqctl set_permissions {user} '{own}' '{own}' '{own}'")
        write, read = (_rabbit_regex(role, action, user) for action in ("write", "read"))
        lines.append(f"rabbitmqctl set_topic_permissions {user} amq.topic '{write}' '{read}'")
    return "\n".join(lines) + "\n"


def _rabbit_regex(role: str, action: str, user: str) -> str:
    keys = [
        re.escape(rule.pattern.replace("{id}", user).replace("/", ".")).replace(r"\+", r"[^.#]+")
        for rule in _of(role)
        if rule.action == action
    ]
    return f"^({'|'.join(keys)})$"


def _of(role: str) -> list[topics.Rule]:
    return [rule for rule in topics.ACCESS if rule.role == role]


def _by_action(role: str) -> list[tuple[str, list[topics.Rule]]]:
    action = attrgetter("action")
    return [(name, list(rules)) for name, rules in groupby(sorted(_of(role), key=action), action)]
