"""A terminal's password is kept as a hash that only itself matches."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import terminal_passwords

words = st.text(min_size=1, max_size=60).filter(lambda text: "\0" not in text)


@given(words, words)
def test_only_the_same_password_matches(password: str, other: str) -> None:
    kept = terminal_passwords.hashed(password, "salt")
    assert terminal_passwords.matches(password, kept)
    assert terminal_passwords.matches(other, kept) == (other == password)
    assert password not in kept.split("$")[1:2]


@pytest.mark.parametrize("kept", [None, "", "x", "sha256$", "sha256$a", "md5$a$b", "sha256$a$b$c", "$$"])
def test_what_is_no_hash_matches_nothing(kept: str | None) -> None:
    assert not terminal_passwords.matches("", kept)
    assert not terminal_passwords.matches("b", kept)


def test_mosquittos_own_tool_makes_the_same_kind_of_line(tmp_path) -> None:
    ours = terminal_passwords.mosquitto_line("k1", "word", bytes(12))
    file = tmp_path / "passwords"
    file.touch(0o600)
    try:
        subprocess.run(["mosquitto_passwd", "-b", str(file), "k1", "word"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.fail("mosquitto_passwd is missing; install it with: apt-get install mosquitto")
    theirs = file.read_text().strip()
    assert [len(part) for part in ours.split("$")] == [len(part) for part in theirs.split("$")]
    assert ours.split("$")[:3] == theirs.split("$")[:3]
