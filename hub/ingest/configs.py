"""What each terminal shall be: its question, touchpoint and QR address, retained on the broker.

In: placements, touchpoints, questionnaires and labels as they are in the store. Out: one retained Config a
terminal, whose revision grows with its content. Looked at again when poked, every 30 s, and on every connect.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

import msgspec
import structlog

from hub.store import labels, placements, places, questionnaires, sites, terminals, touchpoints
from hub.store.database import Connection, Database
from link import messages
from link import questionnaire as model
from link.messages import Config

LOOK_EVERY_S = 30.0
RETRY_AFTER_S = 1.0
_log = structlog.get_logger("hub.configs")
Send = Callable[[str, bytes], bool]


@dataclass(frozen=True, slots=True)
class _Wanted:
    terminal: terminals.TerminalRow
    content: Config
    fingerprint: str


class Configs:
    """Keeps the broker's retained configs what the store says. `poke` after a change; any thread."""

    def __init__(self, database: Database, *, send: Send, public_url: str, heartbeat_after: int) -> None:
        self._database, self._send = database, send
        self._public_url, self._heartbeat_after = public_url, heartbeat_after
        self._published: dict[str, str] = {}
        self._all_again = self._stopping = False
        self._news = Event()
        self._thread = Thread(target=self._run, name="configs", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is retained stays."""
        self._stopping = True
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()

    def poke(self) -> None:
        """Something that a config is made of has changed."""
        self._news.set()

    def publish_all(self) -> None:
        """The broker may have forgotten everything: send every config again."""
        self._all_again = True
        self._news.set()

    def _run(self) -> None:
        pause = LOOK_EVERY_S
        while not self._stopping:
            self._news.wait(pause)
            self._news.clear()
            if self._stopping:
                return
            try:
                pause = LOOK_EVERY_S if self._look() else RETRY_AFTER_S
            except Exception as error:  # noqa: BLE001 the store is away or holds nonsense: told, and looked at again
                _log.error("configs.unmade", error=str(error))
                pause = LOOK_EVERY_S

    def _look(self) -> bool:
        """Publish what differs from what was published; False when the broker did not take all of it."""
        if self._all_again:
            self._all_again = False
            self._published.clear()
        with self._database.reading() as connection:
            wanted = self._wanted(connection)
        changed = [one for one in wanted if self._published.get(one.terminal.terminal_id) != one.fingerprint]
        revisions = self._revisions(changed)
        taken = [self._publish(one, revisions[one.terminal.terminal_no]) for one in changed]
        gone = set(self._published) - {one.terminal.terminal_id for one in wanted}
        for terminal in gone:
            if self._send(terminal, b""):
                del self._published[terminal]
        return all(taken)

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

    def _wanted(self, connection: Connection) -> list[_Wanted]:
        where = placements.current(connection)
        made: dict[int | None, Config] = {}
        found = []
        for terminal in terminals.every(connection):
            if terminal.kind == terminals.WEB:
                continue
            touchpoint = where.get(terminal.terminal_no)
            if touchpoint not in made:
                made[touchpoint] = self._content(connection, touchpoint)
            content = made[touchpoint]
            found.append(_Wanted(terminal, content, messages.fingerprint(messages.encode(content))))
        return found

    def _content(self, connection: Connection, touchpoint_id: int | None) -> Config:
        touchpoint = touchpoints.by_id(connection, touchpoint_id) if touchpoint_id is not None else None
        if touchpoint is None:
            return Config(messages.VERSION, 0, heartbeat_after=self._heartbeat_after)
        site = sites.by_id(connection, touchpoint.site_id)
        asked = questionnaires.effective_for(connection, touchpoint.touchpoint_id)
        label = next(iter(labels.of_touchpoint(connection, touchpoint.touchpoint_id)), "")
        return Config(
            messages.VERSION,
            0,
            touchpoint=_named(connection, touchpoint, label),
            questionnaire=msgspec.Raw(model.encode(asked) if asked else b"null"),
            survey_url=f"{self._public_url}/t/{label}" if label else "",
            hotline=site.hotline if site else "",
            heartbeat_after=self._heartbeat_after,
        )


def _named(connection: Connection, touchpoint: touchpoints.TouchpointRow, label: str) -> dict[str, str]:
    above = places.path(connection, touchpoint.place_id) if touchpoint.place_id is not None else []
    place = {
        language: " ".join(model.say(one.name, language) for one in above) for language in ("zh-CN", "en")
    }
    return {
        "name": model.say(touchpoint.name, "zh-CN"),
        "name_en": model.say(touchpoint.name, "en"),
        "place": place["zh-CN"],
        "place_en": place["en"],
        "label": label,
    }
