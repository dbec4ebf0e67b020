"""One plain MQTT session for tests: it says and hears, and believes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition

from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv311
from paho.mqtt.enums import MQTTErrorCode


@dataclass
class Peer:
    """One paho session that remembers what came."""

    user: str
    port: int
    got: list[tuple[str, bytes]] = field(default_factory=list)
    up: bool = False
    refused: str = ""
    downs: int = 0
    _news: Condition = field(default_factory=Condition)

    def connect(self, client_id: str = "", password: str = "", will: str = "") -> Peer:
        client = Client(CallbackAPIVersion.VERSION2, client_id or self.user, protocol=MQTTv311)
        client.username_pw_set(self.user, password or None)
        client.reconnect_delay_set(0.05, 0.2)  # type: ignore[arg-type] # paho only adds and compares them
        if will:
            client.will_set(will, b"forged", 1, retain=True)
        client.on_connect = self._connected
        client.on_disconnect = lambda *_: self._tell(lambda: setattr(self, "downs", self.downs + 1))
        client.on_message = lambda _c, _u, message: self._tell(
            lambda: self.got.append((message.topic, message.payload))
        )
        client.on_subscribe = lambda *_: self._tell(lambda: setattr(self, "subscribed", True))
        self.client = client
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        self.wait(lambda: self.up or bool(self.refused))
        return self

    def _connected(self, _client, _data, _flags, reason, _properties) -> None:
        self._tell(
            lambda: setattr(self, "refused", str(reason)) if reason.is_failure else setattr(self, "up", True)
        )

    def _tell(self, change: Callable[[], object]) -> None:
        with self._news:
            change()
            self._news.notify_all()

    def wait(self, what: Callable[[], bool], seconds: float = 10) -> bool:
        with self._news:
            return self._news.wait_for(what, seconds)

    def subscribe(self, topic: str) -> None:
        self.subscribed = False
        assert self.client.subscribe(topic, 1)[0] == MQTTErrorCode.MQTT_ERR_SUCCESS
        assert self.wait(lambda: self.subscribed)

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        self.client.publish(topic, payload, 1, retain).wait_for_publish(10)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@contextmanager
def peer(port: int, user: str, **options: str) -> Iterator[Peer]:
    one = Peer(user, port).connect(**options)
    try:
        yield one
    finally:
        one.close()
