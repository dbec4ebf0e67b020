"""The tables of people, alerts and letters."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from hub.store.columns import Serial, at, metadata

users = Table(
    "users",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),  # operator, manager, installer, staff, auditor
    Column("password_hash", Text),
    Column("failed_count", Integer, nullable=False, server_default="0"),
    at("locked_until"),
    at("created_at", nullable=False),
)
sign_ins = Table(  # browser sessions; only a hash of the cookie is kept
    "sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    at("created_at", nullable=False),
    at("expires_at", nullable=False),
)
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    at("expires_at", nullable=False),
    at("used_at"),
)

alert_rules = Table(
    "alert_rules",
    metadata,
    Column("rule_id", Integer, primary_key=True),
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), nullable=False),  # its whole subtree
    Column("kind", String(32), nullable=False),  # bad_share
    Column("name", String(128), nullable=False),
    Column("setting", JSON, nullable=False),  # hub.alerts.rules.BadShare as JSON
    Column("enabled", Boolean, nullable=False),
    at("created_at", nullable=False),
)
alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Serial, primary_key=True),
    Column("rule_id", ForeignKey("alert_rules.rule_id"), nullable=False),
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), nullable=False),
    Column("open_key", String(64), unique=True),  # rule:touchpoint while open; none when resolved
    Column("state", String(16), nullable=False),  # firing, resolved
    Column("n", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
    at("opened_at", nullable=False),
    at("changed_at", nullable=False),
    at("resolved_at"),
    Index("ix_alerts_scope", "rule_id", "touchpoint_id", "opened_at"),
)
alert_windows = Table(  # fresh taps in slots: a rule never scans taps; pruned after the longest window
    "alert_windows",
    metadata,
    Column("touchpoint_id", Integer, primary_key=True),
    Column("slot", Integer, primary_key=True),  # tapped_at // 5,000
    Column("n", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
    Index("ix_alert_windows_slot", "slot"),
)
sinks = Table(
    "sinks",
    metadata,
    Column("sink_id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),  # webhook, wecom
    Column("name", String(128), nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False, server_default=""),
    Column("allow_private", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("failing_since_at", BigInteger),
    Column("open_until_at", BigInteger),  # breaker: nothing is sent before
    at("created_at", nullable=False),
)
letters = Table(
    "letters",
    metadata,
    Column("letter_id", String(40), primary_key=True),  # constant over retries and replay
    Column("sink_id", ForeignKey("sinks.sink_id"), nullable=False),
    Column("alert_id", BigInteger),
    Column("kind", String(32), nullable=False),  # alert.firing, alert.resolved, test
    Column("content", JSON, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, sent, dead, superseded
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", String(64)),
    at("lease_until"),
    at("due_at", nullable=False),
    at("written_at", nullable=False),
    at("settled_at"),
    Column("last_error", Text, nullable=False, server_default=""),
    Index("ix_letters_due", "state", "due_at"),
    Index("ix_letters_alert", "alert_id"),
)
attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", Serial, primary_key=True),
    Column("letter_id", ForeignKey("letters.letter_id"), nullable=False, index=True),
    Column("outcome", String(16), nullable=False),  # sending, sent, postponed, refused, digested
    Column("detail", Text, nullable=False),
    at("tried_at", nullable=False, index=True),
)
