"""Where this machine is on its network, for the installer in front of the screen."""

from __future__ import annotations

import socket
from ipaddress import ip_address

_ANYWHERE = "192.0.2.1"
"""An address of the documentation range: asking for the way there sends nothing."""


def local_address(hub_host: str = "") -> str:
    """This machine's address as seen from the hub (or from the default route); empty without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_literal(hub_host) or _ANYWHERE, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def _literal(host: str) -> str:
    """The host if it is an IPv4 address: a name would have to be looked up, and that can hang."""
    try:
        return host if ip_address(host).version == 4 else ""
    except ValueError:
        return ""
