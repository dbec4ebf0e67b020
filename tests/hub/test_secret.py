"""The hub's secret is made once, kept private, and never guessed at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub import secret
from hub.settings import SettingsError


def test_a_secret_is_made_once_and_stays(tmp_path: Path) -> None:
    first = secret.load_or_make(tmp_path / "data")
    assert len(first) == secret.SIZE
    assert secret.load_or_make(tmp_path / "data") == first
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600


def test_many_that_start_at_once_agree_on_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secret.load_or_make(tmp_path), range(32)))
    assert len(found) == 1


def test_a_damaged_secret_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    (tmp_path / "secret").chmod(0o600)
    with pytest.raises(SettingsError, match="is damaged"):
        secret.load_or_make(tmp_path)


def test_a_data_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a directory")
    with pytest.raises(SettingsError, match="cannot be used"):
        secret.load_or_make(tmp_path / "data")
