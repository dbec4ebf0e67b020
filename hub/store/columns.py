"""What all tables share: their register, how keys and constraints are named, kinds of columns and indexes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Serial = BigInteger().with_variant(Integer, "sqlite")


def at(name: str, **options: object) -> Column[int]:
    """A column of milliseconds since 1970-01-01 UTC."""
    return Column(name, BigInteger, **options)  # type: ignore[arg-type]


def only(condition: str) -> dict[str, Any]:
    """Options of an index over the rows for which this holds; a query must say the same words to use it."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
