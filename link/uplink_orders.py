"""What the hub asks of a terminal: configs and commands, each carried out once and answered.

In: payloads of `down/config` and `down/commands`. Out: replies, and whether taps are due again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from link import messages
from link.clock import Reading
from link.messages import VERSION, BadMessage, Command, Config, Reply
from link.outbox import Outbox

log = structlog.get_logger("link.orders")
HEARTBEAT_AFTER_S = 300.0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an order. `due_again`: taps were reopened; `report`: a heartbeat is wanted now."""

    reply: Reply | None = None
    due_again: bool = False
    report: bool = False


class Orders:
    """Carries out what the hub asks. `revision` is that of the config in force, 0 when there is none."""

    def __init__(
        self,
        outbox: Outbox,
        on_config: Callable[[Config], str | None],
        revision: int,
        on_door_key: Callable[[Command], str | None] | None = None,
    ) -> None:
        self.revision = revision
        self.heartbeat_after_s = HEARTBEAT_AFTER_S
        self._outbox = outbox
        self._on_config = on_config
        self._on_door_key = on_door_key

    def config(self, payload: bytes) -> Done:
        """Bring a config into force, or say why not. The one in force is not brought in again."""
        try:
            config = messages.decode(Config, payload)
        except BadMessage as error:
            return Done(_refusal("config", str(error)))
        if config.revision == self.revision:
            self.heartbeat_after_s = float(config.heartbeat_after)
            return Done()
        refused = self._on_config(config)
        if refused is not None:
            log.error("config.refused", revision=config.revision, error=refused)
            return Done(_refusal(f"config-{config.revision}", refused))
        log.info("config.taken", revision=config.revision, before=self.revision)
        self.revision = config.revision
        self.heartbeat_after_s = float(config.heartbeat_after)
        return Done(report=True)

    def command(self, payload: bytes, reading: Reading) -> Done:
        """Carry out a command, unless it has expired by a clock that can tell."""
        try:
            command = messages.decode(Command, payload)
        except BadMessage as error:
            return Done(_refusal(messages.id_in(payload), str(error)))
        if reading.trusted and reading.wall > command.expires_at:
            return Done(_refusal(command.id, "expired before it arrived"))
        log.info("command.taken", command=command.id, op=command.op)
        if command.op == "resend":
            return self._resend(command)
        if command.op == "door_key":
            return self._door_key(command)
        return Done(Reply(VERSION, command.id, ok=True), report=command.op == "report")

    def _door_key(self, command: Command) -> Done:
        """Hand on the key, which stands in no log."""
        if self._on_door_key is None:
            return Done(_refusal(command.id, "this terminal shows no rotating QR"))
        refused = self._on_door_key(command)
        if refused is not None:
            return Done(_refusal(command.id, refused))
        return Done(Reply(VERSION, command.id, ok=True))

    def _resend(self, command: Command) -> Done:
        store = command.store or self._outbox.store
        reopened = self._outbox.reopen(command.ranges, store=store)
        log.info("taps.due_again", store=store, ranges=command.ranges, taps=reopened)
        if not reopened and not self._outbox.holds(store):
            return Done(_refusal(command.id, f"this terminal does not hold store {store}"))
        return Done(Reply(VERSION, command.id, ok=True), due_again=True, report=True)


def _refusal(order: str, why: str) -> Reply:
    return Reply(VERSION, order[:64] or "unknown", ok=False, error=why[:1000])
