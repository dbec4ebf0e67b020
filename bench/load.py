"""A load generator that costs little: MQTT 3.1.1 packets made beforehand, written by one selector loop.

In: payloads by terminal. Out: the seconds it took until the broker had acknowledged them all.
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections.abc import Iterator, Sequence

WINDOW = 200
"""Publishes of one connection that may be unacknowledged."""
_PUBACK = 4


def _length(size: int) -> bytes:
    out = bytearray()
    while True:
        size, digit = divmod(size, 128)
        out.append(digit | (128 if size else 0))
        if not size:
            return bytes(out)


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def connect_packet(client: str, password: str) -> bytes:
    """CONNECT with a clean session; user name and client id are the same."""
    body = _text("MQTT") + bytes([4, 0b11000010]) + struct.pack(">H", 600) + _text(client) + _text(client)
    body += _text(password)
    return b"\x10" + _length(len(body)) + body


def publish_packet(topic: str, payload: bytes, packet_id: int) -> bytes:
    """PUBLISH at QoS 1."""
    body = _text(topic) + struct.pack(">H", packet_id) + payload
    return b"\x32" + _length(len(body)) + body


class Publisher:
    """One connection with its packets still to send."""

    def __init__(self, port: int, client: str, password: str, topic: str, payloads: Sequence[bytes]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(connect_packet(client, password))
        answer = self._socket.recv(4)
        if answer[:1] != b"\x20" or answer[3]:
            raise ConnectionError(f"{client}: the broker answered {answer.hex()}")
        self._packets = [
            publish_packet(topic, payload, number % 65_000 + 1) for number, payload in enumerate(payloads)
        ]
        self._sent = self._acknowledged = 0
        self._rest = b""
        self._half = 0
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """For the selector."""
        return self._socket.fileno()

    def close(self) -> None:
        """Say goodbye."""
        self._socket.setblocking(True)
        self._socket.sendall(b"\xe0\x00")
        self._socket.close()

    @property
    def done(self) -> bool:
        """Whether everything is sent and acknowledged."""
        return self._acknowledged >= len(self._packets) and not self._rest

    def write(self, most: int = WINDOW) -> bool:
        """Send what the window allows; False when there is nothing to send now."""
        if not self._rest:
            upto = min(len(self._packets), self._acknowledged + most)
            if upto <= self._sent:
                return False
            self._rest = b"".join(self._packets[self._sent : upto])
            self._sent = upto
        written = self._socket.send(self._rest)
        self._rest = self._rest[written:]
        return True

    def read(self) -> None:
        """Count acknowledgements; each is four bytes."""
        got = len(self._socket.recv(65_536)) + self._half
        if got == 0:
            raise ConnectionError("the broker hung up")
        acknowledged, self._half = divmod(got, _PUBACK)
        self._acknowledged += acknowledged


def blast(publishers: Sequence[Publisher]) -> float:
    """Send everything as fast as the broker takes it; return the seconds until the last acknowledgement."""
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for one in publishers:
            selector.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, one)
        while selector.get_map():
            for one, events in _ready(selector):
                if events & selectors.EVENT_READ:
                    one.read()
                wants_more = one.write()
                if one.done:
                    selector.unregister(one)
                else:
                    mask = selectors.EVENT_READ | (selectors.EVENT_WRITE if wants_more else 0)
                    selector.modify(one, mask, one)
    return time.perf_counter() - began


def _ready(selector: selectors.BaseSelector) -> Iterator[tuple[Publisher, int]]:
    for key, events in selector.select(timeout=10):
        yield key.data, events
