"""One MQTT session: connect with a fresh will, publish, subscribe, acknowledge by hand, come back.

In: an address, a name with its password, and calls from any thread. Out: callbacks, all from the session's
own thread. Only that thread touches paho. Whatever the broker says, nothing here is a receipt.
"""

from __future__ import annotations

import contextlib
import secrets
import select
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import structlog
from msgspec import Struct
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.reasoncodes import ReasonCode

from link.comeback import Comeback, Protocol
from link.session_client import SessionClient
from link.wakeup import Wakeup

log = structlog.get_logger("link.session")
CONNECT_WITHIN = 10.0
"""Seconds in which the broker must have accepted the session."""
LAST_WORDS = 2.0
"""Seconds that `stop` gives what has been published but not acknowledged."""
UNSUPPORTED_PROTOCOL = 132
NOT_AUTHORISED_FROM = 128


@dataclass(frozen=True)
class Address:
    """Where the broker is, and by which certificates it is known (`ca_file` empty: the system's)."""

    host: str
    port: int
    tls: bool = False
    ca_file: str = ""


class Incoming(Struct, frozen=True, gc=False):
    """A message as it came; `connection` says in which connection, so that no late `ack` reaches another."""

    topic: str
    payload: bytes
    retain: bool
    mid: int
    qos: int
    connection: int = 0


class Session:
    """A session that keeps itself up. Every public method may be called from any thread."""

    def __init__(
        self,
        address: Address,
        *,
        user: str,
        password: str,
        will: Callable[[], tuple[str, bytes]] | None,
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        on_message: Callable[[Incoming], None],
        on_refused: Callable[[str, str], None] | None = None,
        inflight: int = 1000,
        keepalive_s: int = 30,
        retry_first_s: float = 1.0,
        retry_most_s: float = 300.0,
        protocol: Protocol = "5",
    ) -> None:
        """Prepare a session; `start` connects.

        `user` is also the client id. `will` is asked before every connect for topic and payload (QoS 1,
        retained). `on_up` follows each accepted connection, `on_down` each loss and each failed attempt with
        its reason, `on_refused` a topic that the broker forbids, with its words (MQTT 3.1.1 tells that of
        filters only). `protocol` is tried first, the other one when it is refused.
        """
        self._address, self._user, self._password = address, user, password
        self._will, self._on_up, self._on_down = will, on_up, on_down
        self._give, self._on_refused = on_message, on_refused
        self._inflight, self._keepalive_s = inflight, keepalive_s
        self._comeback = Comeback(protocol, retry_first_s, retry_most_s, secrets.SystemRandom().uniform)
        self.connected = False
        self._connection = 0
        self._up_since = 0.0
        self._reason = ""
        self._outgoing: deque[tuple[int, str, bytes, bool]] = deque()
        self._filters: deque[tuple[int, tuple[str, ...]]] = deque()
        self._acks: deque[tuple[int, int]] = deque()
        self._sent: dict[int, str] = {}  # topic by mid of what the broker has not acknowledged
        self._asked: dict[int, tuple[str, ...]] = {}  # filters by mid, likewise
        self._stopping = threading.Event()
        self._wakeup = Wakeup()
        self._thread = threading.Thread(target=self._run, name=f"session-{user}", daemon=True)

    @property
    def protocol(self) -> Protocol:
        """The MQTT version spoken now, or tried next."""
        return self._comeback.protocol

    def start(self) -> None:
        """Connect, and stay connected until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Wait up to 2 s for what was published, then say goodbye, so that the will is not sent."""
        self._stopping.set()
        self._wakeup.set()
        if self._thread.ident is None:
            self._wakeup.close()
        elif threading.current_thread() is not self._thread:
            self._thread.join()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hand a message (QoS 1) to the broker; False when it is away or does not keep up."""
        if not self.connected or len(self._outgoing) >= 20 * self._inflight:
            return False
        self._outgoing.append((self._connection, topic, payload, retain))
        self._wakeup.set()
        return True

    def subscribe(self, *filters: str) -> None:
        """Ask for topics (QoS 1) in this connection; to be repeated on every `on_up`."""
        self._filters.append((self._connection, filters))
        self._wakeup.set()

    def ack(self, incoming: Incoming) -> None:
        """Tell the broker that a message has been taken in; one of an earlier connection is forgotten."""
        if incoming.qos:
            self._acks.append((incoming.connection, incoming.mid))
            self._wakeup.set()

    def spread(self, seconds: float) -> None:
        """Spread the next reconnect over so many seconds, as the hub asks all terminals to."""
        self._comeback.spread_s = seconds

    # --- the session's own thread ----------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            before, self._up_since = self.protocol, 0.0
            try:
                self._reason = "the connection was lost"
                self._connect_and_serve()
            except OSError as error:
                self._reason = error.strerror or str(error)
            except Exception as error:  # a callback's fault must not end the line: told, and begun anew
                log.exception("session.failed", user=self._user)
                self._reason = f"{type(error).__name__}: {error}"
            held_for = time.monotonic() - self._up_since if self._up_since else 0.0
            self._fallen()
            self._stopping.wait(self._comeback.pause(held_for, changed=before != self.protocol))
        self._wakeup.close()

    def _fallen(self) -> None:
        self.connected = False
        for left in (self._outgoing, self._filters, self._acks, self._sent, self._asked):
            left.clear()
        log.info("session.down", user=self._user, reason=self._reason)
        self._on_down(self._reason)

    def _connect_and_serve(self) -> None:
        client = self._new_client()
        self._connection += 1
        try:
            client.open(self._address.host, self._address.port, self._keepalive_s, self._inflight)
            self._serve(client, cast(socket.socket, client.socket()))
        finally:
            sock = client.socket()
            if sock is not None:
                sock.close()

    def _new_client(self) -> SessionClient:
        client = SessionClient(self._user, self.protocol)
        client.username_pw_set(self._user, self._password)
        if self._address.tls:
            client.tls_set_context(ssl.create_default_context(cafile=self._address.ca_file or None))
        if self._will is not None:
            topic, payload = self._will()
            client.will_set(topic, payload, qos=1, retain=True)
        client.on_connect = self._answered
        client.on_disconnect = self._ended
        client.on_message = self._incoming
        client.on_publish = self._published
        client.on_subscribe = self._subscribed
        return client

    def _serve(self, client: SessionClient, sock: socket.socket) -> None:
        poll = select.poll()
        poll.register(self._wakeup.fileno, select.POLLIN)
        answer_by, look_at = time.monotonic() + CONNECT_WITHIN, 0.0
        while client.socket() is not None:
            self._wakeup.clear()
            self._send_waiting(client)
            poll.register(sock, select.POLLIN | (select.POLLOUT if client.want_write() else 0))
            if dict(poll.poll(1000)).get(sock.fileno(), 0) & ~select.POLLOUT:
                client.read_all(sock)
            now = time.monotonic()
            if now >= look_at:  # keepalive
                look_at = now + 1.0
                client.loop_misc()
            if not self._up_since and now > answer_by:
                self._reason = f"no answer within {CONNECT_WITHIN:.0f} s"
                break
            if self._stopping.is_set():
                self._say_goodbye(client, sock)
                return
        if not self._up_since and not self._reason.startswith("refused"):
            self._comeback.hung_up()

    def _send_waiting(self, client: SessionClient) -> None:
        """Hand over what waits, within the window of messages that the broker has not acknowledged."""
        if self.connected:
            while self._filters:
                connection, filters = self._filters.popleft()
                if connection == self._connection and filters:
                    self._asked[client.subscribe([(one, 1) for one in filters])[1] or 0] = filters
            mids = [mid for connection, mid in _drained(self._acks) if connection == self._connection]
            if mids:
                client.acknowledge(mids)
            while self._outgoing and len(self._sent) < self._inflight:
                connection, topic, payload, retain = self._outgoing.popleft()
                if connection == self._connection:
                    self._sent[client.publish(topic, payload, qos=1, retain=retain).mid] = topic
        if client.want_write():
            client.loop_write()

    def _say_goodbye(self, client: SessionClient, sock: socket.socket) -> None:
        poll, last = select.poll(), time.monotonic() + LAST_WORDS
        poll.register(sock, select.POLLIN)
        while self.connected and time.monotonic() < last and (self._outgoing or self._acks or self._sent):
            self._send_waiting(client)
            if poll.poll(50):
                client.read_all(sock)
            if client.socket() is None:
                return
        self._reason = "stopped"
        client.disconnect()
        with contextlib.suppress(OSError):
            client.loop_write()

    # --- paho's callbacks ------------------------------------------------------------------------------

    def _answered(
        self, _client: Client, _: object, _flags: ConnectFlags, reason: ReasonCode, _props: object
    ) -> None:
        if reason.is_failure:
            self._reason = f"refused: {reason}"
            if reason.value == UNSUPPORTED_PROTOCOL:
                self._comeback.unsupported()
            return
        self._comeback.accepted()
        self._up_since, self.connected = time.monotonic(), True
        log.info("session.up", user=self._user, protocol=self.protocol)
        self._on_up()

    def _ended(
        self, _client: Client, _: object, flags: DisconnectFlags, reason: ReasonCode, _props: object
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            self._reason = f"the broker ended the session: {reason}"

    def _incoming(self, _client: Client, _: object, got: MQTTMessage) -> None:
        self._give(
            Incoming(got.topic, cast(bytes, got.payload), got.retain, got.mid, got.qos, self._connection)
        )

    def _published(self, _client: Client, _: object, mid: int, reason: ReasonCode, _props: object) -> None:
        topic = self._sent.pop(mid, "")
        if reason.value >= NOT_AUTHORISED_FROM and self._on_refused is not None:
            self._on_refused(topic, str(reason))

    def _subscribed(
        self, _client: Client, _: object, mid: int, reasons: list[ReasonCode], _props: object
    ) -> None:
        for one, reason in zip(self._asked.pop(mid, ()), reasons, strict=False):
            if reason.is_failure and self._on_refused is not None:
                self._on_refused(one, str(reason))


def _drained(queue: deque[tuple[int, int]]) -> list[tuple[int, int]]:
    """What was in the queue, leaving what other threads add meanwhile."""
    return [queue.popleft() for _ in range(len(queue))]
