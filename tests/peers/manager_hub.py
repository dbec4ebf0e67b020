"""A hub with its pages, its store and its intake, without a broker; and an estate to fill it with.

The clock is the test's: it stands at Monday 23 November 2026, 20:00 in Shanghai, until the test moves it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from threading import Event
from zoneinfo import ZoneInfo

import pytest
import requests
from fastapi import FastAPI

from hub import passwords
from hub.ingest.intake import Arrival, Intake
from hub.listening import listen
from hub.live import Live
from hub.parts import Parts
from hub.serving import Serving
from hub.settings import Settings
from hub.starter_set.planting import Planted, plant
from hub.store import migrations, people, placements, places, presence, questionnaires, sites, terminals
from hub.store.database import Database
from hub.web.headers import SafeHeaders
from hub.web.manager import routes
from link import messages, topics
from link.messages import State, StoreState, Tap, TapBatch

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = int(datetime(2026, 11, 23, 20, 0, tzinfo=SHANGHAI).timestamp() * 1000)
PASSWORD = "correct horse battery"
HOUR = 3_600_000
DAY = 24 * HOUR
SITE = {"zh-CN": "云栖花园", "en": "Yunqi Gardens"}


_hashed = cache(passwords.hashed)


class ManagerHub:
    """The running pages with everything behind them."""

    def __init__(self, database: Database, live: Live, intake: Intake) -> None:
        self.database = database
        self.live = live
        self.intake = intake
        self.clock = START
        self.url = ""
        self.site_id = 0
        self.planted: list[Planted] = []
        self._seqs: dict[str, int] = {}

    def now(self) -> int:
        return self.clock

    # --- people -------------------------------------------------------------------------------------
    def person(self, name: str, role: people.Role, password: str = PASSWORD) -> int:
        """Add a person with a password, unless the name is there already."""
        with self.database.writing() as connection:
            known = people.named(connection, name)
            if known is not None:
                return known.user_id
            return people.add_user(connection, name, role, self.clock, _hashed(password))

    def link(self, user_id: int, lifetime_ms: int = 600_000) -> str:
        """The address of a one-time sign-in link."""
        with self.database.writing() as connection:
            return f"{self.url}/sign-in/{people.sign_in_link(connection, user_id, self.clock, lifetime_ms)}"

    # --- the estate ---------------------------------------------------------------------------------
    def plant(self) -> None:
        """A site with the starter set's tree."""
        with self.database.writing() as connection:
            self.site_id = sites.create(connection, name=SITE, now=self.clock, households=1260)
            whole = places.create(connection, site_id=self.site_id, kind="estate", name=SITE)
            home = {"zh-CN": "3 号楼", "en": "Building 3"}
            b3 = places.create(connection, site_id=self.site_id, kind="building", name=home, parent_id=whole)
            self.planted = plant(connection, self.site_id, {"b3": b3}, self.clock)

    def at(self, touchpoint: str) -> int:
        """The touchpoint of this Chinese name."""
        return next(one.touchpoint_id for one in self.planted if one.name["zh-CN"] == touchpoint)

    def terminal(self, terminal_id: str, touchpoint: str, name: str = "") -> None:
        """Put a terminal at a touchpoint, for the last hundred days."""
        with self.database.writing() as connection:
            number = terminals.create(
                connection, terminal_id=terminal_id, kind="kiosk", now=self.clock, name=name
            )
            placements.place_terminal(connection, number, self.at(touchpoint), self.clock - 100 * DAY)

    def hear(self, terminal_id: str, state: State) -> None:
        """Take in a birth, heartbeat or will."""
        with self.database.writing() as connection:
            row = terminals.by_id(connection, terminal_id)
            assert row is not None
            presence.state_heard(connection, row.terminal_no, state, self.clock)
        self.live.tell()

    def birth(
        self, terminal_id: str, store: StoreState | None = None, troubles: tuple[str, ...] = ()
    ) -> None:
        """Say that a terminal is there and well, or not so well."""
        self.hear(
            terminal_id,
            State(
                v=messages.VERSION,
                kind="birth",
                session="s1",
                at=self.clock,
                uptime=HOUR,
                trusted="clock_untrusted" not in troubles,
                software="0.1.0",
                store=store,
                disk_free=23_400_000_000,
                troubles=troubles,
            ),
        )

    # --- taps ---------------------------------------------------------------------------------------
    def tap(self, terminal_id: str, *ratings: int, at: int | None = None, **fields: object) -> None:
        """Let a terminal hand in taps made at `at` (now), and wait until they are committed."""
        self.taps(terminal_id, [(self.clock if at is None else at, rating) for rating in ratings], **fields)

    def taps(self, terminal_id: str, made: list[tuple[int, int]], **fields: object) -> None:
        """Let a terminal hand in (tapped_at, rating) and wait until they are committed."""
        asked = {
            "questionnaire": self._questionnaire(terminal_id),
            "question": "satisfied",
            "scale": "faces-5",
        }
        taps = []
        for at, rating in made:
            self._seqs[terminal_id] = seq = self._seqs.get(terminal_id, 0) + 1
            day = int(datetime.fromtimestamp(at / 1000, SHANGHAI).strftime("%Y%m%d"))
            frozen = {"seq": seq, "tapped_at": at, "uptime": at, "boot": "b1", "trusted": True, "day": day}
            taps.append(Tap(rating=rating, **(frozen | asked | fields)))  # type: ignore[arg-type]
        self.hand_in(terminal_id, taps)

    def hand_in(self, terminal_id: str, taps: list[Tap], store: str = "outbox-1") -> None:
        """Offer taps to the intake in batches and wait for their commit."""
        waiting = []
        for start in range(0, len(taps), messages.MAX_TAPS):
            some = tuple(taps[start : start + messages.MAX_TAPS])
            batch = TapBatch(messages.VERSION, store, "b1", self.clock, self.clock, True, some)
            committed = Event()
            waiting.append(committed)
            payload = messages.encode(batch)
            self.intake.offer(
                Arrival(terminal_id, topics.taps(terminal_id), payload, self.clock, committed.set)
            )
        assert all(committed.wait(20) for committed in waiting)

    def _questionnaire(self, terminal_id: str) -> str:
        with self.database.reading() as connection:
            row = terminals.by_id(connection, terminal_id)
            assert row is not None
            where = placements.at(connection, row.terminal_no, self.clock)
            asked = questionnaires.effective_for(connection, where or 0)
        return asked.name if asked else "none@1"


class Visit(requests.Session):
    """A browser without scripts: cookies, forms, no redirects followed unless asked."""

    def __init__(self, hub: ManagerHub, language: str = "en") -> None:
        super().__init__()
        self.hub = hub
        self.headers["Accept-Language"] = language

    def see(self, path: str, **options: object) -> requests.Response:
        """GET a page."""
        return self.get(self.hub.url + path, allow_redirects=False, timeout=20, **options)  # type: ignore[arg-type]

    def submit(self, path: str, csrf: str | None = None, **fields: str) -> requests.Response:
        """POST a form; `csrf` as the page of the same form gave it."""
        data = fields | ({"csrf": csrf} if csrf is not None else {})
        return self.post(self.hub.url + path, data=data, allow_redirects=False, timeout=20)

    def csrf(self, path: str) -> str:
        """The word that the forms of a page carry."""
        return re.findall(r'name="csrf" value="([^"]+)"', self.see(path).text)[0]

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> requests.Response:
        """Fill in the sign-in form."""
        return self.submit("/sign-in", self.csrf("/sign-in"), name=name, password=password, **fields)


@contextmanager
def visit(hub: ManagerHub, name: str = "", **options: str) -> Iterator[Visit]:
    """A visit, signed in when a name is given."""
    with Visit(hub, **options) as someone:
        if name:
            assert someone.sign_in(name).status_code == 303
        yield someone


def some_weeks(hub: ManagerHub, terminal_id: str, per_day: int, upset: float, days: int = 14) -> None:
    """A believable past: a morning and an evening peak, and a share of people who are not content."""
    chance = Random(f"{terminal_id}/{per_day}")
    made = []
    for day in range(days):
        midnight = hub.clock - hub.clock % DAY - 8 * HOUR - day * DAY
        for _ in range(per_day):
            at = midnight + int(chance.choice((8, 8, 9, 12, 18, 18, 19)) * HOUR + chance.random() * HOUR)
            bad = chance.random() < upset
            rating = chance.choice((1, 2, 2)) if bad else chance.choice((3, 4, 4, 4, 5, 5, 5, 5))
            if at < hub.clock:
                made.append((at, rating))
    hub.taps(terminal_id, sorted(made))


@contextmanager
def running(folder: Path, **settings: object) -> Iterator[ManagerHub]:
    """The pages on a free port, over an empty store in `folder`."""
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    migrations.upgrade(database)
    live = Live()
    hub: ManagerHub
    intake = Intake(
        database, now=lambda: hub.clock, send_receipt=lambda _terminal, _receipt: None, on_commit=live.tell
    )
    hub = ManagerHub(database, live, intake)
    intake.start()
    configured = Settings(data_dir=folder, **settings)  # type: ignore[arg-type]
    app = FastAPI(openapi_url=None)
    app.include_router(routes.router(Parts(configured, database, intake, live, hub.now, b"s" * 32)))
    app.add_middleware(SafeHeaders)
    door = listen("127.0.0.1", 0, "http_port")
    hub.url = f"http://127.0.0.1:{door.getsockname()[1]}"
    serving = Serving(app, door, ("127.0.0.1",))
    serving.start()
    try:
        yield hub
    finally:
        serving.stop()
        intake.stop()
        database.close()


@pytest.fixture
def manager_hub(tmp_path: Path, _sqlite_template: Path) -> Iterator[ManagerHub]:
    """Pages over an empty store."""
    shutil.copy(_sqlite_template, tmp_path / "hub.db")
    with running(tmp_path) as hub:
        yield hub


@pytest.fixture(scope="session")
def manager_estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ManagerHub]:
    """Pages over an estate with a past; tests may add to it and change nothing."""
    with running(tmp_path_factory.mktemp("estate")) as hub:
        hub.plant()
        for terminal_id, touchpoint, per_day, upset in (
            ("kiosk-lobby", "3 号楼大堂", 60, 0.05),
            ("kiosk-gate", "南门人行闸", 40, 0.10),
            ("kiosk-lift", "3 号楼 1 单元客梯 A", 50, 0.34),
        ):
            hub.terminal(terminal_id, touchpoint, f"{touchpoint}触摸屏")
            some_weeks(hub, terminal_id, per_day, upset)
            hub.birth(terminal_id)
        for name, role in (
            ("Alice", "operator"),
            ("Bob", "manager"),
            ("Charlie", "staff"),
            ("Dora", "auditor"),
        ):
            hub.person(name, role)
        yield hub
