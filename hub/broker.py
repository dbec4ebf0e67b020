"""The embedded broker: amqtt in a thread and an event loop of its own, behind our own gate and access rules.

In: a listening socket and whoever knows the passwords. Out: MQTT 3.1.1 sessions within `link.topics.ACCESS`.
Correctness never rests on it: it keeps nothing over a restart and drops what it cannot deliver.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Event, Thread
from typing import Any, Protocol

import structlog
from amqtt.adapters import StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import Action, BrokerConfig, ListenerConfig, ListenerType
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from hub import broker_gate
from link import topics

CONNECT_WITHIN = 10.0
"""Seconds in which the first packet must have come."""
SWEEP_EVERY = 5.0
"""Seconds between two looks for sessions whose terminal was retired or got another password."""
_LISTENER = "default"
_ACTIONS: dict[Action, topics.Action] = {
    Action.PUBLISH: "publish",
    Action.SUBSCRIBE: "subscribe",
    Action.RECEIVE: "receive",
}
_permitted = lru_cache(maxsize=65536)(topics.allows)
_log = structlog.get_logger("hub.broker")


class Doorkeeper(Protocol):
    """What the broker asks before it opens a session (`hub.gatekeeper.Gatekeeper`)."""

    def admits(self, user: str, client_id: str, password: str) -> bool:
        """Whether the session may be opened."""

    def passwords(self) -> dict[str, str | None]:
        """Password hashes by terminal, of those that may stay."""


class Rules(BaseAuthPlugin, BaseTopicPlugin):  # type: ignore[misc]
    """amqtt's own way to ask: a session is its user's, and may do what the table allows."""

    async def authenticate(self, *, session: Session) -> bool:
        """The password was checked at the gate; this only says that nobody came around it."""
        return bool(session.username) and session.username == session.client_id

    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Action | None = None
    ) -> bool:
        """Whether the session may publish to, subscribe to or receive from `topic`."""
        if session is None or action is None:
            return False
        return _permitted(session.username or "", _ACTIONS[action], topic or "")


class _Amqtt(Broker):  # type: ignore[misc]
    """amqtt with two of its steps replaced; each of them is tested."""

    async def _topic_filtering(self, session: Session, topic: str, action: Action) -> bool:
        # amqtt asks while it walks its table of subscriptions; were this to suspend, as a call through the
        # plugins does, a subscription made meanwhile would end the walk with an error and lose the message
        return _permitted(session.username or "", _ACTIONS[action], topic)

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        # amqtt offers a newcomer what is retained under anybody's subscriptions, without asking the rules
        subscribed = self.subscriptions.get(subscription[0], ())
        if any(one.client_id == session.client_id for one, _ in subscribed):
            await super()._publish_retained_messages_for_subscription(subscription, session)


@dataclass(eq=False)
class _Connection:
    user: str
    transport: asyncio.WriteTransport
    reader: broker_gate.LimitedReader
    task: asyncio.Task[None] | None
    password_hash: str | None = None
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class EmbeddedBroker:
    """`start()` serves on the socket, which it owns from then on; `stop()` frees the port within 2 s."""

    def __init__(self, door: socket.socket, doorkeeper: Doorkeeper, sweep_every: float = SWEEP_EVERY) -> None:
        self.port: int = door.getsockname()[1]
        self._door = door
        self._doorkeeper = doorkeeper
        self._sweep_every = sweep_every
        self._open: dict[str, _Connection] = {}
        self._streams: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = Event()
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._run, name="broker", daemon=True)

    @property
    def sessions(self) -> int:
        """How many sessions are open now."""
        return len(self._open)

    def start(self) -> None:
        """Return when clients can connect; raises what kept amqtt from starting."""
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            raise self._failed

    def stop(self) -> None:
        """Close every session and the port."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(_note)
        try:
            self._loop.run_until_complete(self._main())
        except BaseException as error:  # noqa: BLE001 whatever it is, `start` raises it in the caller's thread
            self._failed = error
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
            self._door.close()
            self._ready.set()

    async def _main(self) -> None:
        amqtt = self._amqtt = _Amqtt(_config(), loop=self._loop)
        await amqtt.start()
        server = await asyncio.start_server(
            lambda reader, writer: self._serve(amqtt, reader, writer), sock=self._door
        )
        sweep = asyncio.create_task(self._sweep())
        self._ready.set()
        await self._stopping.wait()
        sweep.cancel()
        server.close()
        await self._close_all(amqtt)

    async def _close_all(self, amqtt: Broker) -> None:
        for stream in self._streams:
            stream.transport.abort()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(amqtt.shutdown(), 1)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=0.5) if left else None

    async def _serve(self, amqtt: Broker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._streams.add(writer)
        try:
            connection = await self._admitted(reader, writer)
            if connection is not None:
                await self._hand_over(amqtt, connection, writer)
        except (TimeoutError, OSError, asyncio.IncompleteReadError, broker_gate.BadConnect) as error:
            _log.debug("connection ended before its session", error=repr(error))
        except Exception as error:  # noqa: BLE001 amqtt lets any error out; the peer must be cut off, not left mute
            _log.warning("session ended by an error of the broker", error=repr(error))
        finally:
            self._streams.discard(writer)
            writer.transport.abort()

    async def _admitted(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> _Connection | None:
        connect = await asyncio.wait_for(broker_gate.read_connect(reader), CONNECT_WITHIN)
        if connect.level != broker_gate.ACCEPTED_LEVEL:
            await _refuse(writer, broker_gate.BAD_PROTOCOL)
            return None
        if not await self._allowed(connect):
            _log.warning("session refused", user=connect.user, client=connect.client_id)
            await _refuse(writer, broker_gate.NOT_AUTHORISED)
            return None
        first = broker_gate.LimitedReader(connect.raw, reader)
        if connect.keep_alive:
            asyncio.create_task(_watch(first, writer.transport, connect.keep_alive * 1.5))  # noqa: RUF006 ends with the transport
        return _Connection(connect.user, writer.transport, first, asyncio.current_task())

    async def _allowed(self, connect: broker_gate.Connect) -> bool:
        if not connect.clean:
            return False
        if connect.will_topic and not _permitted(connect.user, "publish", connect.will_topic):
            return False
        return await self._loop.run_in_executor(
            None, self._doorkeeper.admits, connect.user, connect.client_id, connect.password
        )

    async def _hand_over(self, amqtt: Broker, connection: _Connection, writer: asyncio.StreamWriter) -> None:
        while (former := self._open.get(connection.user)) is not None:
            await _end(former)
        self._open[connection.user] = connection
        try:
            await amqtt.external_connected(connection.reader, StreamWriterAdapter(writer), _LISTENER)
        finally:
            del self._open[connection.user]  # whoever takes the name waited for this
            connection.gone.set()
        if connection.reader.refused:
            _log.warning(
                "session closed: packet too large", terminal=connection.user, bytes=connection.reader.refused
            )

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._sweep_every)
            try:
                current = await self._loop.run_in_executor(None, self._doorkeeper.passwords)
            except Exception as error:  # noqa: BLE001 the store is away: nobody is cut off, and the next look comes
                _log.warning("cannot look for retired terminals", error=str(error))
                continue
            for user, connection in list(self._open.items()):
                kept = current.get(user)
                connection.password_hash = connection.password_hash or kept
                if user != topics.HUB and (kept is None or kept != connection.password_hash):
                    _log.warning("session cut off: retired or new password", terminal=user)
                    connection.transport.abort()


def _config() -> BrokerConfig:
    return BrokerConfig(
        listeners={_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
        plugins={f"{Rules.__module__}.{Rules.__qualname__}": {}},
    )


async def _end(connection: _Connection) -> None:
    connection.transport.abort()
    try:
        await asyncio.wait_for(connection.gone.wait(), 1)
    except TimeoutError:
        if connection.task:
            connection.task.cancel()
        await connection.gone.wait()


async def _refuse(writer: asyncio.StreamWriter, code: int) -> None:
    writer.write(broker_gate.connack(code))
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def _watch(
    reader: broker_gate.LimitedReader, transport: asyncio.WriteTransport, silent_for: float
) -> None:
    while not transport.is_closing():
        reader.heard = False
        await asyncio.sleep(silent_for)
        if not reader.heard:
            transport.abort()


def _note(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log.debug("broker", message=context.get("message"), error=repr(context.get("exception")))
