"""Taps that replace others, and slips."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("store_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amends", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_no", "amends", name=op.f("pk_amendments")),
    )
    op.create_index("ix_amendments_later", "amendments", ["store_no", "seq"], unique=False)
    op.create_index(
        "ix_amendments_open",
        "amendments",
        ["state", "store_no"],
        unique=False,
        sqlite_where=sa.text("state < 2"),
        postgresql_where=sa.text("state < 2"),
    )
    op.add_column("details", sa.Column("slip", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_details_slip"), "details", ["slip"], unique=False)
