from __future__ import annotations

import contextlib
import itertools
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from link import messages
from link.messages import (
    BadMessage,
    Command,
    Config,
    HubState,
    Receipt,
    Refusal,
    Reply,
    State,
    Tap,
    TapBatch,
    TooLarge,
    WrongVersion,
    ranges_of,
    salvage,
)
from tests.vectors.values import TAP, VALUES

KINDS = (TapBatch, Receipt, State, Config, Command, Reply, HubState)
ints = st.integers(0, 2**53 - 1)
seqs = st.integers(1, 2**53 - 1)
letters = 'ab9@-_ "\\/é电梯😀\x7f'
names = st.text(letters, min_size=1, max_size=64)
taps = st.builds(
    Tap,
    seq=seqs,
    tapped_at=ints,
    uptime=ints,
    boot=names,
    trusted=st.booleans(),
    day=st.integers(0, 99991231),
    questionnaire=names,
    question=names,
    scale=names,
    rating=st.integers(0, 10),
    layout=st.text(letters, max_size=64),
    proof=st.sampled_from(["kiosk", "rotating", "static"]),
    test=st.booleans(),
    burst=st.booleans(),
)
batches = st.builds(
    TapBatch,
    v=st.just(1),
    store=names,
    boot=names,
    uptime=ints,
    sent_at=ints,
    trusted=st.booleans(),
    taps=st.lists(taps, min_size=1, max_size=6).map(tuple),
)
ranges = st.lists(st.tuples(seqs, seqs), max_size=5).map(tuple)
receipts = st.builds(
    Receipt,
    v=st.just(1),
    store=names,
    committed=ranges,
    refused=st.lists(st.builds(Refusal, seqs, st.text()), max_size=3).map(tuple),
    unreadable=st.lists(st.text(max_size=16), max_size=3).map(tuple),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(batches)
def test_a_batch_comes_out_as_it_went_in(batch: TapBatch) -> None:
    assert messages.decode(TapBatch, messages.encode(batch)) == batch


@given(receipts)
def test_a_receipt_comes_out_as_it_went_in(receipt: Receipt) -> None:
    assert messages.decode(Receipt, messages.encode(receipt)) == receipt


@given(taps)
def test_a_tap_comes_out_as_it_went_in(tap: Tap) -> None:
    assert messages.decode_tap(messages.encode(tap)) == tap


@given(st.sampled_from(KINDS), st.binary(max_size=300))
def test_no_bytes_make_decode_raise_anything_but_bad_message(kind, data: bytes) -> None:
    with pytest.raises(BadMessage):
        messages.decode(kind, data)
    with pytest.raises(BadMessage):
        salvage(data)


@given(st.sampled_from(list(VALUES.values())), st.data())
def test_a_message_with_anything_in_one_place_is_read_or_bad(message, data) -> None:
    loose = json.loads(messages.encode(message))
    loose[data.draw(st.sampled_from(sorted(loose)))] = data.draw(json_values)
    raw = json.dumps(loose).encode()
    with contextlib.suppress(BadMessage):
        messages.decode(type(message), raw)


@given(st.sampled_from(list(VALUES.values())), st.integers(0), st.integers(0, 255))
def test_a_message_with_a_damaged_byte_is_read_or_bad(message, place: int, byte: int) -> None:
    data = bytearray(messages.encode(message))
    data[place % len(data)] = byte
    with contextlib.suppress(BadMessage):
        messages.decode(type(message), bytes(data))
    with contextlib.suppress(BadMessage):
        salvage(bytes(data))


@pytest.mark.parametrize("data", [b"[" * 60_000, b'{"v":1,"x":' * 5_000], ids=["lists", "objects"])
def test_a_tower_of_brackets_is_only_a_bad_message(data: bytes) -> None:
    with pytest.raises(BadMessage):
        messages.decode(TapBatch, data)
    with pytest.raises(BadMessage):
        salvage(data)
    assert messages.id_in(data) == ""


def test_unknown_keys_are_ignored() -> None:
    """TL-MSG-02"""
    loose = json.loads(messages.encode(VALUES["tap_batch"])) | {"mood": "sunny"}
    loose["taps"][0]["colour"] = {"deep": [1]}
    assert messages.decode(TapBatch, json.dumps(loose).encode()) == VALUES["tap_batch"]


@pytest.mark.parametrize("version", [0, 2, 99])
@pytest.mark.parametrize(
    "body", ['"online":true', '"online":"who knows"', ""], ids=["read", "unread", "empty"]
)
def test_another_major_version_is_told_whatever_else_is_in_the_message(version: int, body: str) -> None:
    data = f'{{"v":{version}{"," if body else ""}{body}}}'.encode()
    with pytest.raises(WrongVersion, match=str(version)):
        messages.decode(HubState, data)


def test_a_message_over_64_kib_is_not_even_read() -> None:
    """TL-MSG-01"""
    with pytest.raises(TooLarge):
        messages.decode(TapBatch, b" " * (messages.MAX_BYTES + 1))


@given(st.lists(taps, min_size=1, max_size=5), st.data())
def test_salvage_keeps_every_good_tap_and_names_every_bad_one(good: list[Tap], data) -> None:
    loose = json.loads(messages.encode(TapBatch(1, "s", "b", 1, 1, trusted=True, taps=tuple(good))))
    wrong = data.draw(st.sets(st.integers(0, len(good) - 1)))
    for place in wrong:
        loose["taps"][place]["rating"] = data.draw(st.sampled_from([11, -1, "5", None, 2.5]))
    found = salvage(json.dumps(loose).encode())
    assert [bad[0] for bad in found.bad] == [good[place].seq for place in sorted(wrong)]
    kept = [tap for place, tap in enumerate(good) if place not in wrong]
    assert (list(found.batch.taps) if found.batch else []) == kept
    assert found.store == "s"


def test_a_tap_without_a_seq_makes_the_batch_unreadable() -> None:
    loose = json.loads(messages.encode(TapBatch(1, "s", "b", 1, 1, trusted=True, taps=(TAP, TAP))))
    del loose["taps"][1]["seq"]
    with pytest.raises(BadMessage, match="seq"):
        salvage(json.dumps(loose).encode())


@given(st.lists(st.integers(1, 60)))
def test_ranges_hold_exactly_the_seqs_and_never_touch(found: list[int]) -> None:
    folded = ranges_of(found)
    assert [seq for first, last in folded for seq in range(first, last + 1)] == sorted(set(found))
    assert all(b[0] > a[1] + 1 for a, b in itertools.pairwise(folded))


def test_an_order_that_cannot_be_read_is_still_answered_by_its_id() -> None:
    assert messages.id_in(b'{"v":1,"id":"c-9","op":"dance"}') == "c-9"
    assert messages.id_in(b'{"id":7}') == ""
    assert messages.id_in(b"nonsense") == ""


def test_a_config_carries_its_questionnaire_untouched() -> None:
    config = Config(1, 1, questionnaire=msgspec.Raw(b'{"id": "x",  "z":1}'))
    read = messages.decode(Config, messages.encode(config))
    assert bytes(read.questionnaire) == b'{"id": "x",  "z":1}'
