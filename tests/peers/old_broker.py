"""A broker that speaks MQTT 3.1.1 only, in forty lines: it refuses MQTT 5 in words or by hanging up."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Literal


class OldBroker:
    """Accepts everybody; acknowledges QoS 1; counts CONNECTs by protocol level."""

    def __init__(self, refuses: Literal["in words", "by hanging up"]) -> None:
        self._refuses = refuses
        self.levels: list[int] = []
        self.published: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def stop(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._server.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._open.append(self._server.accept()[0])
                self._threads.append(threading.Thread(target=self._serve, args=(self._open[-1],)))
                self._threads[-1].start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as stream, contextlib.suppress(OSError, IndexError):
            while head := stream.read(1):
                length, shift = 0, 0
                while True:
                    byte = stream.read(1)[0]
                    length |= (byte & 127) << shift
                    shift += 7
                    if byte < 128:
                        break
                if not self._answer(peer, head[0] >> 4, stream.read(length)):
                    return

    def _answer(self, peer: socket.socket, kind: int, body: bytes) -> bool:
        if kind == 1:
            self.levels.append(body[6])
            if body[6] != 4:
                if self._refuses == "in words":
                    peer.sendall(b"\x20\x02\x00\x01")
                return False
            peer.sendall(b"\x20\x02\x00\x00")
        elif kind == 3:
            topic = 2 + int.from_bytes(body[:2], "big")
            peer.sendall(b"\x40\x02" + body[topic : topic + 2])
            self.published.append(body[topic + 2 :])
        elif kind == 8:
            peer.sendall(b"\x90\x03" + body[:2] + b"\x01")
        elif kind == 12:
            peer.sendall(b"\xd0\x00")
        return kind != 14
