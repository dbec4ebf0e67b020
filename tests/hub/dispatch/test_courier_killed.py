from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.store import letters
from hub.store.database import Database
from link.crash_points import EXIT_CODE
from tests.hub.dispatch.outbox import add_robot, add_webhook, letter, outcomes, put, states
from tests.peers.receiver import ROBOT_KEY, SECRET, WebhookReceiver, WeComReceiver

ROOT = Path(__file__).parents[3]
LEASE_MS = 31_000


def now() -> int:
    return round(time.time() * 1_000)


@contextmanager
def carrying(url: str, *, ahead: int = 0, crash_at: str = "") -> Iterator[subprocess.Popen[str]]:
    """A courier process; what it wrote is checked for secrets when it has ended."""
    environment = os.environ | {"TAPLOOP_CRASH_AT": crash_at, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "tests.hub.dispatch.carrying", url, str(ahead)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        words, env=environment, cwd=ROOT, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        written, _ = process.communicate()
        for secret in (SECRET, ROBOT_KEY, "v1,"):
            assert secret not in written
        assert "Traceback" not in written, written


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 15
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"not within 15 s: {what}")
        time.sleep(0.02)


def test_letters_to_a_receiver_that_was_down_all_the_time_arrive_after_a_restart_each_under_one_id(
    database: Database,
) -> None:
    url = database.url.render_as_string(hide_password=False)
    receiver, robot = WebhookReceiver(), WeComReceiver()
    receiver.up()
    robot.up()
    sink, group = add_webhook(database, receiver), add_robot(database, robot)
    receiver.down()
    robot.down()
    ids = [put(database, sink, number, at=now()) for number in range(1, 21)]
    put(database, group, 100, at=now())

    with carrying(url) as process:
        until(lambda: "postponed" in outcomes(database, ids[0]), "the first try has failed")
        process.send_signal(signal.SIGKILL)
    assert states(database) == {"waiting": 21}

    with receiver, robot:
        receiver.clock = lambda: time.time() + 400
        with carrying(url, ahead=400_000):
            until(lambda: states(database) == {"sent": 21}, "every letter is sent")
        assert sorted(receiver.taken) == sorted(ids)
        assert sorted(receiver.ids) == sorted(ids), "none twice, none under a new id"
        assert [request.wrong for request in receiver.requests] == [()] * 20
        assert len(robot.shown) == 1


def test_a_courier_that_dies_after_sending_sends_the_same_id_again(
    database: Database, webhook_receiver: WebhookReceiver
) -> None:
    url = database.url.render_as_string(hide_password=False)
    letter_id = put(database, add_webhook(database, webhook_receiver), 1, at=now())
    with carrying(url, crash_at="courier.after_send") as process:
        assert process.wait(15) == EXIT_CODE
    assert webhook_receiver.ids == [letter_id]
    assert letter(database, letter_id).state == "waiting"
    assert outcomes(database, letter_id) == ["sending"]

    webhook_receiver.clock = lambda: time.time() + LEASE_MS / 1_000
    with carrying(url, ahead=LEASE_MS):
        until(lambda: states(database) == {"sent": 1}, "the letter is settled")
    assert webhook_receiver.ids == [letter_id] * 2
    assert len(webhook_receiver.taken) == 1
    assert outcomes(database, letter_id) == ["sending", "sent"]


def test_a_letter_written_while_no_courier_runs_is_found_by_the_next_one(
    database: Database, webhook_receiver: WebhookReceiver
) -> None:
    url = database.url.render_as_string(hide_password=False)
    sink_id = add_webhook(database, webhook_receiver)
    with database.writing() as connection:
        letters.write_trial(connection, letter_id="msg_trial", sink_id=sink_id, now=now())
    with carrying(url):
        until(lambda: states(database) == {"sent": 1}, "the test letter is sent")
    assert webhook_receiver.taken["msg_trial"]["type"] == "io.taploop.test"
