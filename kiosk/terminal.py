"""The kiosk without its window: identity, memory, outbox, keeper, uplink.

In: answers of the screen, configs of the hub. Out: events for the screen, through the inbox. Nothing here
makes the screen wait: not the network, not a slow disk, not a missing identity.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from kiosk.address import local_address
from kiosk.content import Ask, ask_from, texts
from kiosk.coverage import missing
from kiosk.inbox import Inbox
from kiosk.keeper import Keeper, trouble_of
from kiosk.memory import Memory
from kiosk.stages import ConfigChanged, Event, Keep, Kept, Link, LinkChanged, StoreLost, StoreReady
from link.clock import Reading
from link.identity import Identity, IdentityError
from link.machine import MachineClock, machine_id
from link.messages import Config
from link.outbox import Outbox, OutboxError
from link.questionnaire import BadQuestionnaire
from link.uplink import Uplink, UplinkStatus

log = structlog.get_logger("kiosk.terminal")
LOOK_EVERY = 3.0
"""Seconds between looks at what tells nobody when it changes: the address, an identity file that appears."""


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
        self._taken: tuple[Keep, Reading] | None = None
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._look_around, name="kiosk-watch", daemon=True)
        self.duplicate_touches = 0

    def start(self) -> tuple[Ask | None, Link]:
        """Open what is there; return what to ask (from memory) and how the line stands."""
        ask = self._adopt() if self._load_identity() else None
        self._watch.start()
        return ask, self.link()

    def stop(self) -> None:
        """Keep what was answered, say goodbye to the hub, close the store."""
        self._stopping.set()
        self._watch.join()
        if self._keeper:
            self._keeper.stop()
        if self._uplink:
            self._uplink.stop()
        if self._outbox:
            self._outbox.close()

    def keep(self, keep: Keep) -> None:
        """Put an answer on disk under the clock reading of its touch; the inbox gets the outcome."""
        if self._taken is None or self._taken[0] != keep:
            self._taken = (keep, self._clock.read())
        if self._keeper is None:
            self._inbox.put(StoreLost("broken"))
        else:
            self._keeper.keep(*self._taken)

    def open_store(self) -> None:
        """Try to open the outbox again, without making anybody wait."""
        threading.Thread(target=self._open, name="kiosk-store", daemon=True).start()

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

    def _adopt(self) -> Ask | None:
        """Become the terminal that the identity names: its memory, its store, its line."""
        assert self._identity is not None  # noqa: S101 both callers have just loaded it
        self._memory = Memory(self._place.data, self._identity.terminal)
        ask: Ask | None = None
        config = self._memory.recall()
        if config is not None:
            try:
                ask, self._revision = ask_from(config), config.revision
            except BadQuestionnaire as error:
                log.warning("the remembered config cannot be asked", error=str(error))
        self._open()
        return ask

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
            duplicate_touches=lambda: self.duplicate_touches,
            config_revision=self._revision,
        )
        self._keeper = Keeper(outbox, identity.terminal, self._tell)
        self._keeper.start()
        self._uplink.start()

    def _tell(self, event: Event) -> None:
        if isinstance(event, Kept) and self._uplink:
            self._uplink.wake()
        self._inbox.put(event)

    def _tell_link(self) -> None:
        self._inbox.put(LinkChanged(self.link()))

    def _take(self, config: Config) -> str | None:
        """A config off the line: refused with the place that is wrong, or remembered and shown."""
        try:
            ask = ask_from(config)
        except BadQuestionnaire as error:
            return str(error)
        if self._memory:
            try:
                self._memory.remember(config)
            except OSError as error:
                log.warning("the config will be forgotten at the next start", error=str(error))
        if ask and (boxes := missing(texts(ask))):
            log.warning("the font lacks characters", characters=boxes)
        log.info("config taken", revision=config.revision, questionnaire=ask.questionnaire if ask else "")
        self._inbox.put(ConfigChanged(ask))
        return None

    def _look_around(self) -> None:
        seen = self.link()
        while not self._stopping.wait(LOOK_EVERY):
            if self._identity is None and self._load_identity():
                self._inbox.put(ConfigChanged(self._adopt()))
            if (link := self.link()) != seen:
                seen = link
                self._inbox.put(LinkChanged(link))
