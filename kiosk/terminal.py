"""The kiosk without its window: identity, memory, outbox, keeper, uplink, photos.

In: answers of the screen, configs of the hub. Out: events for the screen, through the inbox. Nothing here
makes the screen wait: not the network, not a slow disk, not a missing identity.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog

from kiosk.address import local_address
from kiosk.content import BadConfig, Plan, plan_from, plan_texts
from kiosk.coverage import missing
from kiosk.events import (
    CheckPin,
    ConfigChanged,
    Door,
    DoorChanged,
    Event,
    Keep,
    Kept,
    Link,
    LinkChanged,
    PhotosChanged,
    PinChecked,
    StoreLost,
    StoreReady,
)
from kiosk.health import temperature
from kiosk.inbox import Inbox
from kiosk.keeper import Keeper, trouble_of
from kiosk.lookout import Lookout
from kiosk.memory import Memory
from kiosk.photos import Photos
from kiosk.staff_acts import AnswersWait, pair_anew
from kiosk.stages import Counts
from link import staff_pin
from link.clock import Reading
from link.identity import Identity, IdentityError
from link.machine import MachineClock, machine_id
from link.messages import Command, Config
from link.outbox import Outbox, OutboxError
from link.uplink import Uplink, UplinkStatus

log = structlog.get_logger("kiosk.terminal")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the terminal's files are."""

    identity: Path
    data: Path

    @property
    def outbox(self) -> Path:
        """The file of the durable queue."""
        return self.data / "outbox.db"


class Terminal:
    """Everything behind the screen. `start` once, `stop` once."""

    def __init__(self, place: Place, clock: MachineClock, inbox: Inbox, software: str) -> None:
        self._place, self._clock, self._inbox, self._software = place, clock, inbox, software
        self._identity: Identity | None = None
        self._problem = ""
        self._memory: Memory | None = None
        self._outbox: Outbox | None = None
        self._keeper: Keeper | None = None
        self._uplink: Uplink | None = None
        self._revision = 0
        self._readings: dict[int, Reading] = {}
        self._photos = Photos(place.data / "photos", lambda here: inbox.put(PhotosChanged(here)))
        self._lookout = Lookout(self, clock, inbox)
        self.counts = Counts()
        """Touches that became no tap, as the screen last told."""
        self.store_answered: Callable[[], None] = lambda: None
        """Called whenever the store has answered; the watchdog listens."""

    def start(self) -> tuple[Plan | None, Link]:
        """Open what is there; return what to ask (from memory) and how the line stands."""
        self._photos.start()
        plan = self._adopt() if self._load_identity() else None
        self._lookout.start()
        return plan, self.link()

    def stop(self) -> None:
        """Keep what was answered, say goodbye to the hub, close the store."""
        self._lookout.stop()
        self._photos.stop()
        if self._keeper:
            self._keeper.stop()
        if self._uplink:
            self._uplink.stop()
        if self._outbox:
            self._outbox.close()

    # --- what the screen asks for ---------------------------------------------------------------------

    def keep(self, keep: Keep) -> None:
        """Put an answer on disk under the clock reading of its touch; the inbox gets the outcome."""
        reading = self._readings.setdefault(keep.number, self._clock.read())
        if self._keeper is None:
            self._inbox.put(StoreLost("broken"))
        else:
            self._keeper.keep(keep, reading)

    def open_store(self) -> None:
        """Try to open the outbox again, without making anybody wait."""
        threading.Thread(target=self._open, name="kiosk-store", daemon=True).start()

    def check_pin(self, check: CheckPin) -> None:
        """Compare a PIN with its hash, which takes a while; the inbox gets the outcome."""

        def compare() -> None:
            self._inbox.put(PinChecked(staff_pin.is_right(check.pin, check.kept)))

        threading.Thread(target=compare, name="kiosk-pin", daemon=True).start()

    def examine(self) -> None:
        """Look at the machine; the inbox gets the figures."""
        self._lookout.examine(self._place.data, self._software, self._status(), self._revision)

    def forget_identity(self, sure: bool) -> bool:
        """Set the identity aside for the next start; False, with the reason on the screen, when not."""
        try:
            pair_anew(
                self._place.identity, pending=self.link().pending, sure=sure, at=self._clock.read().wall
            )
            if self._memory:
                self._memory.forget()
        except (OSError, AnswersWait) as error:
            self._problem = str(error)
            log.error("identity not set aside", error=str(error))
            self._inbox.put(LinkChanged(replace(self.link(), last_error=str(error))))
            return False
        log.warning("identity set aside", terminal=self._identity.terminal if self._identity else "")
        return True

    # --- how it stands --------------------------------------------------------------------------------

    def link(self) -> Link:
        """How this terminal stands with its hub."""
        identity = self._identity
        if identity is None:
            return Link(paired=False, address=local_address(), last_error=self._problem)
        status = self._status()
        return Link(
            online=bool(status and status.hub_online),
            pending=status.pending if status else 0,
            terminal=identity.terminal,
            address=local_address(identity.hub_host),
            hub=f"{identity.hub_host}:{identity.hub_port}",
            last_error=(status.last_error if status else "") or self._problem,
        )

    def look(self) -> None:
        """Take up an identity that has appeared; have the store answer."""
        if self._identity is None and self._load_identity():
            self._inbox.put(ConfigChanged(self._adopt()))
        if self._keeper is None:
            self.store_answered()
        else:
            self._keeper.probe()

    # --- inside ---------------------------------------------------------------------------------------

    def _status(self) -> UplinkStatus | None:
        if self._uplink is None:
            return None
        try:
            status = self._uplink.status()
        except OutboxError as error:
            self._problem = str(error)
            return None
        self._problem = ""
        return status

    def _load_identity(self) -> bool:
        try:
            self._identity = Identity.load(self._place.identity)
            self._problem = ""
        except IdentityError as error:
            self._problem = str(error)
        return self._identity is not None

    def _adopt(self) -> Plan | None:
        """Become the terminal that the identity names: its memory, its store, its line."""
        assert self._identity is not None  # noqa: S101 both callers have just loaded it
        self._memory = Memory(self._place.data, self._identity.terminal)
        plan: Plan | None = None
        config = self._memory.recall()
        if config is not None:
            try:
                plan, self._revision = plan_from(config), config.revision
                self._photos.want(plan.hub_url, plan.cards)
            except BadConfig as error:
                log.warning("the remembered config cannot be asked", error=str(error))
        if (door := self._memory.recall_door()) is not None:
            self._inbox.put(DoorChanged(door))
        self._open()
        return plan

    def _open(self) -> None:
        identity = self._identity
        if identity is None or self._outbox is not None:
            return
        try:
            self._place.data.mkdir(parents=True, exist_ok=True)
            outbox = Outbox.open(self._place.outbox, machine=machine_id(), terminal=identity.terminal)
        except (OutboxError, OSError) as error:
            self._problem = str(error)
            log.error("no store", terminal=identity.terminal, error=str(error))
            self._inbox.put(StoreLost(trouble_of(error)))
            return
        self._problem = ""
        self._outbox = outbox
        self._connect(identity, outbox)
        self._inbox.put(StoreReady())

    def _connect(self, identity: Identity, outbox: Outbox) -> None:
        self._uplink = Uplink(
            identity,
            outbox,
            self._clock,
            software=self._software,
            on_config=self._take,
            on_change=self._tell_link,
            on_door_key=self._take_door_key,
            temperature=temperature,
            duplicate_touches=lambda: self.counts.duplicate,
            counts=lambda: {reason: many for reason, many in asdict(self.counts).items() if many},
            config_revision=self._revision,
        )
        self._keeper = Keeper(outbox, identity.terminal, self._tell, self._answered)
        self._keeper.start()
        self._uplink.start()

    def _tell(self, event: Event) -> None:
        if isinstance(event, Kept):
            self._readings.pop(event.number, None)
            if self._uplink:
                self._uplink.wake()
        self._inbox.put(event)

    def _answered(self) -> None:
        self.store_answered()

    def _tell_link(self) -> None:
        self._inbox.put(LinkChanged(self.link()))

    def _take(self, config: Config) -> str | None:
        """A config off the line: refused with the place that is wrong, or remembered and shown."""
        try:
            plan = plan_from(config)
        except BadConfig as error:
            return str(error)
        if self._memory:
            try:
                self._memory.remember(config)
            except OSError as error:
                log.warning("the config will be forgotten at the next start", error=str(error))
        if boxes := missing(plan_texts(plan)):
            log.warning("the font lacks characters", characters=boxes)
        log.info("config taken", revision=config.revision, asks=sorted(plan.names))
        self._revision = config.revision
        self._photos.want(plan.hub_url, plan.cards)
        self._inbox.put(ConfigChanged(plan))
        return None

    def _take_door_key(self, command: Command) -> str | None:
        """The key of the rotating QR: refused with the reason, or remembered and used."""
        try:
            door = Door(bytes.fromhex(command.key), command.label, command.valid_until)
        except ValueError:
            return "key: not hexadecimal"
        if len(door.key) < 16 or not door.label:
            return "key: too short" if door.label else "label: empty"
        if self._memory:
            try:
                self._memory.remember_door(door)
            except OSError as error:
                log.warning("the door key will be forgotten at the next start", error=str(error))
        self._inbox.put(DoorChanged(door))
        return None
