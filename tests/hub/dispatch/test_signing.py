from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.dispatch import signing

PUBLISHED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""Secret, id, timestamp, body and signature as the standard's reference libraries publish them."""
BODY = b'{"test": 2432232314}'
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
OTHER = signing.secret_from(b"another secret, 24 bytes")


def test_the_published_example_is_signed_as_published() -> None:
    assert signing.headers(PUBLISHED, HEADERS["webhook-id"], 1614265330, BODY) == HEADERS


def test_while_a_secret_is_replaced_both_sign_and_either_verifies() -> None:
    both = signing.headers(f"{OTHER} {PUBLISHED}", HEADERS["webhook-id"], 1614265330, BODY)
    assert both["webhook-signature"].split()[1] == HEADERS["webhook-signature"]
    for secret in (PUBLISHED, OTHER):
        assert signing.verify(secret, both, BODY, 1614265330)


@pytest.mark.parametrize(
    ("change", "body", "now"),
    [
        ({}, BODY + b" ", 1614265330),
        ({}, BODY, 1614265330 + 301),
        ({}, BODY, 1614265330 - 301),
        ({"webhook-id": "msg_other"}, BODY, 1614265330),
        ({"webhook-timestamp": "1614265331"}, BODY, 1614265330),
        ({"webhook-timestamp": "soon"}, BODY, 1614265330),
        ({"webhook-signature": ""}, BODY, 1614265330),
        ({"webhook-signature": "v1,é"}, BODY, 1614265330),
    ],
)
def test_a_message_that_was_changed_or_is_stale_is_not_believed(
    change: dict[str, str], body: bytes, now: int
) -> None:
    assert signing.verify(PUBLISHED, HEADERS, BODY, 1614265330)
    assert not signing.verify(PUBLISHED, HEADERS | change, body, now)


@pytest.mark.parametrize(
    "secret", ["", " ", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!!" * 10]
)
def test_a_bad_secret_is_refused_without_being_repeated(secret: str) -> None:
    with pytest.raises(signing.BadSecret) as refused:
        signing.keys(secret)
    assert len(secret) <= len("whsec_") or secret not in str(refused.value)


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200), st.integers(0, 2**40))
def test_what_is_signed_verifies(key: bytes, body: bytes, now: int) -> None:
    secret = signing.secret_from(key)
    assert signing.verify(secret, signing.headers(secret, "msg_1", now, body), body, now)
