"""What an operator sets for screens at a prompt: settings, PIN, lift codes, cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from hub.commands import taploop_hub
from hub.store import cards, kiosk_settings, placements, places, questionnaires, sites, terminals, touchpoints
from hub.store.database import Database
from link import staff_pin
from link.kiosk_settings import KioskSettings, Opening, Turn
from link.questionnaire import FACES_5, Question, Questionnaire

Say = Callable[..., Result]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def say(database: Database, tmp_path: Path) -> Say:
    file = tmp_path / "hub.toml"
    file.write_text(f'database_url = "{database.url.render_as_string(hide_password=False)}"\n')

    def run(*words: object, typed: str = "") -> Result:
        return CliRunner().invoke(taploop_hub, [*map(str, words), "--settings", str(file)], input=typed)

    return run


@pytest.fixture
def nodes(database: Database) -> dict[str, int]:
    """A root, a lobby below it at a lift's place, and a terminal k1 in the lobby."""
    with database.writing() as connection:
        asked = Questionnaire("move-in", 1, {}, (Question("q", {"zh-CN": "满意吗？"}, FACES_5),))
        questionnaires.publish(connection, asked, 1)
        site = sites.create(connection, name={"zh-CN": "云栖"}, now=1)
        car = places.create(connection, site_id=site, kind="area", name={"zh-CN": "客梯 A"})
        root = touchpoints.create(connection, site_id=site, kind="overall", name={"zh-CN": "总体"})
        lobby = touchpoints.create(
            connection,
            site_id=site,
            kind="touchpoint",
            name={"zh-CN": "大堂"},
            parent_id=root,
            place_id=car,
        )
        number = terminals.create(connection, terminal_id="k1", kind="kiosk", now=1)
        placements.place_terminal(connection, number, lobby, 1)
    return {"root": root, "lobby": lobby, "car": car}


def told(result: Result) -> str:
    """The one sentence of a refusal."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    return result.output.removeprefix("Error: ").strip()


def effective(database: Database, touchpoint: int) -> KioskSettings:
    with database.reading() as connection:
        return kiosk_settings.effective_for(connection, touchpoint).settings


def test_settings_are_set_by_words_and_inherited(say: Say, database: Database, nodes) -> None:
    assert say("kiosk", "set", nodes["root"], "theme=contrast", "dim_to=0", "sound=true").exit_code == 0
    opening = 'opening=[{"opens": "07:00", "closes": "22:00"}]'
    assert say("kiosk", "set", nodes["lobby"], "theme=traffic", opening).exit_code == 0
    assert effective(database, nodes["lobby"]) == KioskSettings(
        theme="traffic", dim_to=0, sound=True, opening=(Opening("07:00", "22:00"),)
    )
    assert say("kiosk", "set", nodes["lobby"], "theme=null").output.startswith("Set theme;")
    assert effective(database, nodes["lobby"]).theme == "contrast"
    assert say("kiosk", "set", nodes["root"], "elder=true", "--only").exit_code == 0
    assert effective(database, nodes["root"]) == KioskSettings(elder=True)


def test_settings_are_set_from_a_file(say: Say, database: Database, nodes, tmp_path: Path) -> None:
    file = tmp_path / "lobby.json"
    file.write_text(json.dumps({"turns": [{"questionnaire": "move-in", "from_day": 20261101}], "qr": "full"}))
    assert say("kiosk", "set", nodes["lobby"], file).exit_code == 0
    assert effective(database, nodes["lobby"]) == KioskSettings(
        qr="full", turns=(Turn("move-in", from_day=20261101),)
    )


def test_what_holds_is_shown_with_the_node_that_says_so(say: Say, nodes) -> None:
    say("kiosk", "set", nodes["root"], "theme=contrast")
    say("kiosk", "set", nodes["lobby"], "qr=beside")
    table = say("kiosk", "show", "--terminal", "k1").output
    assert any(
        line.split() == ["theme", "contrast", str(nodes["root"]), "总体"] for line in table.splitlines()
    )
    assert any(line.split() == ["qr", "beside", "here"] for line in table.splitlines())
    assert any(line.split() == ["sound", "false", "default"] for line in table.splitlines())
    rows = json.loads(say("kiosk", "show", nodes["lobby"], "--json").output)
    assert {row["setting"] for row in rows} == set(KioskSettings.__struct_fields__)
    assert {"setting": "theme", "value": "contrast", "set by": nodes["root"]} in rows
    assert {"setting": "opening", "value": [], "set by": None} in rows


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["theme=pink"], "not set: Invalid enum value 'pink' - at `$.theme`"),
        (['turns=[{"questionnaire": "dance"}]'], "not set: turns[0]: there is no questionnaire 'dance'"),
        (["staff_pin=407128"], "a PIN is not written down; run: taploop-hub kiosk pin 2"),
        (["colour=red"], "not set: Object contains unknown field `colour`"),
        (["/nowhere.json"], "cannot read /nowhere.json (No such file or directory); check its path"),
    ],
)
def test_wrong_settings_are_refused_with_their_place(say: Say, nodes, words, sentence) -> None:
    assert told(say("kiosk", "set", nodes["lobby"], *words)).startswith(sentence)


def test_wrong_files_nodes_and_words_are_told(say: Say, nodes, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("{")
    assert "is not JSON" in told(say("kiosk", "set", nodes["lobby"], file))
    file.write_text("[]")
    assert "must hold one JSON object" in told(say("kiosk", "set", nodes["lobby"], file))
    assert told(say("kiosk", "set", 99, "qr=full")).startswith("there is no touchpoint 99")
    assert told(say("kiosk", "show", 99)).startswith("there is no touchpoint 99")
    assert told(say("kiosk", "show", "--terminal", "k9")).startswith("no terminal 'k9' stands anywhere")
    assert say("kiosk", "show").exit_code == 2
    assert say("kiosk", "set", nodes["lobby"], "qr=full", "elder").exit_code == 2


def test_settings_that_cannot_be_read_any_more_are_named_and_replaced(
    say: Say, database: Database, nodes
) -> None:
    say("kiosk", "set", nodes["lobby"], "qr=full")
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE kiosk_settings SET body = '{'")
    shown = say("kiosk", "show", nodes["lobby"])
    assert f"Node {nodes['lobby']} is left out" in shown.output
    assert "replace them with --only" in told(say("kiosk", "set", nodes["lobby"], "qr=beside"))
    assert say("kiosk", "set", nodes["lobby"], "qr=beside", "--only").exit_code == 0
    assert effective(database, nodes["lobby"]).qr == "beside"


def test_a_pin_is_asked_for_and_only_its_hash_is_kept(say: Say, database: Database, nodes) -> None:
    assert "6 to 12 digits" in told(say("kiosk", "pin", nodes["root"], typed="1234\n1234\n"))
    set_up = say("kiosk", "pin", nodes["root"], typed="407128\n407128\n")
    assert (set_up.exit_code, "407128" in set_up.output) == (0, False)
    kept = effective(database, nodes["lobby"]).staff_pin
    assert staff_pin.is_right("407128", kept)
    assert "407128" not in kept
    shown = say("kiosk", "show", nodes["lobby"]).output
    assert kept not in shown
    assert any(line.split()[:2] == ["staff_pin", "set"] for line in shown.splitlines())
    assert say("kiosk", "pin", nodes["root"], "--off").output == "The PIN is removed.\n"
    assert effective(database, nodes["lobby"]).staff_pin == ""


def test_a_lift_gets_its_rescue_code(say: Say, database: Database, nodes) -> None:
    assert say("place", "lift-code", nodes["car"], " 3A-0417 ").exit_code == 0
    (row,) = json.loads(say("place", "list", "--json").output)
    assert (row["name"], row["lift code"]) == ("客梯 A", "3A-0417")
    assert "at most 32 characters" in told(say("place", "lift-code", nodes["car"], "9" * 33))
    assert told(say("place", "lift-code", 99, "1")) == "there is no place 99; see: taploop-hub place list"
    assert say("place", "lift-code", nodes["car"], "").exit_code == 0
    assert json.loads(say("place", "list", "--json").output)[0]["lift code"] is None


def photo(path: Path) -> Path:
    written = BytesIO()
    Image.new("RGB", (2000, 1500), "teal").save(written, "PNG")
    path.write_bytes(written.getvalue())
    return path


def test_a_card_is_added_with_a_photo_listed_and_withdrawn(
    say: Say, database: Database, nodes, tmp_path: Path
) -> None:
    words = ("--said", "灯太暗", "--done", "换了 12 盏灯", "--done-en", "12 lamps replaced")
    file = photo(tmp_path / "p.png")
    added = say(
        "card", "add", nodes["root"], *words, "--photo", file, "--day", "2026-11-23", "--until", "2099-12-31"
    )
    assert added.output.startswith("Added card 1;")
    with database.reading() as connection:
        row, kept = cards.by_id(connection, 1), cards.photo(connection, 1)
    assert (row.day, row.done) == (20261123, {"zh-CN": "换了 12 盏灯", "en": "12 lamps replaced"})
    assert row.until_at == 4_102_416_000_000  # the end of the day in the site's time zone
    assert Image.open(BytesIO(kept.jpeg)).size == (1280, 960)
    (shown,) = json.loads(say("card", "list", "--json").output)
    assert (shown["card"], shown["said"], shown["photo"]) == (1, "灯太暗", True)
    assert say("card", "withdraw", 1).exit_code == 0
    assert told(say("card", "withdraw", 1)) == "no card 1 is shown; see: taploop-hub card list"
    assert json.loads(say("card", "list", "--json").output) == []
    assert len(json.loads(say("card", "list", "--all", "--json").output)) == 1


def test_a_card_that_cannot_be_shown_is_refused(say: Say, nodes, tmp_path: Path) -> None:
    words = ("--said", "灯太暗", "--done", "换了灯")
    file = tmp_path / "p.jpg"
    file.write_bytes(b"MZ not a photo")
    refused = told(say("card", "add", nodes["root"], *words, "--photo", file))
    assert refused == f"{file}: the file is no JPEG, PNG or WebP"
    assert told(say("card", "add", 99, *words)).startswith("there is no touchpoint 99")
    assert "121 characters" in told(say("card", "add", nodes["root"], "--said", "长" * 121, "--done", "好"))
