"""Connections that outlive the store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from hub.store.database import Database


def test_a_connection_held_while_the_store_closes_is_closed_when_it_comes_back(
    new_url: Callable[[], str],
) -> None:
    store = Database(new_url())
    with store.reading() as connection:
        held = connection.connection.dbapi_connection
        store.close()
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    assert held is not None
    with pytest.raises(store.engine.dialect.loaded_dbapi.Error):
        held.cursor().execute("SELECT 1")
