"""The other end of letters: a webhook's receiver and a WeCom group robot, as real HTTP servers on free ports.

Each checks what it is sent as strictly as the real one and records every request, the bad ones with what was
wrong; each can be taken down and brought back on the same port.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
ROBOT_KEY = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"


@dataclass(frozen=True)
class Script:
    """What to do with one request instead of accepting it."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait_s: float = 0.0
    drop: bool = False
    """Close the connection without an answer."""
    drip: bool = False
    """Send the header a byte at a time and never end."""


@dataclass(frozen=True)
class Request:
    """One request as it came, when, and what was wrong with it (empty: nothing)."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    wrong: tuple[str, ...]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    owner: Receiver

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self.server.owner.handle(self)

    def do_GET(self) -> None:
        self.server.owner.handle(self)

    def log_message(self, *_: object) -> None:
        return


class Receiver:
    """Takes requests, plays its scripts first, then answers as its kind does."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.script: deque[Script] = deque()
        self._tls = tls
        self._lock = threading.Condition()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.port = 0

    def __enter__(self) -> Receiver:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/hook"

    def up(self) -> None:
        """Listen: the first time on a free port, afterwards on the same one."""
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.owner = self
        if self._tls is not None:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def down(self) -> None:
        """Listen no more: connections are refused."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def wait_for(self, many: int, timeout_s: float = 10.0) -> list[Request]:
        """Wait until so many requests came; fail with what came instead."""
        with self._lock:
            if not self._lock.wait_for(lambda: len(self.requests) >= many, timeout_s):
                pytest.fail(f"{len(self.requests)} of {many} requests came within {timeout_s} s")
            return list(self.requests)

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        wrong = tuple(self.faults(handler.command, handler.path, headers, body))
        with self._lock:
            self.requests.append(Request(handler.path, headers, body, time.time(), wrong))
            script = self.script.popleft() if self.script else None
            self._lock.notify_all()
        if script is None:
            status, answer = self.answer(handler.path, body, wrong)
            script = Script(status, {"Content-Type": "application/json"}, answer)
        with contextlib.suppress(OSError):
            _play(handler, script)

    def faults(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Iterator[str]:
        """What is wrong with a request, in words."""
        if method != "POST":
            yield f"{method} instead of POST"

    def answer(self, path: str, body: bytes, wrong: tuple[str, ...]) -> tuple[int, bytes]:
        """Status and body for a request that no script wants."""
        return (400, "; ".join(wrong).encode()) if wrong else (204, b"")


class WebhookReceiver(Receiver):
    """Takes CloudEvents under Standard Webhooks signatures, each id once in its books."""

    def __init__(self, secret: str = SECRET, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self.secret = secret
        self.clock: Callable[[], float] = time.time
        self.taken: dict[str, dict[str, Any]] = {}

    @property
    def ids(self) -> list[str]:
        """The ids of all requests, in order, repeats too."""
        return [request.headers.get("webhook-id", "") for request in self.requests]

    def faults(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Iterator[str]:
        yield from super().faults(method, path, headers, body)
        yield from _signature_faults(self.secret, headers, body, self.clock())
        if len(body) > 20_000:
            yield "body is larger than 20,000 bytes"
        if headers.get("content-type") != "application/cloudevents+json":
            yield f"content type {headers.get('content-type')}"
        yield from _cloud_event_faults(headers.get("webhook-id", ""), body)

    def answer(self, path: str, body: bytes, wrong: tuple[str, ...]) -> tuple[int, bytes]:
        if not wrong:
            event = json.loads(body)
            self.taken.setdefault(event["id"], event)
        return super().answer(path, body, wrong)


class WeComReceiver(Receiver):
    """A group robot: 20 messages in any minute, byte limits, HTTP 200 with an errcode whatever happens."""

    def __init__(self, key: str = ROBOT_KEY) -> None:
        super().__init__()
        self.key = key
        self.clock: Callable[[], float] = time.time
        self.shown: list[tuple[float, str]] = []
        """What the group has seen: when, and the text."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin/webhook/send?key={self.key}"

    def answer(self, path: str, body: bytes, wrong: tuple[str, ...]) -> tuple[int, bytes]:
        del wrong
        code, words = self._judge(path, body)
        said = {
            "errcode": code,
            "errmsg": words if code == 0 else f"{words}, hint: [1732345678], from ip: 10.0.0.9",
        }
        return 200, json.dumps(said).encode()

    def _judge(self, path: str, body: bytes) -> tuple[int, str]:
        if parse_qs(urlsplit(path).query).get("key") != [self.key]:
            return 93000, "invalid webhook url"
        fault = _message_fault(body)
        if fault is not None:
            return fault
        now = self.clock()
        if sum(at > now - 60 for at, _ in self.shown) >= 20:
            return 45009, "api freq out of limit"
        message = json.loads(body)
        self.shown.append((now, message[message["msgtype"]]["content"]))
        return 0, "ok"


def _message_fault(body: bytes) -> tuple[int, str] | None:
    try:
        message = json.loads(body)
        kind = message["msgtype"]
        text = message[kind]["content"]
    except (ValueError, KeyError, TypeError):
        return 40058, "invalid Request Parameter"
    limit = {"text": 2_048, "markdown": 4_096}.get(kind)
    if limit is None:
        return 40008, "invalid message type"
    if not text:
        return 44004, "content is empty"
    if len(text.encode()) > limit:
        return 40058, f"{kind}.content exceed max length {limit}. invalid Request Parameter"
    return None


def _signature_faults(secret: str, headers: dict[str, str], body: bytes, now: float) -> Iterator[str]:
    """As the standard's receivers check: not with the hub's own code."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(now - int(stamp)) > 300:
        yield "webhook-timestamp is missing or more than five minutes off"
    signed = f"{headers.get('webhook-id')}.{stamp}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    if f"v1,{base64.b64encode(digest).decode()}" not in headers.get("webhook-signature", "").split(" "):
        yield "no signature matches"


def _cloud_event_faults(message_id: str, body: bytes) -> Iterator[str]:
    try:
        event = json.loads(body)
    except ValueError:
        yield "body is not JSON"
        return
    if event.get("specversion") != "1.0":
        yield "specversion is not 1.0"
    for name in ("id", "source", "type"):
        if not isinstance(event.get(name), str) or not event[name]:
            yield f"{name} is missing"
    if event.get("id") != message_id:
        yield "the event's id is not the message's"
    for name in event:
        if not (name.isascii() and name.isalnum() and name.lower() == name):
            yield f"attribute {name} is not lower-case letters and digits"


def _play(handler: BaseHTTPRequestHandler, script: Script) -> None:
    time.sleep(script.wait_s)
    handler.close_connection = True
    if script.drop:
        handler.connection.shutdown(socket.SHUT_RDWR)
        return
    if script.drip:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)
    handler.send_response(script.status)
    for name, value in script.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(script.body)))
    handler.end_headers()
    handler.wfile.write(script.body)


@pytest.fixture
def webhook_receiver() -> Iterator[WebhookReceiver]:
    """A webhook's receiver, up."""
    receiver = WebhookReceiver()
    with receiver:
        yield receiver


@pytest.fixture
def wecom_receiver() -> Iterator[WeComReceiver]:
    """A group robot, up."""
    receiver = WeComReceiver()
    with receiver:
        yield receiver
