"""Photos of cards over HTTP: public, kept by whoever fetched them, gone when the card is withdrawn."""

from __future__ import annotations

import pytest
import requests

from hub.store import cards, labels
from tests.peers.survey_door import Door

JPEG = b"\xff\xd8\xff\xe0 a photo \xff\xd9"


@pytest.fixture
def card(door: Door) -> cards.CardRow:
    with door.parts.database.writing() as connection:
        touchpoint = labels.find(connection, next(iter(door.codes.values()))).touchpoint_id
        texts = {"said": {"zh-CN": "灯太暗"}, "done": {"zh-CN": "换了灯"}}
        number = cards.create(
            connection, touchpoint_id=touchpoint, **texts, day=20261123, now=1, photo=JPEG, until_at=2
        )
        return cards.by_id(connection, number)


def test_the_address_in_a_config_may_be_kept_for_good(door: Door, card: cards.CardRow) -> None:
    answered = requests.get(door.url + card.photo_path, timeout=20)
    assert (answered.status_code, answered.content) == (200, JPEG)
    assert answered.headers["content-type"] == "image/jpeg"
    assert answered.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert requests.head(door.url + card.photo_path, timeout=20).content == b""


def test_without_its_digest_a_photo_is_asked_for_again_by_its_tag(door: Door, card: cards.CardRow) -> None:
    address = f"{door.url}/cards/{card.card_id}.jpg"
    first = requests.get(address, timeout=20)
    assert first.headers["cache-control"] == "public, max-age=300"
    again = requests.get(address, headers={"if-none-match": first.headers["etag"]}, timeout=20)
    assert (again.status_code, again.content) == (304, b"")
    assert requests.get(f"{address}?v=0000", timeout=20).headers["cache-control"] == "public, max-age=300"


def test_a_withdrawn_card_has_no_photo(door: Door, card: cards.CardRow) -> None:
    with door.parts.database.writing() as connection:
        cards.withdraw(connection, card.card_id, 1)
    assert requests.get(door.url + card.photo_path, timeout=20).status_code == 404


@pytest.mark.parametrize(
    "name", ["99.jpg", "x.jpg", "-1.jpg", "9999999999999999999999.jpg", "٣.jpg", ".jpg", "1.png"]
)
def test_what_is_no_photo_is_not_found(door: Door, card: cards.CardRow, name: str) -> None:
    assert requests.get(f"{door.url}/cards/{name}", timeout=20).status_code == 404
