"""Every terminal is told what to be, once for each change of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from structlog.testing import capture_logs

from hub.ingest.configs import Configs
from hub.store import (
    cards,
    kiosk_settings,
    labels,
    placements,
    places,
    questionnaires,
    sites,
    terminals,
    touchpoints,
)
from hub.store.database import Database
from link import kiosk_settings as screen
from link import messages
from link import questionnaire as model
from link.messages import Config
from link.questionnaire import FACES_5, NPS_11, Question, Questionnaire, Scale

CODE = "7K2MQ4X9"


class Retained:
    """What a broker would hold; it can be away."""

    def __init__(self) -> None:
        self.away = False
        self.sent: list[tuple[str, bytes]] = []

    def send(self, terminal: str, payload: bytes) -> bool:
        if not self.away:
            self.sent.append((terminal, payload))
        return not self.away

    def of(self, terminal: str) -> list[Config]:
        return [
            messages.decode(Config, payload) for name, payload in self.sent if name == terminal and payload
        ]


def until(what: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


def asking(name: str, scale: Scale) -> Questionnaire:
    return Questionnaire(name, 1, {"zh-CN": name}, (Question("q", {"zh-CN": "满意吗？"}, scale),))


@pytest.fixture
def estate(database: Database) -> dict[str, int]:
    with database.writing() as connection:
        questionnaires.publish(connection, asking("clean", FACES_5), 1)
        questionnaires.publish(connection, asking("nps", NPS_11), 1)
        site = sites.create(connection, name={"zh-CN": "云栖"}, now=1, hotline="400")
        tower = places.create(
            connection, site_id=site, kind="building", name={"zh-CN": "3 栋", "en": "Block 3"}
        )
        hall = places.create(
            connection, site_id=site, kind="area", name={"zh-CN": "大堂", "en": "Lobby"}, parent_id=tower
        )
        root = touchpoints.create(
            connection, site_id=site, kind="overall", name={"zh-CN": "总"}, questionnaire_id="clean"
        )
        made = {
            name: touchpoints.create(
                connection,
                site_id=site,
                kind="touchpoint",
                parent_id=root,
                place_id=hall,
                name={"zh-CN": name, "en": name.title()},
            )
            for name in ("lobby", "gate")
        }
        labels.create(connection, CODE, made["lobby"], 1)
        number = terminals.create(connection, terminal_id="k1", kind="kiosk", now=1)
        placements.place_terminal(connection, number, made["lobby"], 1)
        terminals.web(connection, 1)
    return {**made, "root": root, "hall": hall, "k1": number}


class Clock:
    """The time, as a test sets it."""

    def __init__(self) -> None:
        self.at = 1_000

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def captured_logs() -> Iterator[list[dict[str, object]]]:
    with capture_logs() as lines:
        yield lines  # type: ignore[misc]


@pytest.fixture
def broker() -> Retained:
    return Retained()


@pytest.fixture
def configs(database: Database, broker: Retained, clock: Clock, estate: dict[str, int]) -> Iterator[Configs]:
    one = Configs(database, now=clock, send=broker.send, public_url="http://hub", heartbeat_after=60)
    one.start()
    one.publish_all()
    until(lambda: broker.sent)
    yield one
    one.stop()


def test_a_config_says_where_the_terminal_stands_and_what_it_asks(configs, broker) -> None:
    config = broker.of("k1")[0]
    assert config.touchpoint == {
        "name": "lobby",
        "name_en": "Lobby",
        "place": "3 栋 大堂",
        "place_en": "Block 3 Lobby",
        "label": CODE,
    }
    assert config.survey_url == f"http://hub/t/{CODE}"
    assert (config.hotline, config.heartbeat_after, config.revision) == ("400", 60, 1)
    assert model.decode(bytes(config.questionnaire)).name == "clean@1"
    assert {name for name, _ in broker.sent} == {"k1"}


def test_a_revision_grows_with_the_content_and_with_nothing_else(configs, broker, database, estate) -> None:
    """TL-CONF-03."""
    configs.publish_all()
    until(lambda: len(broker.sent) == 2)
    with database.writing() as connection:
        placements.place_terminal(connection, estate["k1"], estate["gate"], 2)
        touchpoints.set_questionnaire(connection, estate["gate"], "nps")
    configs.poke()
    until(lambda: len(broker.sent) == 3)
    assert [config.revision for config in broker.of("k1")] == [1, 1, 2]
    assert broker.of("k1")[2].touchpoint["name"] == "gate"
    assert broker.of("k1")[2].survey_url == ""


def test_after_a_restart_the_same_content_has_the_same_revision(configs, broker, database, clock) -> None:
    configs.stop()
    again = Configs(database, now=clock, send=broker.send, public_url="http://hub", heartbeat_after=60)
    again.start()
    again.publish_all()
    until(lambda: len(broker.sent) == 2)
    again.stop()
    assert broker.sent[0] == broker.sent[1]


def test_a_terminal_that_stands_nowhere_is_told_so(configs, broker, database) -> None:
    with database.writing() as connection:
        terminals.create(connection, terminal_id="k2", kind="kiosk", now=1)
    configs.poke()
    until(lambda: broker.of("k2"))
    assert broker.of("k2")[0].touchpoint == {}
    assert bytes(broker.of("k2")[0].questionnaire) == b"null"


def test_what_the_broker_did_not_take_is_sent_when_it_is_back(configs, broker, database) -> None:
    broker.away = True
    with database.writing() as connection:
        terminals.create(connection, terminal_id="k2", kind="kiosk", now=1)
    configs.poke()
    time.sleep(0.2)
    broker.away = False
    until(lambda: broker.of("k2"))


def test_the_config_of_a_retired_terminal_is_taken_back(configs, broker, database, estate) -> None:
    with database.writing() as connection:
        terminals.retire(connection, estate["k1"], 2)
    configs.poke()
    until(lambda: broker.sent[-1] == ("k1", b""))


def newest(broker: Retained, configs: Configs, number: int) -> Config:
    """The config of that number, once the terminal has been told it."""
    configs.poke()
    until(lambda: len(broker.of("k1")) >= number)
    return broker.of("k1")[number - 1]


def test_a_config_holds_what_the_screen_needs_besides_its_question(configs, broker, database, estate) -> None:
    first = broker.of("k1")[0]
    assert (first.hub_url, first.lift_code, first.cards) == ("http://hub", "", ())
    assert screen.decode(bytes(first.settings)) == screen.KioskSettings()
    with database.writing() as connection:
        kiosk_settings.write(
            connection, estate["root"], {"theme": "contrast", "turns": [{"questionnaire": "nps"}]}, 2
        )
        kiosk_settings.write(connection, estate["lobby"], {"sound": True}, 2)
        places.set_lift_code(connection, estate["hall"], "LT-3A")
    config = newest(broker, configs, 2)
    assert config.lift_code == "LT-3A"
    assert screen.decode(bytes(config.settings)) == screen.KioskSettings(
        theme="contrast", sound=True, turns=(screen.Turn("nps"),)
    )
    assert [model.decode(bytes(raw)).name for raw in config.more_questionnaires] == ["nps@1"]


def test_a_lift_code_is_not_inherited(configs, broker, database, estate) -> None:
    with database.writing() as connection:
        tower = places.path(connection, estate["hall"])[0]
        assert tower.kind == "building"
        places.set_lift_code(connection, tower.place_id, "LT-3")
        kiosk_settings.write(connection, estate["lobby"], {"sound": True}, 2)
    assert newest(broker, configs, 2).lift_code == ""


def card(database: Database, touchpoint: int, said: str, **more: object) -> int:
    with database.writing() as connection:
        return cards.create(
            connection,
            touchpoint_id=touchpoint,
            said={"zh-CN": said},
            done={"zh-CN": "换了"},
            day=20261123,
            now=1,
            **more,
        )


def test_cards_come_and_go_by_themselves(configs, broker, database, estate, clock) -> None:
    number = card(database, estate["root"], "灯坏了", photo=b"jpeg", until_at=2_000)
    card(database, estate["gate"], "门坏了")
    (shown,) = newest(broker, configs, 2).cards
    assert (shown.id, shown.said, shown.day) == (str(number), {"zh-CN": "灯坏了"}, 20261123)
    assert shown.photo.startswith(f"/cards/{number}.jpg?v=")
    clock.at = 2_000
    assert newest(broker, configs, 3).cards == ()


def test_of_too_much_the_oldest_cards_are_left_out(configs, broker, database, estate, captured_logs) -> None:
    words = {f"l{n:02}": "长" * 120 for n in range(20)}  # some 7 kB in twenty languages
    with database.writing() as connection:
        numbers = [
            cards.create(
                connection,
                touchpoint_id=estate["lobby"],
                said={"zh-CN": "灯"} | words,
                done={"zh-CN": "换了"},
                day=20261101 + n,
                now=1,
            )
            for n in range(12)
        ]
    config = newest(broker, configs, 2)
    assert len(broker.sent[-1][1]) <= messages.MAX_BYTES
    kept = [int(one.id) for one in config.cards]
    assert 5 < len(kept) < 12
    assert kept == numbers[::-1][: len(kept)]
    left_out = f"the {12 - len(kept)} oldest card(s) left out"
    assert any(left_out in line.get("what", "") for line in captured_logs)


def test_broken_settings_are_told_once_and_stop_no_other_terminal(
    configs, broker, database, estate, captured_logs
) -> None:
    with database.writing() as connection:
        kiosk_settings.write(connection, estate["root"], {"sound": True}, 2)
        kiosk_settings.write(connection, estate["lobby"], {"elder": True}, 2)
        connection.exec_driver_sql(
            f"""UPDATE kiosk_settings SET body = '{{"elder": 3}}' WHERE touchpoint_id = {estate["lobby"]}"""
        )
        number = terminals.create(connection, terminal_id="k2", kind="kiosk", now=1)
        placements.place_terminal(connection, number, estate["gate"], 1)
    assert screen.decode(bytes(newest(broker, configs, 2).settings)) == screen.KioskSettings(sound=True)
    until(lambda: broker.of("k2"))
    configs.poke()
    time.sleep(0.2)
    told = [line for line in captured_logs if line["event"] == "config.trouble"]
    assert [line["touchpoint"] for line in told] == [estate["lobby"]]
    assert f"node {estate['lobby']} left out" in told[0]["what"]
    assert "$.elder" in told[0]["what"]


def test_a_questionnaire_that_cannot_be_read_leaves_its_terminals_as_they_are(
    configs, broker, database, estate, captured_logs
) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE questionnaires SET body = 'x' WHERE questionnaire_id = 'clean'")
        touchpoints.set_questionnaire(connection, estate["gate"], "nps")
        kiosk_settings.write(connection, estate["gate"], {"turns": [{"questionnaire": "nps"}]}, 2)
        number = terminals.create(connection, terminal_id="k2", kind="kiosk", now=1)
        placements.place_terminal(connection, number, estate["gate"], 1)
    configs.poke()
    until(lambda: broker.of("k2"))
    assert len(broker.of("k1")) == 1
    assert [name for name, payload in broker.sent if not payload] == []
    assert any("cannot be read" in line.get("what", "") for line in captured_logs)


def test_turns_that_name_nothing_are_told(configs, broker, database, estate, captured_logs) -> None:
    with database.writing() as connection:
        kiosk_settings.write(connection, estate["lobby"], {"turns": [{"questionnaire": "nps"}]}, 2)
        connection.exec_driver_sql("DELETE FROM questionnaires WHERE questionnaire_id = 'nps'")
    assert newest(broker, configs, 2).more_questionnaires == ()
    assert any("'nps', which is no questionnaire" in line.get("what", "") for line in captured_logs)
