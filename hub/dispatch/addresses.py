"""Which addresses letters may go to, and how an address is shown without its secrets; pure.

In: a URL, or IP addresses that a name resolved to. Out: a checked URL, yes or no, a short text.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from hub.dispatch.post import BadSink

IPAddress = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")


def checked(url: str, *, allow_private: bool) -> SplitResult:
    """Take a sink's URL apart; raise BadSink when it can never be used. Names are looked up when sending."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadSink("the address is not a URL") from error
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise BadSink("the address must start with https:// or http:// and name a host")
    if (
        parts.username is not None
        or parts.fragment
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise BadSink("the address must be plain: no user name, no #fragment, no spaces")
    literal = _literal(host)
    if literal is not None and not allowed(literal, allow_private=allow_private):
        raise BadSink(f"{host} is not a public address; allow private addresses for this sink if it is meant")
    return parts


def allowed(address: IPAddress, *, allow_private: bool) -> bool:
    """Whether a letter may go there: private, loopback, link-local only when allowed; multicast never."""
    inner = _inner(address)
    if inner.is_multicast or inner.is_unspecified or inner == IPv4Address("255.255.255.255"):
        return False
    return allow_private or inner.is_global


def shown(url: str) -> str:
    """The address for people and logs: scheme and host. Paths and queries of robots are their secrets."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "?", parts.port
    except ValueError:
        return "?"
    tail = "/…" if parts.path.strip("/") or parts.query else ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{tail}"


def _literal(host: str) -> IPAddress | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _inner(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address only wraps, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
