"""A hub's survey page behind a real server, with the real intake on a real store: the fixture `door`."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import requests
from fastapi import FastAPI

from hub.ingest.intake import Intake
from hub.listening import listen
from hub.live import Live
from hub.parts import Parts
from hub.serving import Serving
from hub.settings import Settings
from hub.starter_set import planting
from hub.store import labels, places, sites
from hub.store.database import Database
from hub.web import card_photos
from hub.web.slip import routes as slip
from hub.web.survey import routes as survey
from link import label_code

SECRET = b"k" * 32
HOTLINE = "400-000-0110"
PLACED = {"b3": "3 号楼"}


class Clock:
    """The machine's time, which a test can move."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead


@dataclass
class Door:
    """The running page: its address, the hub's parts, and the codes of some labels by touchpoint name."""

    url: str
    parts: Parts
    clock: Clock
    codes: dict[str, str]
    site_id: int

    @property
    def lift(self) -> str:
        """The address of a lift's page."""
        return f"{self.url}/t/{self.codes['3 号楼 1 单元客梯 A']}"

    def taps(self) -> list[tuple[int, int, int]]:
        """(tap_id, rating, proof) of every tap, oldest first."""
        with self.parts.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT tap_id, rating, proof FROM taps ORDER BY tap_id")
            return [(row[0], row[1], row[2]) for row in rows]

    def send(
        self, address: str, fields: dict[str, str] | list[tuple[str, str]], **options: object
    ) -> requests.Response:
        """Send a form without following on."""
        return requests.post(address, fields, allow_redirects=False, timeout=20, **options)  # type: ignore[arg-type]

    def form(self, address: str | None = None, **options: object) -> dict[str, str]:
        """The hidden fields of a page of faces."""
        return hidden(requests.get(address or self.lift, timeout=20, **options).text)  # type: ignore[arg-type]

    def tap(self, rating: int) -> str:
        """Answer at the lift and return the address of the thank-you page."""
        answered = self.send(self.lift, self.form() | {"rating": str(rating)})
        assert answered.status_code == 303
        return self.url + answered.headers["location"]


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


@dataclass(frozen=True)
class Planted:
    """A store with the starter set and a label at every touchpoint, to be copied."""

    path: Path
    site_id: int
    codes: dict[str, str]


@pytest.fixture(scope="session")
def _planted(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    path = Path(shutil.copy(_sqlite_template, tmp_path_factory.mktemp("planted") / "hub.db"))
    store = Database(f"sqlite:///{path}")
    planted = Planted(path, *plant(store, Clock()()))
    store.close()
    return planted


@pytest.fixture
def door(_planted: Planted, tmp_path: Path) -> Iterator[Door]:
    """The page, open, on a store of its own."""
    store = Database(f"sqlite:///{shutil.copy(_planted.path, tmp_path / 'hub.db')}")
    with opened(store, _planted.site_id, _planted.codes, tmp_path) as found:
        yield found
    store.close()


@contextmanager
def opened(database: Database, site_id: int, codes: dict[str, str], directory: Path) -> Iterator[Door]:
    """Open the page on a planted store."""
    clock = Clock()
    intake = Intake(database, now=clock, send_receipt=lambda *_: None, on_commit=lambda: None)
    parts = Parts(Settings(data_dir=directory), database, intake, Live(), clock, SECRET)
    app = FastAPI()
    for pages in (survey, slip, card_photos):
        app.include_router(pages.router(parts))
    socket = listen("127.0.0.1", 0, "http_port")
    port = socket.getsockname()[1]
    serving = Serving(app, socket, ())
    intake.start()
    serving.start()
    try:
        yield Door(f"http://127.0.0.1:{port}", parts, clock, codes, site_id)
    finally:
        serving.stop()
        intake.stop()


def plant(database: Database, now: int) -> tuple[int, dict[str, str]]:
    """A site with a hotline, the starter set and a label everywhere; its id, and the codes by name."""
    name = {"zh-CN": "云栖花园", "en": "Yunqi Gardens"}
    chance = Random(7)
    with database.writing() as connection:
        site_id = sites.create(connection, name=name, now=now, hotline=HOTLINE)
        estate = places.create(connection, site_id=site_id, kind="estate", name=name)
        stands = {
            key: places.create(
                connection,
                site_id=site_id,
                kind="building",
                name={"zh-CN": words, "en": "Building 3"},
                parent_id=estate,
            )
            for key, words in PLACED.items()
        }
        codes = {}
        for one in planting.plant(connection, site_id, stands, now):
            code = codes[one.name["zh-CN"]] = label_code.mint(chance)
            labels.create(connection, code, one.touchpoint_id, now)
    return site_id, codes
