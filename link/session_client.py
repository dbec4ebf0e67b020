"""paho's client as a session uses it: read in chunks, written by the session's loop, acknowledged in bulk.

In: the broker's address, and bytes off its socket. Out: paho's callbacks. One thread calls it.
"""

from __future__ import annotations

import socket
import ssl

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from link.comeback import Protocol

CHUNK = 256 * 1024


class SessionClient(Client):
    """paho, reading its socket in chunks of 256 KiB instead of byte by byte (three calls a message)."""

    def __init__(self, user: str, protocol: Protocol) -> None:
        self._speaks = protocol
        self._ahead = b""
        self._taken = 0
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=user,
            clean_session=None if protocol == "5" else True,
            protocol=MQTTProtocolVersion.MQTTv5 if protocol == "5" else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        self.max_inflight_messages = 0  # the session keeps the window itself
        self.on_socket_register_write = _leave_writing_to_the_loop

    def open(self, host: str, port: int, keepalive_s: int, inflight: int) -> None:
        """Connect with a clean session; raise OSError. At most `inflight` messages come unacknowledged."""
        if self._speaks == "5":
            asked = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            asked.ReceiveMaximum = min(inflight, 65535)
            self.connect(host, port, keepalive_s, clean_start=True, properties=asked)
        else:
            self.connect(host, port, keepalive_s)
        sock = self.socket()
        if isinstance(
            sock, socket.socket
        ):  # else Nagle and delayed TCP acknowledgements cost 40 ms a message
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _sock_recv(self, bufsize: int) -> bytes:
        if self._taken >= len(self._ahead):
            self._ahead, self._taken = super()._sock_recv(CHUNK), 0
        taken = self._taken
        self._taken = taken + bufsize
        return self._ahead[taken : taken + bufsize]

    def read_all(self, sock: socket.socket) -> None:
        """Handle all that can be read; TLS holds decrypted bytes that `poll` does not see."""
        self.loop_read()
        while self.socket() is not None and (
            self._taken < len(self._ahead) or (isinstance(sock, ssl.SSLSocket) and sock.pending())
        ):
            self.loop_read()

    def acknowledge(self, mids: list[int]) -> None:
        """Acknowledge messages by one write: 0x40, 2 and the mid are a PUBACK in MQTT 3.1.1 and in 5."""
        self._packet_queue(0x40, b"".join(b"\x40\x02" + mid.to_bytes(2, "big") for mid in mids), 0, 1)


def _leave_writing_to_the_loop(_client: Client, _: object, _sock: object) -> None:
    """Being set, it keeps paho from writing packets by itself; the session's loop writes many at a time."""
