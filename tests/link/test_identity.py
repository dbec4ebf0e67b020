from __future__ import annotations

import stat
from pathlib import Path

import pytest

from link.identity import Identity, IdentityError

IDENTITY = Identity("lobby-1", '密码 with "quotes"', "hub.example", 8883, tls=True, ca_file="/etc/hub.pem")


def test_an_identity_is_read_as_it_was_written_and_only_its_owner_can(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    IDENTITY.save(path)
    assert Identity.load(path) == IDENTITY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_writing_replaces_an_earlier_identity_whole(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    Identity("lobby-1", "old", "127.0.0.1", 1883).save(path)
    path.with_name("identity.json.part").write_text("left over by a power cut")
    IDENTITY.save(path)
    assert Identity.load(path) == IDENTITY


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "identity.json"
    IDENTITY.save(path)
    path.chmod(mode)
    with pytest.raises(IdentityError, match=f"chmod 600 {path}"):
        Identity.load(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "not json",
        '{"terminal":"Lobby 1","password":"x","hub_host":"h","hub_port":1}',
        '{"terminal":"hub","password":"x","hub_host":"h","hub_port":1}',
        '{"terminal":"lobby-1","password":"","hub_host":"h","hub_port":1}',
        '{"terminal":"lobby-1","password":"x","hub_host":"h","hub_port":70000}',
        '{"terminal":"lobby-1","password":"x","hub_host":"h","hub_port":"1883"}',
    ],
)
def test_a_file_that_is_no_identity_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "identity.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(IdentityError, match="enrol this terminal again") as refused:
        Identity.load(path)
    assert "\n" not in str(refused.value)


def test_an_absent_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="enrol this terminal first"):
        Identity.load(tmp_path / "nothing.json")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(IdentityError):
        IDENTITY.save(tmp_path / "no such folder" / "identity.json")


def test_the_password_is_in_no_log() -> None:
    assert IDENTITY.password not in repr(IDENTITY)
