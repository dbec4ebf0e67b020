from __future__ import annotations

import pytest

from hub.store.database import Database
from tests.hub.dispatch.outbox import Clock, add_robot, courier_on, letter, outcomes, put, put_many, states
from tests.peers.receiver import ROBOT_KEY, WeComReceiver


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def robot(clock: Clock, wecom_receiver: WeComReceiver) -> WeComReceiver:
    wecom_receiver.clock = clock.seconds
    return wecom_receiver


def test_sixty_letters_at_once_keep_to_twenty_a_minute_and_every_one_is_shown(
    database: Database, robot: WeComReceiver, clock: Clock
) -> None:
    ids = put_many(database, add_robot(database, robot), 60)
    courier_on(database, clock).deliver_due()
    assert states(database) == {"sent": 60}
    assert 10 < len(robot.requests) <= 20
    text = "\n".join(shown for _, shown in robot.shown)
    assert all(text.count(f"】{number}号楼客梯 ") == 1 for number in range(1, 61))
    assert outcomes(database, ids[0]) == ["sent"]
    assert sum(outcomes(database, one) == ["digested"] for one in ids) == 60 - len(robot.requests)


def test_a_storm_that_goes_on_never_breaks_the_limit_and_loses_nothing(
    database: Database, robot: WeComReceiver, clock: Clock
) -> None:
    sink_id = add_robot(database, robot)
    number = 0
    for _ in range(100):
        number += 1
        put(database, sink_id, number, at=clock(), name=f"{number}号楼客梯")
        courier_on(database, clock).deliver_due()  # a new one each time: the pace survives restarts
        clock.pass_s(2)
    clock.pass_s(60)
    courier_on(database, clock).deliver_due()
    assert states(database) == {"sent": number}
    assert len(robot.shown) == len(robot.requests), "the robot never had to refuse"
    text = "\n".join(shown for _, shown in robot.shown)
    assert all(text.count(f"】{one}号楼客梯 ") == 1 for one in range(1, number + 1))


def test_a_robot_that_others_use_too_is_left_for_a_minute_when_it_has_had_enough(
    database: Database, robot: WeComReceiver, clock: Clock
) -> None:
    robot.shown = [(clock.seconds(), "from another program")] * 20
    letter_id = put(database, add_robot(database, robot), 1)
    for pause_s, requests in ((0, 1), (59, 1), (2, 2)):
        clock.pass_s(pause_s)
        courier_on(database, clock).deliver_due()
        assert len(robot.requests) == requests
    assert outcomes(database, letter_id) == ["postponed", "sent"]
    assert letter(database, letter_id).state == "sent"


def test_a_removed_robot_kills_the_letter_at_once_and_its_key_is_written_nowhere(
    database: Database, robot: WeComReceiver, clock: Clock
) -> None:
    letter_id = put(database, add_robot(database, robot), 1)
    robot.key = "another-key"
    courier_on(database, clock).deliver_due()
    dead = letter(database, letter_id)
    assert dead.state == "dead"
    assert dead.last_error.startswith("errcode 93000: invalid webhook url")
    assert ROBOT_KEY not in dead.last_error
    assert len(robot.requests) == 1


def test_a_failing_robot_is_tried_with_one_letter_and_then_told_the_rest(
    database: Database, robot: WeComReceiver, clock: Clock
) -> None:
    sink_id = add_robot(database, robot)
    robot.down()
    put_many(database, sink_id, 30)
    for _ in range(120):
        courier_on(database, clock).deliver_due()
        clock.pass_s(5)
    robot.up()
    clock.pass_s(300)
    courier_on(database, clock).deliver_due()
    assert states(database) == {"sent": 30}
    assert len(robot.requests) <= 20
