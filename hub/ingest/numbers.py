"""The small numbers by which rows are keyed, remembered so that a commit looks up only what is new.

In: names off the line. Out: numbers. After a transaction that was rolled back everything must be forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from hub.store import amendments, clock_samples, questionnaires, sites, stores, terminals, touchpoints
from hub.store.database import Connection
from link.messages import TapBatch
from link.questionnaire import SCALES, Scale

MOST_REMEMBERED = 200_000
ANY_RATING = (1 << 11) - 1
_WEB_STORE = "web"
_HOME = ZoneInfo("Asia/Shanghai")


class Numbers(dict[tuple[str, str, str], tuple[int, int]]):
    """As a mapping: (questionnaire, question, scale) → number and allowed ratings, one bit each."""

    def __init__(self) -> None:
        super().__init__()
        self._connection: Connection | None = None
        self._terminals: dict[str, int] = {}
        self._stores: dict[tuple[int, str], int] = {}
        self._boots: set[tuple[int, str]] = set()
        self.waiting: dict[int, set[int]] = {}
        """store_no → seqs that are replaced already and have not come in; nearly always empty."""
        self._zones: dict[int, ZoneInfo] = {}
        self.now = 0

    def use(self, connection: Connection, now: int) -> None:
        """Look up through this connection until the transaction ends; `now` in milliseconds UTC."""
        self._connection, self.now = connection, now
        if len(self) + len(self._stores) + len(self._boots) > MOST_REMEMBERED:
            self.forget()

    def forget(self) -> None:
        """Forget all: what was given in a transaction that was rolled back does not hold."""
        for remembered in (self, self._terminals, self._stores, self._boots, self._zones, self.waiting):
            remembered.clear()

    def terminal(self, terminal_id: str) -> int | None:
        """terminal_no, or None when the hub does not know this terminal."""
        number = self._terminals.get(terminal_id)
        if number is None:
            found = terminals.by_id(self._database(), terminal_id)
            if found is None:
                return None
            number = self._terminals[terminal_id] = found.terminal_no
        return number

    def store(self, terminal_no: int, store: str) -> int:
        """store_no, given on first sight; raises stores.TooManyStores."""
        number = self._stores.get((terminal_no, store))
        if number is None:
            number = stores.number_or_new(self._database(), terminal_no, store, self.now)
            self._stores[terminal_no, store] = number
            self.learn_waiting([number])
        return number

    def learn_waiting(self, store_nos: Collection[int]) -> None:
        """Look anew which taps of these stores are waited for."""
        found = amendments.waiting(self._database(), store_nos)
        for store_no in store_nos:
            self.waiting.pop(store_no, None)
        self.waiting |= found

    def web_store(self) -> int:
        """store_no of the survey page."""
        number = self._terminals.get(terminals.WEB)
        if number is None:
            number = self._terminals[terminals.WEB] = terminals.web(self._database(), self.now)
        return self.store(number, _WEB_STORE)

    def knows_boots(self, terminal_no: int, batch: TapBatch) -> bool:
        """Whether the boots that a batch could tell something about are known already."""
        known = self._boots
        return (terminal_no, batch.boot) in known and (terminal_no, batch.taps[-1].boot) in known

    def keep_boot(self, terminal_no: int, boot: str, started_at: int) -> None:
        """Remember when a boot began, the first time that it is known."""
        if (terminal_no, boot) not in self._boots:
            clock_samples.keep(self._database(), terminal_no, boot, started_at)
            self._boots.add((terminal_no, boot))

    def boot_started(self, terminal_no: int, boot: str) -> int | None:
        """When a boot began, ms UTC, or None."""
        return clock_samples.started_at(self._database(), terminal_no, boot)

    def zone(self, touchpoint_id: int) -> ZoneInfo:
        """The time zone of the touchpoint's site."""
        if touchpoint_id not in self._zones:
            touchpoint = touchpoints.by_id(self._database(), touchpoint_id)
            site = sites.by_id(self._database(), touchpoint.site_id) if touchpoint else None
            self._zones[touchpoint_id] = ZoneInfo(site.timezone) if site else _HOME
        return self._zones[touchpoint_id]

    def __missing__(self, key: tuple[str, str, str]) -> tuple[int, int]:
        questionnaire, question, scale = key
        number = questionnaires.question_no(self._database(), questionnaire, question, scale)
        found = self[key] = (number, self._ratings(questionnaire, question, scale))
        return found

    def _ratings(self, questionnaire: str, question: str, scale: str) -> int:
        published = questionnaires.by_name(self._database(), questionnaire)
        asked = [q.scale for q in published.questions if q.id == question] if published else []
        known: Scale | None = next((s for s in asked if s.id == scale), SCALES.get(scale))
        return sum(1 << value for value in known.values()) if known else ANY_RATING

    def _database(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("use() was not called")
        return self._connection
