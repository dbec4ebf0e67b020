"""What an operator does at a prompt, on a store of its own."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub import passwords, terminal_passwords
from hub.commands import taploop_hub
from hub.dispatch import signing
from hub.moment import now
from hub.store import (
    ledger,
    letters,
    people,
    placements,
    quarantine,
    sinks,
    sites,
    stores,
    terminals,
    touchpoints,
)
from hub.store.database import Database
from link.identity import Identity
from link.messages import DayCount, StoreState

Say = Callable[..., Result]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def say(database: Database, tmp_path: Path) -> Say:
    """Run one command in an empty directory, on the store of this test."""
    file = tmp_path / "hub.toml"
    file.write_text(
        f'database_url = "{database.url.render_as_string(hide_password=False)}"\n'
        'public_url = "https://taps.example"\nmqtt_port = 2883\n'
    )

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(taploop_hub, [*words, "--settings", str(file)], input=typed)

    return run


def told(result: Result) -> str:
    """The one sentence of a refusal."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    return result.output.removeprefix("Error: ").strip()


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.output)
    return found


def test_every_command_explains_itself() -> None:
    def explained(group, path: list[str]) -> None:
        for name in group.list_commands(None):
            command = group.get_command(None, name)
            shown = CliRunner().invoke(taploop_hub, [*path, name, "--help"])
            assert shown.exit_code == 0
            assert command.help, f"{name} does not say what it does"
            undescribed = [p.name for p in command.params if p.param_type_name == "option" and not p.help]
            assert undescribed == [], f"{name}: {undescribed}"
            if hasattr(command, "list_commands"):
                explained(command, [*path, name])

    explained(taploop_hub, [])


def test_a_word_that_is_no_command_ends_with_code_2() -> None:
    assert CliRunner().invoke(taploop_hub, ["dance"]).exit_code == 2


def test_a_person_is_added_once_and_signs_in_by_a_link(say: Say, database: Database) -> None:
    assert "Next: taploop-hub sign-in-link wang" in say("user", "add", "wang", "--role", "operator").output
    assert told(say("user", "add", "wang")) == "there is a user 'wang' already; choose another name"
    assert rows(say("user", "list", "--json")) == [
        {"name": "wang", "role": "operator", "password": False, "locked": False}
    ]
    link = say("sign-in-link", "wang").output.strip()
    base, _, token = link.rpartition("/")
    assert base == "https://taps.example/sign-in"
    with database.writing() as connection:
        assert people.use_link(connection, token, now()) is not None
        assert people.use_link(connection, token, now()) is None
    assert told(say("sign-in-link", "li")) == "there is no user 'li'; see: taploop-hub user list"


def test_a_password_is_asked_for_twice_and_a_short_one_refused(say: Say, database: Database) -> None:
    say("user", "add", "wang")
    assert "a password has 10 to 200 characters" in told(
        say("user", "passwd", "wang", typed="short\nshort\n")
    )
    assert say("user", "passwd", "wang", typed="long enough\nlong enough\n").exit_code == 0
    made = say("user", "passwd", "wang", "--generate").output.split(": ")[1].strip()
    with database.writing() as connection:
        kept = people.begin_try(connection, "wang", now()).password_hash
    assert passwords.is_right(made, kept)


def test_a_new_terminal_gets_an_identity_that_only_its_owner_reads(
    say: Say, database: Database, tmp_path: Path
) -> None:
    out, lines = tmp_path / "id.json", tmp_path / "passwords"
    with database.writing() as connection:
        site = sites.create(connection, name={"zh-CN": "云栖"}, now=1)
        leaf = touchpoints.create(connection, site_id=site, kind="touchpoint", name={"zh-CN": "大堂"})
    words = ["terminal", "add", "--id", "k1", "--name", "大堂一号", "--touchpoint", str(leaf)]
    assert say(*words, "--out", str(out), "--mosquitto-passwords", str(lines)).exit_code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    identity = Identity.load(out)
    assert (identity.terminal, identity.hub_host, identity.hub_port) == ("k1", "taps.example", 2883)
    with database.reading() as connection:
        kept = terminals.password_hash(connection, "k1")
        number = terminals.by_id(connection, "k1").terminal_no
        assert placements.at(connection, number, now()) == leaf
    assert terminal_passwords.matches(identity.password, kept)
    assert identity.password not in str(kept)
    user, _, hashed = lines.read_text().strip().partition(":")
    assert user == "k1"
    assert hashed.startswith("$7$101$")
    assert stat.S_IMODE(lines.stat().st_mode) == 0o600


def test_a_new_password_takes_the_place_of_the_old_one(say: Say, database: Database, tmp_path: Path) -> None:
    lines = tmp_path / "passwords"
    for name in ("k1", "k2"):
        say(
            "terminal",
            "add",
            "--id",
            name,
            "--out",
            str(tmp_path / name),
            "--mosquitto-passwords",
            str(lines),
        )
    before = lines.read_text().splitlines()
    out = tmp_path / "new"
    words = ["terminal", "passwd", "k1", "--out", str(out), "--mosquitto-passwords", str(lines)]
    assert say(*words).exit_code == 0
    with database.reading() as connection:
        kept = terminals.password_hash(connection, "k1")
    assert terminal_passwords.matches(Identity.load(out).password, kept)
    assert not terminal_passwords.matches(Identity.load(tmp_path / "k1").password, kept)
    after = lines.read_text().splitlines()
    assert [line.partition(":")[0] for line in after] == ["k2", "k1"]
    assert after[0] == before[1]


def test_a_terminal_is_listed_placed_and_retired(say: Say, database: Database, tmp_path: Path) -> None:
    assert say("terminal", "list").output.startswith("No terminals yet. Next: taploop-hub terminal add")
    say("terminal", "add", "--id", "k1", "--out", str(tmp_path / "k1.json"))
    with database.writing() as connection:
        site = sites.create(connection, name={"zh-CN": "云栖"}, now=1)
        leaf = touchpoints.create(connection, site_id=site, kind="touchpoint", name={"zh-CN": "大堂"})
    assert say("terminal", "place", "k1", str(leaf)).exit_code == 0
    assert rows(say("terminal", "list", "--json"))[0]["touchpoint"] == leaf
    assert told(say("terminal", "place", "k1", "99")) == (
        "there is no touchpoint 99; see: taploop-hub touchpoint list"
    )
    assert rows(say("touchpoint", "list", "--json"))[0] == {
        "id": leaf,
        "kind": "touchpoint",
        "name": "大堂",
        "label": None,
        "site": "云栖",
    }
    assert say("terminal", "retire", "k1").exit_code == 0
    assert rows(say("terminal", "list", "--json")) == []
    assert told(say("terminal", "retire", "k1")) == (
        "there is no terminal 'k1' in use; see: taploop-hub terminal list"
    )
    with database.reading() as connection:
        assert terminals.password_hash(connection, "k1") is None


def test_what_cannot_be_a_terminal_is_refused_and_nothing_is_left_behind(say: Say, tmp_path: Path) -> None:
    out = tmp_path / "x.json"
    assert "1 to 64 characters" in told(say("terminal", "add", "--id", "Lobby.1", "--out", str(out)))
    assert told(say("terminal", "add", "--touchpoint", "7", "--out", str(out))) == (
        "there is no touchpoint 7; see: taploop-hub touchpoint list"
    )
    assert not out.exists()
    out.write_text("mine")
    assert (
        told(say("terminal", "add", "--out", str(out)))
        == f"{out} exists already; name another file with --out"
    )
    assert rows(say("terminal", "list", "--json")) == []


def test_the_ledger_is_shown_by_terminal_and_day(say: Say, database: Database) -> None:
    with database.writing() as connection:
        number = terminals.create(connection, terminal_id="k1", kind="kiosk", now=1)
        store_no = stores.number_or_new(connection, number, "st", 1)
        state = StoreState("st", 5, pending=((4, 5),), pending_count=2, days=(DayCount(0, 5),))
        ledger.claim(connection, store_no, state, now())
    (row,) = rows(say("ledger", "--json"))
    assert (row["terminal"], row["made"], row["received"], row["pending"], row["missing"]) == (
        "k1",
        5,
        0,
        2,
        3,
    )
    assert "terminal  day  made" in say("ledger", "--terminal", "k1").output
    assert told(say("ledger", "--terminal", "k9")) == (
        "there is no terminal 'k9'; see: taploop-hub terminal list"
    )


def test_dead_letters_are_listed_and_replayed_under_the_same_id(say: Say, database: Database) -> None:
    with database.writing() as connection:
        key = signing.secret_from(bytes(32))
        sink = sinks.create(
            connection, kind="webhook", name="PMS", url="https://pms.example/in", now=1, secret=key
        )
        letters.write(connection, letter_id="L1", sink_id=sink, kind="test", content={}, now=1)
        letters.settle(connection, "L1", letters.DEAD, 2, "410 Gone")
    (row,) = rows(say("letters", "list", "--state", "dead", "--json"))
    assert (row["letter"], row["sink"], row["error"]) == ("L1", "PMS", "410 Gone")
    assert say("letters", "replay").exit_code == 2
    assert "no dead letter is called L2" in told(say("letters", "replay", "L2"))
    assert say("letters", "replay", "L1").output.startswith("1 letter(s)")
    assert rows(say("letters", "list", "--json"))[0]["state"] == "waiting"
    assert say("letters", "replay", "--all").output.startswith("0 letter(s)")


def test_a_sink_is_added_with_a_secret_shown_once_tried_and_turned_off(say: Say, database: Database) -> None:
    added = say("sink", "add", "--kind", "webhook", "--name", "PMS", "--url", "https://pms.example/in?k=v")
    assert "Added sink 1. Next: taploop-hub sink test 1" in added.output
    secret = added.output.strip().rpartition(" ")[2]
    with database.reading() as connection:
        assert sinks.by_id(connection, 1).secret == secret
    (row,) = rows(say("sink", "list", "--json"))
    assert (row["name"], row["enabled"]) == ("PMS", True)
    assert secret not in say("sink", "list").output
    assert say("sink", "test", "1").exit_code == 0
    assert rows(say("letters", "list", "--json"))[0]["kind"] == "test"
    assert say("sink", "enable", "1", "--off").output == "PMS is off.\n"
    assert rows(say("sink", "list", "--json"))[0]["enabled"] is False
    assert told(say("sink", "test", "9")) == "there is no sink 9; see: taploop-hub sink list"


def test_a_sink_that_cannot_work_is_refused_with_the_reason(say: Say) -> None:
    refused = say("sink", "add", "--kind", "wecom", "--name", "群", "--url", "ftp://example")
    assert told(refused)
    assert rows(say("sink", "list", "--json")) == []


def test_what_is_in_quarantine_is_listed_with_its_reason(say: Say, database: Database) -> None:
    assert say("quarantine", "list").output == "Nothing is in quarantine.\n"
    with database.writing() as connection:
        quarantine.keep(
            connection,
            terminal_id="k1",
            topic="t",
            reason=quarantine.VERSION,
            detail="version 2",
            payload=b"xyz",
            received_at=1_795_468_385_000,
        )
    (row,) = rows(say("quarantine", "list", "--json"))
    assert (row["at"], row["reason"], row["bytes"]) == ("2026-11-23 21:13:05Z", "version", 3)


def test_every_setting_is_printed_with_its_origin_and_no_password(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('mqtt_password = "hush-hush"\ndatabase_url = "postgresql+psycopg://hub:hush-hush@db/x"\n')
    file.chmod(0o600)
    shown = CliRunner().invoke(
        taploop_hub, ["settings", "--settings", str(file)], env={"TAPLOOP_HUB_HTTP_PORT": "81"}
    )
    assert "http_port = 81   (TAPLOOP_HUB_HTTP_PORT)" in shown.output
    assert f"mqtt_password = (set)   ({file})" in shown.output
    assert "postgresql+psycopg://hub:***@db/x" in shown.output
    assert "hush-hush" not in shown.output


def test_a_broker_configuration_is_written_where_it_is_asked_for(say: Say, tmp_path: Path) -> None:
    assert say("broker-config", "--for", "mosquitto", "--out", str(tmp_path / "m")).exit_code == 0
    conf = (tmp_path / "m" / "taploop.conf").read_text()
    assert f"acl_file {tmp_path / 'm' / 'taploop.acl'}" in conf
    assert "pattern write taploop/1/%u/up/+" in (tmp_path / "m" / "taploop.acl").read_text()
    say("terminal", "add", "--id", "k1", "--out", str(tmp_path / "k1.json"))
    assert "set_topic_permissions k1" in say("broker-config", "--for", "rabbitmq").output
    assert "{deny, all}." in say("broker-config", "--for", "emqx").output


def test_upgrade_makes_a_store_and_check_finds_all_well(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('data_dir = "d"\nhttp_host = "127.0.0.1"\nhttp_port = 0\nmqtt_port = 0\n')
    words = ["--settings", str(file)]
    before = CliRunner().invoke(taploop_hub, ["check", *words])
    assert before.exit_code == 1
    assert "✘ store: there is no store at" in before.output
    assert "The store has schema" in CliRunner().invoke(taploop_hub, ["upgrade", *words]).output
    after = CliRunner().invoke(taploop_hub, ["check", *words])
    assert (after.exit_code, after.output.count("✔")) == (0, 5)
