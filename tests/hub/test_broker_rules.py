"""The rules for brokers outside say what the one table says."""

from __future__ import annotations

import re

import pytest

from hub import broker_rules
from link import topics


def test_mosquitto_denies_by_default_and_ties_the_client_id_to_the_user() -> None:
    """TL-ID-02."""
    lines = broker_rules.mosquitto_conf(1883, "/a/acl", "/a/passwords").splitlines()
    for line in (
        "listener 1883",
        "allow_anonymous false",
        "use_username_as_clientid true",
        "max_queued_messages 0",
        "max_inflight_messages 1000",
        "acl_file /a/acl",
        "password_file /a/passwords",
    ):
        assert line in lines


def test_mosquittos_patterns_stand_last_behind_a_blank_line() -> None:
    user, _, patterns = broker_rules.mosquitto_acl().partition("\n\n")
    assert "user hub" in user
    assert "pattern" not in user
    assert all(line.startswith("pattern ") for line in patterns.splitlines())


def test_every_rule_of_the_table_is_in_every_brokers_rules() -> None:
    """TL-ACL-01."""
    mosquitto, emqx = broker_rules.mosquitto_acl(), broker_rules.emqx_acl()
    for rule in topics.ACCESS:
        assert rule.pattern.replace("{id}", "%u") in mosquitto
        assert f'"{rule.pattern.replace("{id}", "${username}")}"' in emqx
    assert emqx.rstrip().endswith("{deny, all}.")


def _rabbit(user: str) -> tuple[str, str]:
    text = broker_rules.rabbitmq_commands(["k-1", "k2"])
    found = re.search(rf"set_topic_permissions {user} amq\.topic '(.*)' '(.*)'", text)
    assert found is not None
    return found[1], found[2]


@pytest.mark.parametrize(
    ("user", "topic", "may_write", "may_read"),
    [
        ("k-1", topics.taps("k-1"), True, False),
        ("k-1", topics.taps("k2"), False, False),
        ("k-1", topics.receipts("k-1"), False, True),
        ("k-1", topics.receipts("k2"), False, False),
        ("k-1", topics.all_down_to("k-1"), False, True),
        ("k-1", topics.hub_state(), False, True),
        ("k-1", topics.all_up(), False, False),
        ("hub", topics.all_up(), False, True),
        ("hub", topics.config("k2"), True, False),
        ("hub", topics.hub_state(), True, False),
        ("hub", topics.taps("k2"), False, True),
    ],
)
def test_rabbitmqs_expressions_allow_what_the_table_allows(
    user: str, topic: str, may_write: bool, may_read: bool
) -> None:
    write, read = _rabbit(user)
    key = topic.replace("/", ".").replace("+", "*")  # as RabbitMQ spells topics
    assert bool(re.search(write, key)) == may_write
    assert bool(re.search(read, key)) == may_read
    if "+" not in topic:
        assert topics.allows(user, "publish", topic) == may_write
    assert topics.allows(user, "subscribe", topic) == may_read
