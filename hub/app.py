"""The hub as a whole: the only place where its parts are put together.

In: settings. Out: a running hub, or one sentence why not (SettingsError, StoreError) and nothing started.
"""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as distribution_version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from hub import logs, readings, secret
from hub.alerts.watch import Watch
from hub.dispatch.courier import Courier
from hub.gatekeeper import Gatekeeper
from hub.ingest.configs import Configs
from hub.ingest.door_keys import DoorKeys
from hub.ingest.intake import Intake
from hub.ingest.listener import Listener
from hub.ingest.presence import Presence
from hub.listening import listen, public_url
from hub.live import Live
from hub.moment import now
from hub.parts import Parts
from hub.settings import Settings
from hub.store import migrations
from hub.store.database import Database
from link.session import Address

if TYPE_CHECKING:
    from hub.broker import EmbeddedBroker

_log = structlog.get_logger("hub")


def version() -> str:
    """The version of this hub."""
    try:
        return distribution_version("taploop")
    except PackageNotFoundError:
        return "unknown"


class Hub:
    """One hub. `start` returns when it serves; after `stop` every port and file is given back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._ends = ExitStack()
        self._troubles: dict[str, Callable[[], str]] = {}
        self.broker: EmbeddedBroker | None = None
        self.listener: Listener | None = None
        self.presence: Presence | None = None
        self.configs: Configs | None = None
        self.door_keys: DoorKeys | None = None

    # --- what others may ask ---------------------------------------------------------------------------

    @property
    def http_port(self) -> int:
        """The port of the pages, known after the start when the setting says 0."""
        return self.settings.http_port

    @property
    def mqtt_port(self) -> int:
        """The broker's port, known after the start when the setting says 0."""
        return self.settings.mqtt_port

    @property
    def public_url(self) -> str:
        """The address under which phones reach the pages."""
        return self.settings.public_url

    def configs_changed(self) -> None:
        """Terminals, placements, settings or cards changed: look at once what to tell the terminals."""
        for part in (self.configs, self.door_keys):
            if part is not None:
                part.poke()

    def troubles(self) -> Mapping[str, str]:
        """Parts that are not well, each with one sentence; empty when all is well."""
        found = {name: look() for name, look in self._troubles.items()}
        return {name: sentence for name, sentence in found.items() if sentence}

    def readings(self) -> dict[str, float]:
        """Every number of /metrics that this process can tell."""
        found = readings.of_store(self.database)
        found |= readings.of_intake(self.intake, now())
        if self.listener is not None:
            found |= readings.of_listener(self.listener.doings, connected=self.listener.connected)
        if self.presence is not None:
            found |= readings.of_presence(self.presence.doings)
        if self.broker is not None:
            found["taploop_broker_sessions"] = self.broker.sessions
        return found

    # --- start and stop --------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the ports, then the store, then start every part of the settings' roles.

        Raises SettingsError, PortTaken or StoreError with one sentence; nothing is left running then.
        """
        logs.configure(self.settings.log_format, self.settings.log_level)
        began = time.monotonic()
        try:
            self._start()
        except BaseException:
            self._ends.close()
            raise
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not walk it (p99 of a page 50 → 20 ms)
        _log.info(
            "hub.started",
            version=version(),
            roles=",".join(self.settings.roles),
            after_s=round(time.monotonic() - began, 2),
        )

    def stop(self) -> None:
        """Stop what was started, in the opposite order; what was taken in is committed."""
        self._ends.close()
        _log.info("hub.stopped")

    def _start(self) -> None:
        roles = self.settings.roles
        http = self._door(self.settings.http_host, "http_port") if "web" in roles else None
        embedded = self.settings.broker == "embedded" and "ingest" in roles
        mqtt = self._door(self.settings.mqtt_host, "mqtt_port") if embedded else None
        self._settle_addresses(http, mqtt)
        key = secret.load_or_make(self.settings.data_dir)
        self.database = self._open_store()
        self.live = Live()
        self.courier = self._make_courier() if "courier" in roles else None
        self.watch = self._make_watch() if "watch" in roles else None
        self.listener = self._make_listener(mqtt) if "ingest" in roles else None
        self.intake = Intake(
            self.database,
            now=now,
            send_receipt=self.listener.send_receipt if self.listener else _nobody_to_tell,
            on_commit=self.live.tell,
        )
        self.parts = Parts(self.settings, self.database, self.intake, self.live, now, key)
        self._begin("intake", self.intake)
        self._troubles["intake"] = lambda: self.intake.trouble
        for name, worker in (("courier", self.courier), ("watch", self.watch)):
            if worker is not None:
                self._begin(name, worker)
        if self.listener is not None:
            self._start_ingest(self.listener, embedded)
        if http is not None:
            self._serve(http)

    def _begin(self, name: str, part: Watch | Courier | Intake | Presence | Configs | DoorKeys) -> None:
        part.start()
        self._ends.callback(part.stop)
        _log.debug("part.started", part=name)

    def _door(self, host: str, setting: str) -> socket.socket:
        door = listen(host, getattr(self.settings, setting), setting)
        self._ends.callback(door.close)
        return door

    def _settle_addresses(self, http: socket.socket | None, mqtt: socket.socket | None) -> None:
        """Put the ports that were really opened, and the address for phones, into the settings."""
        found = {
            name: door.getsockname()[1] for name, door in (("http_port", http), ("mqtt_port", mqtt)) if door
        }
        self.settings = self.settings.model_copy(update=found)
        self.settings = self.settings.model_copy(update={"public_url": public_url(self.settings)})

    def _open_store(self) -> Database:
        database = Database(self.settings.database_url)
        self._ends.callback(database.close)
        if database.dialect == "sqlite" and not Path(database.url.database or "").exists():
            migrations.upgrade(database)
        migrations.check(database)
        self._troubles["store"] = lambda: readings.store_trouble(database)
        return database

    def _make_courier(self) -> Courier:
        return Courier(self.database, now=now, allow_private=self.settings.allow_private_sinks)

    def _make_watch(self) -> Watch:
        on_letters = self.courier.wake if self.courier else _nothing
        return Watch(
            self.database, now=now, live=self.live, on_letters=on_letters, public_url=self.public_url
        )

    def _make_listener(self, mqtt: socket.socket | None) -> Listener:
        settings = self.settings
        if mqtt is None:
            host = settings.mqtt_host or "127.0.0.1"
            address = Address(host, settings.mqtt_port, settings.mqtt_tls, settings.mqtt_ca_file)
            return Listener(address, settings.broker_password(), now=now, protocol="3.1.1")
        from hub.broker import EmbeddedBroker

        doorkeeper = Gatekeeper(self.database)
        self.broker = EmbeddedBroker(mqtt, doorkeeper)
        self.broker.start()
        self._ends.callback(self.broker.stop)
        host = settings.mqtt_host if settings.mqtt_host not in ("", "0.0.0.0", "::") else "127.0.0.1"  # noqa: S104 the same
        return Listener(Address(host, self.broker.port), doorkeeper.hub_password, now=now, protocol="3.1.1")

    def _start_ingest(self, listener: Listener, embedded: bool) -> None:
        beat = self.settings.heartbeat_after
        self.door_keys = DoorKeys(
            self.database, now=now, secret=self.parts.secret, send=listener.send_command
        )
        self.presence = Presence(
            self.database,
            now=now,
            live=self.live,
            heartbeat_after=beat,
            broker_is_new=embedded,
            on_birth=self.door_keys.born,
        )
        self.configs = Configs(
            self.database,
            now=now,
            send=listener.send_config,
            public_url=self.public_url,
            heartbeat_after=beat,
        )
        self._begin("door_keys", self.door_keys)
        self._begin("presence", self.presence)
        self._begin("configs", self.configs)
        listener.start(offer=self.intake.offer, hear=self.presence.hear, on_up=self.configs.publish_all)
        self._ends.callback(listener.stop)
        self._troubles["broker"] = lambda: "" if listener.connected else "no session with the MQTT broker"

    def _serve(self, door: socket.socket) -> None:
        from hub.serving import Serving
        from hub.web.application import application

        app = application(self.parts, troubles=self.troubles, readings=self.readings, version=version())
        serving = Serving(app, door, self.settings.trusted_proxies)
        serving.start()
        self._ends.callback(serving.stop)
        self._ends.callback(self.live.close)


def _nothing() -> None:
    """The couriers of another process look for letters by themselves."""


def _nobody_to_tell(_terminal: str, _receipt: object) -> None:
    """Without the role `ingest` no batches come in, so no receipts go out."""
