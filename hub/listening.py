"""Ports of this machine. In: an address and a port. Out: a listening socket, or the sentence why not."""

from __future__ import annotations

import errno
import socket

from hub.settings import Settings, SettingsError


class PortTaken(SettingsError):
    """Another program listens there; the message says which setting to change."""


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Bind and listen on `host` (empty: every address) and `port` (0: any free one).

    Raises PortTaken, or SettingsError when the address is not this machine's; both name `setting`.
    """
    try:
        return _bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"port {port} is taken by another program; stop it, or set {setting} to a free port"
            ) from error
        if error.errno == errno.EACCES:
            raise PortTaken(
                f"port {port} is kept for the system; set {setting} to a port above 1023"
            ) from error
        reason = error.strerror or str(error)
        raise SettingsError(
            f"cannot listen on {host or '*'}:{port} ({reason}); check {setting} and its host"
        ) from error


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or "0.0.0.0",  # noqa: S104 every address is what an empty host means
        port,
        type=socket.SOCK_STREAM,
        flags=socket.AI_PASSIVE,
    )[0]
    door = socket.socket(family, kind, protocol)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(1024)
        door.setblocking(False)
    except OSError:
        door.close()
        raise
    return door


def own_address() -> str:
    """The address by which others on the network reach this machine; 127.0.0.1 when there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # documentation network: nothing is sent, only a route is looked up
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def public_url(settings: Settings) -> str:
    """The address under which phones reach the pages, without a slash at its end."""
    return settings.public_url or f"http://{own_address()}:{settings.http_port}"
