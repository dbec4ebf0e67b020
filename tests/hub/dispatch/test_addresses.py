from __future__ import annotations

from ipaddress import ip_address

import pytest

from hub.dispatch.addresses import allowed, checked, shown
from hub.dispatch.post import BadSink

PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]
NEVER = ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"]
PUBLIC = ["1.1.1.1", "119.147.3.1", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused_in_every_disguise_unless_allowed(address: str) -> None:
    assert not allowed(ip_address(address), allow_private=False)
    assert allowed(ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_addresses_of_nobody_are_refused_even_when_private_ones_are_allowed(address: str) -> None:
    assert not allowed(ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert allowed(ip_address(address), allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook.example",
        "ftp://hook.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:word@hook.example/",
        "https://hook.example/#part",
        "https://hook.example:0/",
        "https://hook.example:99999/",
        "https://hook.example/a b",
        "https://hook.example/\r\nX: y",
        "https://[::1/",
        "https://业主.example/",
        "http://127.0.0.1/",
        "http://[::1]:8080/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_an_address_that_can_never_be_used_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(BadSink, match="address"):
        checked(url, allow_private=False)


def test_a_private_address_is_taken_when_it_is_meant() -> None:
    assert checked("http://192.168.1.20:8080/orders", allow_private=True).port == 8080


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6", "https://qyapi.weixin.qq.com/…"),
        ("https://user:word@hook.example:8443/secret-path", "https://hook.example:8443/…"),
        ("http://hook.example", "http://hook.example"),
        ("https://[::1", "?"),
    ],
)
def test_a_shown_address_holds_no_secret(url: str, text: str) -> None:
    assert shown(url) == text
