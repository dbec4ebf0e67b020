"""A new hub gets its first site at the prompt, ready for terminals and labels."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.commands import taploop_hub
from hub.store import alert_rules, labels, questionnaires, sites
from hub.store.database import Database
from link import label_code

Say = Callable[..., Result]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def say(database: Database, tmp_path: Path) -> Say:
    url = database.url.render_as_string(hide_password=False)
    settings = tmp_path / "hub.toml"
    settings.write_text(f'database_url = "{url}"\n', "utf-8")
    return lambda *words: CliRunner().invoke(taploop_hub, [*words, "--settings", str(settings)])


def test_a_new_site_begins_with_the_starter_set_labels_and_a_rule(say: Say, database: Database) -> None:
    added = say("site", "add", "云栖花园", "--english", "Yunqi Garden", "--hotline", "400-000-0000")
    assert added.exit_code == 0, added.output
    listed = json.loads(say("touchpoint", "list", "--json").output)
    leaves = [row for row in listed if row["kind"] == "touchpoint"]
    assert sum(row["kind"] == "scenario" for row in listed) == 14
    assert f"with {len(leaves)} touchpoints" in added.output
    for row in leaves:
        assert label_code.normalise(row["label"]) == row["label"]
    with database.reading() as connection:
        (site,) = sites.every(connection)
        assert (site.hotline, site.name["en"]) == ("400-000-0000", "Yunqi Garden")
        assert len(labels.of_site(connection, site.site_id)) == len(leaves) + 1
        assert all(questionnaires.effective_for(connection, row["id"]) for row in leaves)
        assert len(alert_rules.every(connection)) == 1


def test_sites_are_listed_and_none_is_added_twice(say: Say) -> None:
    assert "taploop-hub site add" in say("site", "list").output
    say("site", "add", "云栖花园", "--households", "1200")
    (row,) = json.loads(say("site", "list", "--json").output)
    assert (row["name"], row["households"], row["zone"]) == ("云栖花园", 1200, "Asia/Shanghai")
    again = say("site", "add", "云栖花园")
    assert again.exit_code == 1
    assert "already" in again.output


def test_a_wrong_time_zone_adds_nothing(say: Say) -> None:
    refused = say("site", "add", "云栖花园", "--zone", "Mars/Olympus")
    assert refused.exit_code == 1
    assert "is not a time zone" in refused.output
    assert json.loads(say("site", "list", "--json").output) == []


def test_the_settings_file_may_be_named_by_the_environment(say: Say, tmp_path: Path) -> None:
    say("site", "add", "云栖花园")
    environment = {"TAPLOOP_HUB_SETTINGS": str(tmp_path / "hub.toml")}
    listed = CliRunner().invoke(taploop_hub, ["site", "list", "--json"], env=environment)
    assert listed.exit_code == 0, listed.output
    assert [row["name"] for row in json.loads(listed.output)] == ["云栖花园"]
