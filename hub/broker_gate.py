"""The gate in front of the embedded broker: it reads CONNECT, then lets bytes through within limits.

In: a TCP stream. Out: a parsed CONNECT, and adapters that hand the same bytes to amqtt.
amqtt drops the old session of a client id before it has asked for a password, never cuts a silent client and
reads packets of any size; so nothing reaches it that has not passed here.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

from amqtt.adapters import ReaderAdapter

MAX_PACKET = 256 * 1024
"""Most bytes in one packet. A batch over 64 KiB still passes, so that the hub can say what is wrong."""
ACCEPTED_LEVEL = 4
BAD_PROTOCOL, NOT_AUTHORISED = 1, 5


class BadConnect(Exception):
    """The first packet is not a CONNECT that this broker takes."""


@dataclass(frozen=True, slots=True)
class Connect:
    """The first packet of a session; `raw` are its bytes."""

    level: int
    clean: bool = True
    keep_alive: int = 0
    """Seconds; 0 means none."""
    client_id: str = ""
    will_topic: str = ""
    user: str = ""
    password: str = ""
    raw: bytes = b""


async def read_connect(reader: asyncio.StreamReader) -> Connect:
    """Read the first packet; raise BadConnect, or IncompleteReadError when the peer goes away."""
    head = await reader.readexactly(1)
    if head != b"\x10":
        raise BadConnect("the first packet is not CONNECT")
    length, shift = 0, 0
    while True:
        byte = await reader.readexactly(1)
        head += byte
        length |= (byte[0] & 0x7F) << shift
        shift += 7
        if not byte[0] & 0x80:
            break
        if shift > 21:
            raise BadConnect("malformed length")
    if length > MAX_PACKET:
        raise BadConnect(f"CONNECT of {length} bytes")
    return parse_connect(head, await reader.readexactly(length))


def parse_connect(head: bytes, body: bytes) -> Connect:
    """Take a CONNECT apart; of another protocol level only `level` is read. Raises BadConnect."""
    try:
        name, rest = _field(body)
        level, flags, keep_alive = struct.unpack_from("!BBH", rest)
        if name != b"MQTT" or level != ACCEPTED_LEVEL:
            return Connect(level=level if name == b"MQTT" else 3)
        client_id, rest = _field(rest[4:])
        will_topic = user = password = b""
        if flags & 0x04:
            will_topic, rest = _field(rest)
            _, rest = _field(rest)
        if flags & 0x80:
            user, rest = _field(rest)
        if flags & 0x40:
            password, rest = _field(rest)
        return Connect(
            level=level,
            clean=bool(flags & 0x02),
            keep_alive=keep_alive,
            client_id=client_id.decode(),
            will_topic=will_topic.decode(),
            user=user.decode(),
            password=password.decode(),
            raw=head + body,
        )
    except (struct.error, UnicodeDecodeError) as error:
        raise BadConnect("malformed CONNECT") from error


def _field(data: bytes) -> tuple[bytes, bytes]:
    (size,) = struct.unpack_from("!H", data)
    if len(data) < 2 + size:
        raise BadConnect("malformed CONNECT")
    return data[2 : 2 + size], data[2 + size :]


def connack(code: int) -> bytes:
    """The refusal, in the form of MQTT 3.1.1 that a version 5 client understands too."""
    return bytes((0x20, 2, 0, code))


class LimitedReader(ReaderAdapter):  # type: ignore[misc]
    """What amqtt reads: first the bytes that were looked at already, then the stream, within MAX_PACKET."""

    def __init__(self, first: bytes, reader: asyncio.StreamReader) -> None:
        self._first = first
        self._reader = reader
        self.heard = True
        """Set by every byte; the watch on silent peers clears it."""
        self.refused = 0
        """Size of the packet that was too large; 0 while none was."""

    async def read(self, n: int = -1) -> bytes:
        """Exactly `n` bytes; raises IncompleteReadError at the end and at a packet that is too large."""
        if self._first and n >= 0:
            data, self._first = self._first[:n], self._first[n:]
            return data
        if n > MAX_PACKET or self.refused:
            self.refused = self.refused or n
            raise asyncio.IncompleteReadError(b"", n)
        data = await self._reader.readexactly(n) if n >= 0 else await self._reader.read(n)
        self.heard = True
        return data

    def feed_eof(self) -> None:
        """Let no more come."""
        self._reader.feed_eof()
