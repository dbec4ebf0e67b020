"""From an operator's prompt to what a kiosk is told: real commands, hub, broker and uplink."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
import requests
from click.testing import CliRunner
from PIL import Image

from hub import terminal_passwords
from hub.app import Hub
from hub.commands import taploop_hub
from hub.settings import Settings
from hub.store import labels, placements, places, questionnaires, sites, terminals, touchpoints
from link import kiosk_settings as screen
from link import label_code, slip_code, staff_pin
from link import questionnaire as model
from link.identity import Identity
from link.machine import MachineClock
from link.messages import Config
from link.outbox import Outbox
from link.questionnaire import FACES_4, FACES_5, Question, Questionnaire
from link.uplink import Uplink

pytestmark = pytest.mark.journey
CODE = label_code.mint(Random(3))


def until(what: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    fixed = {"data_dir": tmp_path / "data", "http_host": "127.0.0.1", "mqtt_host": "127.0.0.1"}
    one = Hub(Settings(**fixed, http_port=0, mqtt_port=0, log_level="error"))
    one.start()
    with one.parts.database.writing() as connection:
        for name, scale in (("lobby", FACES_5), ("move-in", FACES_4)):
            asked = Questionnaire(name, 1, {}, (Question("q", {"zh-CN": "满意吗？"}, scale),))
            questionnaires.publish(connection, asked, 1)
        site = sites.create(connection, name={"zh-CN": "演示"}, now=1, hotline="400-000-0110")
        car = places.create(connection, site_id=site, kind="area", name={"zh-CN": "客梯 A"})
        root = touchpoints.create(
            connection, site_id=site, kind="overall", name={"zh-CN": "总"}, questionnaire_id="lobby"
        )
        lift = touchpoints.create(
            connection, site_id=site, kind="touchpoint", name={"zh-CN": "梯"}, parent_id=root, place_id=car
        )
        labels.create(connection, CODE, lift, 1)
        hashed = terminal_passwords.hashed("pw", "salt")
        number = terminals.create(connection, terminal_id="k1", kind="kiosk", now=1, password_hash=hashed)
        placements.place_terminal(connection, number, lift, 1)
    one.configs_changed()
    yield one
    one.stop()


@pytest.fixture
def configs(hub: Hub, tmp_path: Path) -> Iterator[list[Config]]:
    """What a terminal at the lift is told, newest last."""
    got: list[Config] = []
    outbox = Outbox.open(tmp_path / "outbox.db", machine="m1")
    uplink = Uplink(
        Identity("k1", "pw", "127.0.0.1", hub.mqtt_port),
        outbox,
        MachineClock(trust=True),
        software="test",
        on_config=got.append,
        on_change=lambda: None,
    )
    uplink.start()
    until(lambda: got)
    yield got
    uplink.stop()
    outbox.close()


def test_what_is_set_at_a_prompt_is_what_the_kiosk_is_told(
    hub: Hub, configs: list[Config], tmp_path: Path
) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(f'data_dir = "{tmp_path / "data"}"\n')
    photo = BytesIO()
    Image.new("RGB", (3000, 2000), "teal").save(photo, "PNG")
    (tmp_path / "p.png").write_bytes(photo.getvalue())

    def say(*words: str, typed: str = "") -> None:
        done = CliRunner().invoke(taploop_hub, [*words, "--settings", str(file)], input=typed)
        assert done.exit_code == 0, done.output

    say("kiosk", "set", "1", "theme=contrast", 'turns=[{"questionnaire": "move-in"}]')
    say("kiosk", "set", "2", "low_row=true")
    say("kiosk", "pin", "1", typed="407128\n407128\n")
    say("place", "lift-code", "1", "3A-0417")
    said = ("--said", "灯太暗", "--done", "换了灯", "--photo", str(tmp_path / "p.png"))
    say("card", "add", "1", *said)
    hub.configs_changed()
    until(lambda: configs[-1].cards and configs[-1].lift_code)
    told = configs[-1]
    settings = screen.decode(bytes(told.settings))
    assert (settings.theme, settings.low_row, settings.turns) == (
        "contrast",
        True,
        (screen.Turn("move-in"),),
    )
    assert staff_pin.is_right("407128", settings.staff_pin)
    assert [model.decode(bytes(one)).name for one in told.more_questionnaires] == ["move-in@1"]
    assert (told.hub_url, told.hotline, told.lift_code) == (hub.public_url, "400-000-0110", "3A-0417")
    local = f"http://127.0.0.1:{hub.http_port}"
    fetched = requests.get(local + told.cards[0].photo, timeout=10)
    assert Image.open(BytesIO(fetched.content)).size == (1280, 853)
    assert requests.get(f"{local}/s/{slip_code.show('7K3QX9TF2M4A')}", timeout=10).status_code == 202
