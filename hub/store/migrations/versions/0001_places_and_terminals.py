"""Sites, places, touchpoints, questionnaires, labels; terminals and where they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "questionnaires",
        sa.Column("questionnaire_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("questionnaire_id", "revision", name=op.f("pk_questionnaires")),
    )
    op.create_table(
        "questions",
        sa.Column("question_no", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("scale", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("question_no", name=op.f("pk_questions")),
        sa.UniqueConstraint(
            "questionnaire", "question", "scale", name=op.f("uq_questions_questionnaire_question_scale")
        ),
    )
    op.create_table(
        "sites",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("timezone", sa.String(length=64), server_default="Asia/Shanghai", nullable=False),
        sa.Column("hotline", sa.String(length=64), server_default="", nullable=False),
        sa.Column("households", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_sites")),
    )
    op.create_table(
        "terminals",
        sa.Column("terminal_no", sa.Integer(), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), server_default="", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("config_revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("config_fingerprint", sa.String(length=16), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("terminal_no", name=op.f("pk_terminals")),
        sa.UniqueConstraint("terminal_id", name=op.f("uq_terminals_terminal_id")),
    )
    op.create_table(
        "clock_samples",
        sa.Column("terminal_no", sa.Integer(), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_no"], ["terminals.terminal_no"], name=op.f("fk_clock_samples_terminal_no_terminals")
        ),
        sa.PrimaryKeyConstraint("terminal_no", "boot", name=op.f("pk_clock_samples")),
    )
    op.create_table(
        "places",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["places.place_id"], name=op.f("fk_places_parent_id_places")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_places_site_id_sites")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_places")),
    )
    op.create_index(op.f("ix_places_parent_id"), "places", ["parent_id"], unique=False)
    op.create_index(op.f("ix_places_site_id"), "places", ["site_id"], unique=False)
    op.create_table(
        "presence",
        sa.Column("terminal_no", sa.Integer(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("since_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["terminal_no"], ["terminals.terminal_no"], name=op.f("fk_presence_terminal_no_terminals")
        ),
        sa.PrimaryKeyConstraint("terminal_no", name=op.f("pk_presence")),
    )
    op.create_table(
        "stores",
        sa.Column("store_no", sa.Integer(), nullable=False),
        sa.Column("terminal_no", sa.Integer(), nullable=False),
        sa.Column("store", sa.String(length=64), nullable=False),
        sa.Column("upto", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("holes", sa.JSON(), nullable=True),
        sa.Column("refused", sa.JSON(), nullable=True),
        sa.Column("claimed_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pending", sa.JSON(), nullable=True),
        sa.Column("pending_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("oldest_pending_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("missing", sa.JSON(), nullable=True),
        sa.Column("missing_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("stated_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["terminal_no"], ["terminals.terminal_no"], name=op.f("fk_stores_terminal_no_terminals")
        ),
        sa.PrimaryKeyConstraint("store_no", name=op.f("pk_stores")),
        sa.UniqueConstraint("terminal_no", "store", name=op.f("uq_stores_terminal_no_store")),
    )
    op.create_table(
        "touchpoints",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("standard", sa.Text(), server_default="", nullable=False),
        sa.Column("weight", sa.Float(), server_default="1", nullable=False),
        sa.Column("questionnaire_id", sa.String(length=64), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["touchpoints.touchpoint_id"], name=op.f("fk_touchpoints_parent_id_touchpoints")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.place_id"], name=op.f("fk_touchpoints_place_id_places")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.site_id"], name=op.f("fk_touchpoints_site_id_sites")),
        sa.PrimaryKeyConstraint("touchpoint_id", name=op.f("pk_touchpoints")),
    )
    op.create_index(op.f("ix_touchpoints_parent_id"), "touchpoints", ["parent_id"], unique=False)
    op.create_index(op.f("ix_touchpoints_site_id"), "touchpoints", ["site_id"], unique=False)
    op.create_table(
        "labels",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"], ["touchpoints.touchpoint_id"], name=op.f("fk_labels_touchpoint_id_touchpoints")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_labels")),
    )
    op.create_index(op.f("ix_labels_touchpoint_id"), "labels", ["touchpoint_id"], unique=False)
    op.create_table(
        "placements",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("terminal_no", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["terminal_no"], ["terminals.terminal_no"], name=op.f("fk_placements_terminal_no_terminals")
        ),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["touchpoints.touchpoint_id"],
            name=op.f("fk_placements_touchpoint_id_touchpoints"),
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_placements")),
    )
    op.create_index(op.f("ix_placements_terminal_no"), "placements", ["terminal_no"], unique=False)
    op.create_index(op.f("ix_placements_touchpoint_id"), "placements", ["touchpoint_id"], unique=False)
