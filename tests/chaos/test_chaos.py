"""Half a minute of war in `make test`; `make chaos` runs the long form (see `tests/chaos/__main__.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.estate_at_war import wage

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize("kind", ["mosquitto", "amqtt"])
def test_every_kept_tap_is_in_the_hub_exactly_once_whoever_is_killed(kind: str, tmp_path: Path) -> None:
    outcome = wage(tmp_path, kind=kind, seed=20261123, seconds=15.0, kills=12, terminals_count=10)
    print(outcome.line(kind))
    assert outcome.kills.total() >= 10
    assert outcome.accepted > 50
    assert outcome.lost == []
    assert outcome.foreign == []
    assert outcome.missing == 0
    assert outcome.scored == outcome.stored == outcome.kept
