from __future__ import annotations

from link.messages import HubState
from link.uplink_line import FLAPPING_S, Line

TAPS = "taploop/1/lobby-1/up/taps"


def test_a_line_misses_receipts_only_after_patience_and_until_one_comes() -> None:
    line = Line()
    line.up("s1", 0.0)
    line.sent(1.0)
    assert not line.misses_receipts(30.0, 30.0)
    assert line.misses_receipts(31.5, 30.0)
    line.received(5)
    assert not line.misses_receipts(32.0, 30.0)
    assert line.hub_online


def test_a_line_that_flaps_is_measured_as_one_trouble() -> None:
    line = Line()
    for second in range(40):
        line.up("s", float(second))
        line.sent(second + 0.1)
        line.down("the connection was lost", second + 0.2)
    assert line.misses_receipts(39.5, 30.0)


def test_a_broker_that_is_away_is_no_missing_receipt() -> None:
    line = Line()
    line.up("s1", 0.0)
    line.sent(1.0)
    line.down("Connection refused", 2.0)
    assert not line.misses_receipts(60.0, 30.0)
    line.up("s2", 100.0)
    assert not line.misses_receipts(100.0, 30.0)


def test_a_refusal_of_taps_is_told_at_once_and_outlives_the_hanging_up() -> None:
    line = Line()
    line.up("s1", 0.0)
    line.refused(TAPS, "Not authorized", 0.1)
    line.down("the connection was lost", 0.2)
    line.up("s2", 0.5)
    assert line.last_error == f"the broker refuses {TAPS}: Not authorized"
    assert line.misses_receipts(0.6, 30.0)
    line.look(in_flight=True, now=0.5 + FLAPPING_S + 0.1)
    assert line.last_error == ""


def test_a_refusal_of_something_else_is_told_but_taps_go_on() -> None:
    line = Line()
    line.up("s1", 0.0)
    line.refused("taploop/1/lobby-1/up/replies", "Not authorized", 0.1)
    assert "replies" in line.last_error
    assert not line.misses_receipts(0.2, 30.0)


def test_a_hub_that_comes_back_is_seen_once_and_its_wish_to_spread_is_kept() -> None:
    line = Line()
    line.up("s1", 0.0)
    assert not line.hub(HubState(1, online=True, at=1))
    assert not line.hub_came_back  # the first word of this connection: nothing was sent in vain
    assert line.hub(HubState(1, online=False, at=2, retry_after=10))
    assert not line.hub(HubState(1, online=True, at=3))
    assert (line.hub_came_back, line.return_within_s) == (True, 10.0)
    line.hub_came_back = False
    line.hub(HubState(1, online=True, at=3))
    assert not line.hub_came_back
    line.hub(HubState(1, online=True, at=4))  # it fell and rose without a word between
    assert line.hub_came_back


def test_a_hub_of_a_later_version_is_told() -> None:
    line = Line()
    line.hub(HubState(1, online=True, min_version=2))
    assert "upgrade" in line.last_error
