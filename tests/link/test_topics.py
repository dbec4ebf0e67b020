from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from link import topics
from link.topics import HUB, BadTerminalId, BadTopic, Topic, allows, covers, parse

terminal_ids = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{1,62}[a-z0-9])?", fullmatch=True).filter(
    lambda one: one not in topics.RESERVED
)
OWN_TOPICS = (topics.taps, topics.state, topics.replies, topics.receipts, topics.config, topics.commands)


@given(terminal_ids, st.sampled_from(OWN_TOPICS))
def test_every_topic_that_is_built_is_parsed_again(terminal: str, build) -> None:
    topic = parse(build(terminal))
    assert topic.terminal == terminal
    assert f"{topics.ROOT}/{terminal}/{topic.direction}/{topic.kind}" == build(terminal)


def test_the_hubs_own_topic_is_parsed() -> None:
    assert parse(topics.hub_state()) == Topic("all", "down", "hub")


@given(st.text(max_size=80))
def test_no_text_makes_parse_raise_anything_but_bad_topic(text: str) -> None:
    try:
        parse(text)
    except BadTopic:
        return
    assert text.startswith("taploop/1/")


@given(st.text(alphabet="abz019-./+#$ ALl哦", max_size=70))
def test_a_checked_terminal_id_always_makes_a_topic_that_parses(text: str) -> None:
    try:
        terminal = topics.checked_terminal_id(text)
    except BadTerminalId:
        with pytest.raises(BadTopic):
            parse(topics.taps(text))
        return
    assert parse(topics.taps(terminal)).terminal == terminal


@given(terminal_ids, terminal_ids, st.sampled_from(OWN_TOPICS))
def test_a_terminal_writes_up_reads_down_and_only_its_own(me: str, other: str, build) -> None:
    """TL-ACL-01"""
    up = parse(build(other)).direction == "up"
    assert allows(me, "publish", build(other)) == (up and me == other)
    assert allows(me, "receive", build(other)) == (not up and me == other)
    assert allows(me, "subscribe", build(other)) == (not up and me == other)


@given(terminal_ids, st.sampled_from(OWN_TOPICS))
def test_the_hub_reads_up_and_writes_down(terminal: str, build) -> None:
    up = parse(build(terminal)).direction == "up"
    assert allows(HUB, "publish", build(terminal)) == (not up)
    assert allows(HUB, "receive", build(terminal)) == up


levels = st.lists(st.sampled_from(["taploop", "1", "a", "b", "up", "down", "taps", "+", "#", ""]), min_size=1)
filters = levels.map("/".join)


@given(terminal_ids, filters)
def test_no_filter_wider_than_the_table_is_allowed(me: str, one: str) -> None:
    """TL-ACL-02"""
    if "#" in one or one.count("/") != 4:
        assert not allows(me, "subscribe", one)
    assert not allows(me, "subscribe", topics.all_up())
    assert not allows(me, "subscribe", f"{topics.ROOT}/+/down/+")
    assert not allows(me, "publish", f"{topics.ROOT}/{me}/up/+")


@given(filters, filters)
def test_covers_means_that_every_topic_of_the_one_is_a_topic_of_the_other(pattern: str, topic: str) -> None:
    if "#" in pattern or "#" in topic or not covers(pattern, topic):
        return
    for level in ("x", "taps"):
        one = topic.replace("+", level)
        assert all(a in ("+", b) for a, b in zip(pattern.split("/"), one.split("/"), strict=True))


@given(filters)
def test_covers_is_reflexive_but_for_the_open_ended_filter(one: str) -> None:
    if "#" not in one:
        assert covers(one, one)


def test_a_terminal_cannot_be_named_like_a_part_of_the_contract() -> None:
    """TL-ID-01"""
    for name in ("hub", "all", "", "A", "a.b", "a+", "-a", "a-", "x" * 65):
        with pytest.raises(BadTerminalId):
            topics.checked_terminal_id(name)
