"""The one door by which letters leave: a POST to an address that was looked up, checked, then connected to.

In: a request. Out: the answer, or Unreachable or Forbidden with a sentence that holds no secret of the URL.
No redirects, no proxies, no cookies, no reuse of connections; 15 s in all, 64 KiB of answer at most.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import closing
from ipaddress import ip_address
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from hub.dispatch.addresses import allowed, checked
from hub.dispatch.post import Answer, Outgoing

TIMEOUT_S = 15.0
MOST_ANSWER = 64 * 1024
_CONNECT_S = 5.0
Resolve = Callable[[str, int], list[str]]


class Unreachable(Exception):
    """No answer came: the receiver is away, too slow, or not who its certificate says."""


class Forbidden(Exception):
    """The name leads to an address to which letters may not go."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host; raise OSError when the name is not known."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Egress:
    """POSTs requests. One object serves all threads."""

    def __init__(
        self, *, timeout_s: float = TIMEOUT_S, resolve: Resolve = resolve, ca_file: str | None = None
    ) -> None:
        self._timeout_s = timeout_s
        self._resolve = resolve
        self._verify: bool | str = ca_file or True

    def post(self, outgoing: Outgoing, *, allow_private: bool) -> Answer:
        """Send it and read the answer; raise Unreachable, Forbidden, or BadSink for an unusable URL."""
        checked(outgoing.url, allow_private=allow_private)
        call = _Call(self._resolve, self._timeout_s, allow_private=allow_private)
        headers = {"User-Agent": "Taploop", "Connection": "close", "Accept-Encoding": "identity"}
        headers |= outgoing.headers
        request = requests.Request("POST", outgoing.url, headers=headers, data=outgoing.body).prepare()
        with call, closing(_Adapter(call)) as adapter:
            try:
                response = adapter.send(request, stream=True, timeout=self._timeout_s, verify=self._verify)
                with closing(response):
                    answer = _read(response)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise Unreachable(call.sentence(error)) from None  # the error's own text holds the URL
            call.refuse_half()
            return answer


class _Call:
    """One POST: opens its connection to a checked address and cuts it when the time is over."""

    def __init__(self, resolve: Resolve, timeout_s: float, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._timeout_s = timeout_s
        self._timer = threading.Timer(timeout_s, self._cut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._over = False

    def __enter__(self) -> _Call:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            if self._line is not None:
                self._line.close()
                self._line = None

    def open(self, host: str, port: int) -> socket.socket:
        """A connection to the first address that answers; raise Forbidden before touching a refused one."""
        try:
            addresses = self._resolve(host, port)
        except OSError as error:
            raise Unreachable("the name of the receiver is not known") from error
        for address in addresses:
            if not allowed(ip_address(address.partition("%")[0]), allow_private=self._allow_private):
                raise Forbidden(f"the name of the receiver leads to {address}, which is not a public address")
        return self._connect(addresses, port)

    def sentence(self, error: Exception) -> str:
        """What went wrong, without the URL."""
        if self._over or isinstance(error, requests.Timeout):
            return f"no answer within {self._timeout_s:g} s"
        if isinstance(error, requests.exceptions.SSLError):
            return "the receiver's certificate is not trusted"
        return "the connection broke off" if self._line is not None else "no connection"

    def refuse_half(self) -> None:
        """An answer that was cut short looks whole to the HTTP library; raise Unreachable for it."""
        if self._over:
            raise Unreachable(f"no answer within {self._timeout_s:g} s")

    def _connect(self, addresses: list[str], port: int) -> socket.socket:
        reason = "no address"
        for address in addresses:
            try:
                line = socket.create_connection((address, port), min(_CONNECT_S, self._timeout_s))
            except OSError as error:
                reason = error.strerror or "no answer"
                continue
            line.settimeout(self._timeout_s)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._hold(line)
            return line
        raise Unreachable(f"no connection: {reason}")

    def _hold(self, line: socket.socket) -> None:
        """Keep a second handle on the line: TLS takes the first one over."""
        with self._lock:
            self._line = line.dup()
            late = self._over
        if late:
            self._cut()

    def _cut(self) -> None:
        """A receiver that sends a byte now and then never trips a socket's own time-out; this ends it."""
        with self._lock:
            self._over = True
            if self._line is not None:
                try:
                    self._line.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # the other end was faster


class _Adapter(HTTPAdapter):
    """requests' own adapter, but every connection is opened by the call."""

    def __init__(self, call: _Call) -> None:
        self._call = call
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:  # noqa: ANN401, FBT the shape is requests'
        """Let the pools make connections that are opened by the call."""
        super().init_poolmanager(connections, maxsize, block, **more)
        call = self._call

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return call.open(self._dns_host, self.port)

        class Tls(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return call.open(self._dns_host, self.port)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = Tls

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}


def _read(response: requests.Response) -> Answer:
    body = response.raw.read(MOST_ANSWER, decode_content=False)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, bytes(body))
