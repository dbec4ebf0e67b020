"""Where settings come from, and what comes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.settings import Settings, SettingsError, load, origins


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TAPLOOP_HUB_{name.upper()}", raising=False)


def _file(folder: Path, text: str) -> Path:
    path = folder / "hub.toml"
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_without_anything_the_defaults_hold() -> None:
    settings = load()
    assert settings.roles == ("ingest", "watch", "courier", "web")
    assert settings.database_url == "sqlite:///taploop-data/hub.db"
    assert settings.broker == "embedded"


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path, monkeypatch) -> None:
    file = _file(tmp_path, "http_port = 9001\nmqtt_port = 9002\n")
    monkeypatch.setenv("TAPLOOP_HUB_HTTP_PORT", "9003")
    settings = load(file)
    assert (settings.http_port, settings.mqtt_port, settings.heartbeat_after) == (9003, 9002, 300)
    found = origins(file)
    assert (found["http_port"], found["mqtt_port"], found["heartbeat_after"]) == (
        "TAPLOOP_HUB_HTTP_PORT",
        str(file),
        "default",
    )


def test_paths_in_a_file_are_relative_to_that_file(tmp_path) -> None:
    (tmp_path / "secret").write_text("word\n")
    (tmp_path / "secret").chmod(0o600)
    settings = load(_file(tmp_path, 'data_dir = "d"\nbroker = "external"\nmqtt_password_file = "secret"\n'))
    assert settings.data_dir == tmp_path / "d"
    assert settings.database_url == f"sqlite:///{tmp_path / 'd' / 'hub.db'}"
    assert settings.broker_password() == "word"


def test_lists_are_written_with_commas_in_the_environment(monkeypatch) -> None:
    monkeypatch.setenv("TAPLOOP_HUB_ROLES", "ingest, watch")
    monkeypatch.setenv("TAPLOOP_HUB_METRICS_FROM", "10.1.0.0/16")
    settings = load()
    assert settings.roles == ("ingest", "watch")
    assert settings.metrics_from == ("10.1.0.0/16",)


def test_a_network_that_is_none_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("TAPLOOP_HUB_METRICS_FROM", "everywhere")
    with pytest.raises(
        SettingsError, match="TAPLOOP_HUB_METRICS_FROM is wrong: 'everywhere' does not appear"
    ):
        load()


def test_every_setting_is_explained() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_a_password_is_never_part_of_what_is_printed(tmp_path) -> None:
    settings = load(_file(tmp_path, 'broker = "external"\nmqtt_password = "hush-hush"\n'))
    assert "hush-hush" not in repr(settings)
    assert settings.broker_password() == "hush-hush"
