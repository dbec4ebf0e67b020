"""What each terminal shall be: its question, touchpoint and QR address, retained on the broker.

In: placements and what `hub.ingest.config_content` makes of the store. Out: one retained Config a terminal,
whose revision grows with its content. Looked at again when poked, every 30 s, and on every connect.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import structlog

from hub.ingest import config_content
from hub.ingest.config_content import Content
from hub.ingest.looking import Looking
from hub.store import placements, terminals
from hub.store.database import Connection, Database
from link import messages
from link.messages import Config

_log = structlog.get_logger("hub.configs")
Send = Callable[[str, bytes], bool]


@dataclass(frozen=True, slots=True)
class _Wanted:
    terminal: terminals.TerminalRow
    content: Config
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Look:
    wanted: list[_Wanted]
    here: frozenset[str]
    """Ids of all terminals in use, also of those for which no config can be made."""
    troubles: frozenset[tuple[int, str]]


class Configs:
    """Keeps the broker's retained configs what the store says. `poke` after a change; any thread."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], int],
        send: Send,
        public_url: str,
        heartbeat_after: int,
    ) -> None:
        self._database, self._now, self._send = database, now, send
        self._public_url, self._heartbeat_after = public_url, heartbeat_after
        self._published: dict[str, str] = {}
        self._told: frozenset[tuple[int, str]] = frozenset()
        self._all_again = False
        self._looking = Looking("configs", self._look)

    def start(self) -> None:
        """Begin to look."""
        self._looking.start()

    def stop(self) -> None:
        """End; what is retained stays."""
        self._looking.stop()

    def poke(self) -> None:
        """Something that a config is made of has changed."""
        self._looking.poke()

    def publish_all(self) -> None:
        """The broker may have forgotten everything: send every config again."""
        self._all_again = True
        self._looking.poke()

    def _look(self) -> bool:
        """Publish what differs from what was published; False when the broker did not take all of it."""
        if self._all_again:
            self._all_again = False
            self._published.clear()
        with self._database.reading() as connection:
            look = self._wanted(connection)
        self._tell(look.troubles)
        changed = [
            one for one in look.wanted if self._published.get(one.terminal.terminal_id) != one.fingerprint
        ]
        revisions = self._revisions(changed)
        taken = [self._publish(one, revisions[one.terminal.terminal_no]) for one in changed]
        for terminal in set(self._published) - look.here:
            if self._send(terminal, b""):
                del self._published[terminal]
        return all(taken)

    def _tell(self, troubles: frozenset[tuple[int, str]]) -> None:
        """Log each trouble when it begins, and when it is over."""
        for touchpoint, what in sorted(troubles - self._told):
            _log.warning("config.trouble", touchpoint=touchpoint, what=what)
        for touchpoint, what in sorted(self._told - troubles):
            _log.info("config.trouble_over", touchpoint=touchpoint, what=what)
        self._told = troubles

    def _publish(self, wanted: _Wanted, revision: int) -> bool:
        terminal = wanted.terminal.terminal_id
        config = msgspec.structs.replace(wanted.content, revision=revision)
        if not self._send(terminal, messages.encode(config)):
            return False
        self._published[terminal] = wanted.fingerprint
        _log.info("config.sent", terminal=terminal, revision=revision)
        return True

    def _revisions(self, changed: list[_Wanted]) -> dict[int, int]:
        same = {one.terminal.terminal_no: one.terminal.config_revision for one in changed}
        if all(one.fingerprint == one.terminal.config_fingerprint for one in changed):
            return same
        with self._database.writing() as connection:
            for one in changed:
                number = one.terminal.terminal_no
                row = terminals.by_no(connection, number) or one.terminal
                same[number] = terminals.config_revision(connection, row, one.fingerprint)
        return same

    def _wanted(self, connection: Connection) -> _Look:
        where = placements.current(connection)
        made: dict[int | None, Content] = {}
        wanted, here = [], []
        for terminal in terminals.every(connection):
            if terminal.kind == terminals.WEB:
                continue
            here.append(terminal.terminal_id)
            touchpoint = where.get(terminal.terminal_no)
            if touchpoint not in made:
                made[touchpoint] = self._content(connection, touchpoint)
            config = made[touchpoint].config
            if config is not None:
                wanted.append(_Wanted(terminal, config, messages.fingerprint(messages.encode(config))))
        troubles = ((at or 0, what) for at, content in made.items() for what in content.troubles)
        return _Look(wanted, frozenset(here), frozenset(troubles))

    def _content(self, connection: Connection, touchpoint_id: int | None) -> Content:
        return config_content.of_touchpoint(
            connection,
            touchpoint_id,
            hub_url=self._public_url,
            heartbeat_after=self._heartbeat_after,
            now=self._now(),
        )
