"""The store is away, full or shared, or the process dies: no tap is lost, none is counted twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import event, text

from hub.ingest.intake import NotTaken, WebAnswer
from hub.store import batches
from hub.store.database import Database
from link import crash_points
from tests.peers.postgres import Postgres
from tests.peers.taps import NOW, Taker, batch, build_estate, rollup_is_right, stored, take_in, tap


def wait_until(true, timeout=20.0):
    end = monotonic() + timeout
    while not true():
        assert monotonic() < end
        sleep(0.01)


def test_while_a_table_is_gone_nothing_is_acknowledged(database):
    build_estate(database)
    taker = Taker(database)
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE batches RENAME TO hidden"))
    taker.offer(batch([tap(1)]))
    taker.intake.start()
    wait_until(lambda: taker.intake.trouble)
    assert "batches" in taker.intake.trouble
    assert taker.told.words == []
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO batches"))
    taker.told.wait_for("receipt")
    assert taker.intake.trouble == ""
    taker.finish()
    assert len(stored(database)) == 1
    assert rollup_is_right(database)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_a_full_disk_is_waited_out(database):
    build_estate(database)
    full = True

    @event.listens_for(database.engine, "checkout")
    def _limit(connection, _record, _proxy):
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if full else 2**30
        connection.execute(f"PRAGMA max_page_count = {pages}")

    taker = Taker(database)
    for first in range(1, 1000, 50):
        taker.offer(batch([tap(seq) for seq in range(first, first + 50)]))
    taker.intake.start()
    wait_until(lambda: taker.intake.trouble)
    assert taker.intake.trouble == "database or disk is full"
    assert taker.told.words == []
    assert stored(database) == []
    full = False
    taker.told.wait_for("receipt")
    taker.finish()
    assert len(stored(database)) == 1000
    assert rollup_is_right(database)


def test_a_stopped_intake_lets_go_of_what_it_cannot_write(database):
    build_estate(database)
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE batches RENAME TO hidden"))
    taker = Taker(database)
    taker.offer(batch([tap(1)]))
    told = []

    def ask():
        with pytest.raises(NotTaken):
            taker.intake.answer(WebAnswer(1, "q@1", "q", "faces-5", 1, "static", "f", NOW))
        told.append("not taken")

    page = Thread(target=ask)
    page.start()
    wait_until(lambda: taker.intake.depth == 2)
    taker.intake.start()
    wait_until(lambda: taker.intake.trouble)
    taker.intake.stop()
    page.join(20)
    assert told == ["not taken"]
    assert taker.told.words == []


def test_another_writer_is_waited_for(database):
    build_estate(database)
    taker = Taker(database)
    taker.intake.start()
    with database.writing() as connection:
        connection.execute(text("UPDATE sites SET hotline = '1' WHERE site_id = 1"))
        taker.offer(batch([tap(1)]))
        sleep(0.2)
    taker.told.wait_for("receipt")
    taker.finish()
    assert len(stored(database)) == 1


@pytest.mark.postgres
def test_postgresql_may_be_killed_and_started_again():
    directory = Path(tempfile.mkdtemp(prefix="taploop-pg-"))
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres", "postgres")
    cluster = Postgres(directory)
    try:
        cluster.start()
        database = Database(cluster.new_database(migrated=True))
        build_estate(database)
        taker = Taker(database)
        taker.intake.start()
        taker.offer(batch([tap(1)]))
        taker.told.wait_for("receipt")
        cluster.crash()
        taker.offer(batch([tap(2)]))
        wait_until(lambda: taker.intake.trouble)
        assert taker.told.count("done") == 1
        cluster.start()
        taker.told.wait_for("receipt", 2)
        taker.finish()
        assert [row.seq for row in stored(database)] == [1, 2]
        database.close()
    finally:
        cluster.stop()
        shutil.rmtree(directory)


def test_two_intakes_that_take_in_the_same_taps_at_once_count_each_once(database, new_url):
    build_estate(database)
    payloads = [
        (name, batch([tap(seq, 1 + seq % 5) for seq in range(first, first + 20)]))
        for first in range(1, 1200, 20)
        for name in ("k1", "k2")
    ]
    others = [Database(database.url.render_as_string(hide_password=False)) for _ in range(2)]
    takers = [Taker(database), *(Taker(other) for other in others)]
    for number, taker in enumerate(takers):
        taker.intake.start()
        for name, payload in payloads[:: 1 if number else -1]:
            taker.offer(payload, name)
    for taker in takers:
        taker.finish()
    assert len(stored(database)) == 2400
    assert rollup_is_right(database)
    assert [taker.told.count("done") for taker in takers] == [120, 120, 120]
    assert sum(taker.intake.doings.received for taker in takers) == 2400
    assert sum(taker.intake.doings.duplicates for taker in takers) == 4800
    for other in others:
        other.close()


_CHILD = """
import sys
from hub.store.database import Database
from tests.peers.taps import Taker, batch, tap
database = Database(sys.argv[1])
taker = Taker(database)
for first in (1, 11, 21):
    taker.offer(batch([tap(seq) for seq in range(first, first + 10)]))
taker.intake._send_receipt = lambda terminal, receipt: print("receipt", receipt.committed, flush=True)
for item in taker.intake._line._items:
    item.done = lambda: print("done", flush=True)
taker.finish()
"""


@pytest.mark.parametrize(
    ("point", "on_disk", "told"),
    [
        ("intake.before_commit", 0, []),
        ("intake.after_commit", 30, []),
        ("intake.after_done", 30, ["done"] * 3),
    ],
)
def test_a_death_at_a_named_point_loses_nothing_and_doubles_nothing(new_url, point, on_disk, told):
    url = new_url()
    database = Database(url)
    build_estate(database)
    environment = {**os.environ, "TAPLOOP_CRASH_AT": point, "PYTHONPATH": str(Path(__file__).parents[3])}
    dead = subprocess.run(
        [sys.executable, "-c", _CHILD, url], capture_output=True, text=True, env=environment, check=False
    )
    assert dead.returncode == crash_points.EXIT_CODE, dead.stderr
    assert [line for line in dead.stdout.splitlines() if line == "done" or line.startswith("receipt")] == told
    wait_until(lambda: len(stored(database)) == on_disk)
    again = take_in(
        database, *(batch([tap(seq) for seq in range(first, first + 10)]) for first in (1, 11, 21))
    )
    assert again.told.receipts[0][1].committed == ((1, 30),)
    assert [row.seq for row in stored(database)] == list(range(1, 31))
    assert rollup_is_right(database)
    with database.reading() as connection:
        assert batches.waiting(connection) == 1
    database.close()
