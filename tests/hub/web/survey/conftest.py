from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store.database import Database
from tests.hub.web.survey.door import Door, opened


@pytest.fixture
def door(_sqlite_template: Path, tmp_path: Path) -> Iterator[Door]:
    store = Database(f"sqlite:///{shutil.copy(_sqlite_template, tmp_path / 'hub.db')}")
    with opened(store, tmp_path) as found:
        yield found
    store.close()
