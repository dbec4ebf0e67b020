"""The tables of where and what (sites, places, touchpoints, questionnaires), and of terminals."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hub.store.columns import at, metadata

sites = Table(
    "sites",
    metadata,
    Column("site_id", Integer, primary_key=True),
    Column("name", JSON, nullable=False),
    Column("timezone", String(64), nullable=False, server_default="Asia/Shanghai"),
    Column("hotline", String(64), nullable=False, server_default=""),
    Column("households", Integer, nullable=False, server_default="0"),
    at("created_at", nullable=False),
)
places = Table(
    "places",
    metadata,
    Column("place_id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.site_id"), nullable=False, index=True),
    Column("parent_id", ForeignKey("places.place_id"), index=True),
    Column("kind", String(16), nullable=False),  # estate, building, floor, area
    Column("name", JSON, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("lift_code", String(32), nullable=False, server_default=""),  # of a lift's car; never inherited
)
touchpoints = Table(
    "touchpoints",
    metadata,
    Column("touchpoint_id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.site_id"), nullable=False, index=True),
    Column("parent_id", ForeignKey("touchpoints.touchpoint_id"), index=True),
    Column("kind", String(16), nullable=False),  # overall, scenario, content, dimension, touchpoint
    Column("name", JSON, nullable=False),
    Column("place_id", ForeignKey("places.place_id")),
    Column("standard", Text, nullable=False, server_default=""),  # the internal work standard
    Column("weight", Float, nullable=False, server_default="1"),
    Column("questionnaire_id", String(64)),  # none: inherited from the parent
    Column("position", Integer, nullable=False, server_default="0"),
    at("retired_at"),
)
questionnaires = Table(
    "questionnaires",
    metadata,
    Column("questionnaire_id", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("body", Text, nullable=False),  # JSON of link.questionnaire.Questionnaire
    at("created_at", nullable=False),
)
questions = Table(  # what taps were answers to, by a small number
    "questions",
    metadata,
    Column("question_no", Integer, primary_key=True),
    Column("questionnaire", String(64), nullable=False),  # id@revision
    Column("question", String(64), nullable=False),
    Column("scale", String(64), nullable=False),
    UniqueConstraint("questionnaire", "question", "scale"),
)
labels = Table(
    "labels",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), nullable=False, index=True),
    at("created_at", nullable=False),
    at("retired_at"),
)

terminals = Table(
    "terminals",
    metadata,
    Column("terminal_no", Integer, primary_key=True),
    Column("terminal_id", String(64), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),  # kiosk, bridge, web
    Column("name", String(128), nullable=False, server_default=""),
    Column("password_hash", Text),
    Column("config_revision", Integer, nullable=False, server_default="0"),
    Column("config_fingerprint", String(16), nullable=False, server_default=""),  # of that revision's content
    at("created_at", nullable=False),
    at("retired_at"),
)
placements = Table(
    "placements",
    metadata,
    Column("placement_id", Integer, primary_key=True),
    Column("terminal_no", ForeignKey("terminals.terminal_no"), nullable=False, index=True),
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), nullable=False, index=True),
    at("from_at", nullable=False),
    at("until_at"),
)
stores = Table(  # one row an outbox; a tap's identity is (store_no, seq)
    "stores",
    metadata,
    Column("store_no", Integer, primary_key=True),
    Column("terminal_no", ForeignKey("terminals.terminal_no"), nullable=False),
    Column("store", String(64), nullable=False),
    Column("upto", BigInteger, nullable=False, server_default="0"),  # looked at so far: see holes
    Column("holes", JSON),  # [[first, last], …] up to `upto`, neither received nor refused
    Column("refused", JSON),  # [[first, last], …] that the hub will never take
    Column(
        "claimed_seq", BigInteger, nullable=False, server_default="0"
    ),  # the terminal says it made so many
    Column("pending", JSON),  # [[first, last], …] as the terminal last said
    Column("pending_count", BigInteger, nullable=False, server_default="0"),
    Column("oldest_pending_at", BigInteger, nullable=False, server_default="0"),
    Column("missing", JSON),  # [[first, last], …] made, neither received nor pending
    Column("missing_count", BigInteger, nullable=False, server_default="0"),
    at("first_seen_at", nullable=False),
    at("stated_at"),
    UniqueConstraint("terminal_no", "store"),
)
presence = Table(
    "presence",
    metadata,
    Column("terminal_no", ForeignKey("terminals.terminal_no"), primary_key=True),
    Column("online", Boolean, nullable=False),
    Column("session", String(64), nullable=False),
    Column("state", JSON, nullable=False),  # the last birth or heartbeat, as JSON
    at("since_at", nullable=False),
    at("heard_at", nullable=False),
)
clock_samples = Table(  # when a boot's uptime 0 was, as learned from a trusted clock
    "clock_samples",
    metadata,
    Column("terminal_no", ForeignKey("terminals.terminal_no"), primary_key=True),
    Column("boot", String(64), primary_key=True),
    at("started_at", nullable=False),
)
