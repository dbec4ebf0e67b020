"""A store is brought to the newest shape, and any other shape is named in one sentence."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from hub.store import migrations, sites
from hub.store.database import Database, StoreError
from hub.store.schema import metadata


@pytest.fixture
def empty(empty_url):
    opened = Database(empty_url)
    yield opened
    opened.close()


def test_an_upgrade_from_nothing_leaves_nothing_to_add(empty):
    migrations.upgrade(empty)
    with empty.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_an_upgrade_gives_what_the_schema_itself_would_make(empty, new_url):
    metadata.create_all(empty.engine)
    upgraded = Database(new_url())
    assert shape(upgraded) == shape(empty)
    upgraded.close()


def with_text(index):
    """The condition of a partial index as words, for two equal ones are not one object."""
    options = {name: str(option) for name, option in index.get("dialect_options", {}).items()}
    return index | {"dialect_options": options}


def shape(store):
    """Every table with its columns, keys and indexes, as the database tells them."""
    with store.reading() as connection:
        looked = inspect(connection)
        return {
            name: (
                [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in looked.get_columns(name)],
                looked.get_pk_constraint(name),
                sorted(looked.get_foreign_keys(name), key=str),
                sorted(looked.get_unique_constraints(name), key=str),
                sorted(str(index) for index in map(with_text, looked.get_indexes(name))),
            )
            for name in looked.get_table_names()
            if name != "alembic_version"
        }


def test_an_upgraded_store_passes_the_check(empty):
    migrations.upgrade(empty)
    migrations.check(empty)


def test_a_second_upgrade_keeps_what_is_there(empty):
    migrations.upgrade(empty)
    with empty.writing() as connection:
        sites.create(connection, name={"zh-CN": "云栖苑"}, now=1)
    migrations.upgrade(empty)
    with empty.reading() as connection:
        assert [site.name for site in sites.every(connection)] == [{"zh-CN": "云栖苑"}]


def test_an_empty_store_is_told_to_upgrade(empty):
    with pytest.raises(StoreError, match=r"^the store is empty; run: taploop-hub upgrade$"):
        migrations.check(empty)


def test_an_old_store_is_told_to_upgrade(empty):
    migrations.upgrade(empty)
    with empty.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(StoreError, match=r"^the store has schema 0001.*; run: taploop-hub upgrade$"):
        migrations.check(empty)


@pytest.mark.parametrize("what", [migrations.check, migrations.upgrade])
def test_a_newer_store_is_left_alone(empty, what):
    migrations.upgrade(empty)
    with empty.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"^the store has schema 9999, which this hub does not know"):
        what(empty)


@pytest.mark.parametrize("what", [migrations.check, migrations.upgrade])
def test_a_foreign_database_is_left_alone(empty, what):
    with empty.writing() as connection:
        connection.execute(text("CREATE TABLE invoices (id integer)"))
    with pytest.raises(StoreError, match=r"^the database holds tables that are not Taploop's"):
        what(empty)


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(b"not a database, but long enough to be looked at" * 100)
    store = Database(f"sqlite:///{path}")
    with pytest.raises(
        StoreError, match=r"^the store sqlite:///.*store\.db cannot be used: file is not a database$"
    ):
        migrations.check(store)
    store.close()


def test_a_database_server_that_is_not_there_is_named(tmp_path):
    store = Database(f"postgresql+psycopg://taploop:secret@/taploop?host={tmp_path}")
    with pytest.raises(StoreError, match=r"cannot be used: connection is bad") as raised:
        migrations.upgrade(store)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)
    store.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite+nope:///x"])
def test_a_wrong_url_is_told_in_one_sentence(url):
    with pytest.raises(StoreError, match="database"):
        Database(url)
