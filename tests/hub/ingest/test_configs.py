"""Every terminal is told what to be, once for each change of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from hub.ingest.configs import Configs
from hub.store import labels, placements, places, questionnaires, sites, terminals, touchpoints
from hub.store.database import Database
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
    return {**made, "k1": number}


@pytest.fixture
def broker() -> Retained:
    return Retained()


@pytest.fixture
def configs(database: Database, broker: Retained, estate: dict[str, int]) -> Iterator[Configs]:
    one = Configs(database, send=broker.send, public_url="http://hub", heartbeat_after=60)
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


def test_after_a_restart_the_same_content_has_the_same_revision(configs, broker, database) -> None:
    configs.stop()
    again = Configs(database, send=broker.send, public_url="http://hub", heartbeat_after=60)
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
