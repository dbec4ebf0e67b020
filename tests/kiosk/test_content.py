"""What a config means for the screen, what is remembered of it, and whether the font can draw it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from fontTools.ttLib import TTFont

from kiosk import content, coverage, environment, wording
from kiosk.events import Door
from kiosk.memory import Memory
from link.messages import Config
from link.questionnaire import FACES_5, SCALES, BadQuestionnaire
from tests.kiosk.asks import REASONS, ask, config, whole_plan


def test_a_config_names_the_place_the_question_and_the_revision():
    asked = ask()
    assert (asked.questionnaire, asked.name["zh-CN"], asked.place["en"]) == (
        "lobby@7",
        "3 号楼大堂",
        "Yunqi Garden",
    )


def test_a_config_without_a_questionnaire_asks_nothing():
    assert content.ask_from(Config(1, 3)) is None


@pytest.mark.parametrize(
    "broken",
    [
        msgspec.structs.replace(config(), questionnaire=msgspec.Raw(b'{"id": "x"}')),
        msgspec.structs.replace(config(), languages=()),
        config(msgspec.structs.replace(FACES_5, id="x" * 65)),
        config(msgspec.structs.replace(FACES_5, levels=FACES_5.levels[:1], satisfied=(), bad=())),
    ],
)
def test_a_config_that_cannot_be_asked_is_refused_with_the_place(broken):
    with pytest.raises(BadQuestionnaire, match=r"\w"):
        content.ask_from(broken)


def test_what_was_remembered_is_recalled(tmp_path: Path):
    Memory(tmp_path, "k-1").remember(config())
    assert Memory(tmp_path, "k-1").recall() == config()
    assert [path.name for path in tmp_path.iterdir()] == ["config.k-1.json"]


def test_another_terminal_recalls_nothing(tmp_path: Path):
    Memory(tmp_path, "k-1").remember(config())
    assert Memory(tmp_path, "k-2").recall() is None


@pytest.mark.parametrize("left", [b"", b"{", b'{"v": 2, "revision": 1}', b"\xff\xfe"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, left: bytes):
    (tmp_path / "config.k-1.json").write_bytes(left)
    assert Memory(tmp_path, "k-1").recall() is None


def test_half_a_write_leaves_the_old_memory(tmp_path: Path):
    memory = Memory(tmp_path, "k-1")
    memory.remember(config())
    (tmp_path / "config.k-1.part").write_bytes(b"{")
    assert memory.recall() == config()


@pytest.mark.parametrize("path", [environment.REGULAR, environment.BOLD])
def test_the_fonts_hold_what_the_list_says(path: Path):
    with TTFont(path, lazy=True) as font:
        held = set(font.getBestCmap())
    assert path.stat().st_size < 4_000_000
    listed = {chr(code) for code in held}
    assert coverage.missing(listed) == ""
    assert coverage.missing("\U0001f600丂") != ""


def test_the_font_draws_every_own_word_and_every_scale():
    words = [text for scale in SCALES.values() for level in scale.levels for text in level.words.values()]
    assert coverage.missing([*wording.own_words(), *words, *content.texts(ask())]) == ""


def test_the_font_draws_rare_names_of_people_and_places():
    assert coverage.missing(["喆堃垚犇鑫燚濮浠湉珺翀郯㙦℃㎡Ⅱ①②→“”‘’《》—…·￥"]) == ""


def test_what_the_font_lacks_is_named_once():
    assert coverage.missing(["好😀", "😀坏🚽"]) == "😀🚽"


def test_every_wording_has_both_languages():
    for name, text in vars(wording).items():
        if name.isupper() and isinstance(text, dict) and "zh-CN" in text:
            assert text["en"]
            assert not re.search(
                r"[A-Za-z]{3,}", text["zh-CN"].format(n=1, slip="", hub="", least=6, most=12)
            ), name


def test_the_environment_is_set_once_and_before_kivy(tmp_path: Path):
    found = environment.variables(environment.Display(size=(1280, 800)), tmp_path)
    assert found["KCFG_INPUT_MOUSE"] == "mouse,disable_multitouch"
    assert (found["KCFG_GRAPHICS_WIDTH"], found["KCFG_GRAPHICS_FULLSCREEN"]) == ("1280", "0")
    whole = environment.variables(replace(environment.Display(), cursor=True), tmp_path)
    assert (whole["KCFG_GRAPHICS_FULLSCREEN"], whole["KCFG_GRAPHICS_SHOW_CURSOR"]) == ("auto", "1")
    assert "KCFG_GRAPHICS_WIDTH" not in whole


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ({"questionnaire": msgspec.Raw(b'{"id": "x"}')}, "questionnaire: "),
        ({"languages": ()}, "languages"),
        ({"settings": msgspec.Raw(b'{"dim_to": 200}')}, r"settings: .*\$\.dim_to"),
        ({"settings": msgspec.Raw(b'{"colour": 1}')}, "settings: .*colour"),
        ({"more_questionnaires": (msgspec.Raw(b"{}"),)}, r"more_questionnaires\[0\]: "),
        ({"more_questionnaires": (msgspec.Raw(b"null"),)}, r"more_questionnaires\[0\]: empty"),
        ({"survey_url": "ftp://x"}, "survey_url: "),
        ({"hub_url": "pj.cn"}, "hub_url: "),
    ],
)
def test_a_broken_config_is_refused_with_the_part_that_is_wrong(broken, where):
    with pytest.raises(content.BadConfig, match=where):
        content.plan_from(msgspec.structs.replace(config(), **broken))


def test_reasons_with_one_id_and_faces_that_nobody_draws_are_refused():
    twice = (REASONS[0], REASONS[0])
    with pytest.raises(content.BadConfig, match="same id"):
        content.plan_from(config(reasons=twice))
    odd = msgspec.structs.replace(
        FACES_5, levels=(msgspec.structs.replace(FACES_5.levels[0], face="cat"), *FACES_5.levels[1:])
    )
    with pytest.raises(content.BadConfig, match=r"levels\[0\].*cat"):
        content.plan_from(config(odd))
    unnamed = msgspec.structs.replace(REASONS[0], id="")
    with pytest.raises(content.BadConfig, match=r"reasons\[0\]"):
        content.plan_from(config(reasons=(unnamed,)))


def test_a_plan_holds_everything_and_finds_a_question_by_its_id():
    found = whole_plan(qr="full")
    assert (found.hotline, found.settings.qr, found.label) == ("400-820-0001", "full", "7K3QX9TF")
    assert found.ask("lobby") == found.ask(None) == found.ask("unknown")
    assert "换了曳引机" in content.plan_texts(found)
    assert content.Plan().ask("lobby") is None


def test_the_door_key_is_remembered_for_this_user_alone(tmp_path: Path):
    memory, door = Memory(tmp_path, "k-1"), Door(b"k" * 32, "7K3QX9TF", 5)
    assert memory.recall_door() is None
    memory.remember_door(door)
    assert memory.recall_door() == door
    assert (tmp_path / "door.k-1.json").stat().st_mode & 0o777 == 0o600
    assert Memory(tmp_path, "k-2").recall_door() is None
    (tmp_path / "door.k-1.json").write_bytes(b"{")
    assert memory.recall_door() is None
    memory.forget()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_no_memory(tmp_path: Path):
    (tmp_path / "config.k-1.json").mkdir()
    assert Memory(tmp_path, "k-1").recall() is None
