"""The tables of the hub, for SQLite and PostgreSQL alike; nothing but their shape.

`*_at` are integers: milliseconds since 1970-01-01 UTC. `day` is a calendar day as 20261123. Texts in several
languages are JSON objects keyed by language. Keys on the hot path are small integers that grow at the end.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Serial = BigInteger().with_variant(Integer, "sqlite")


def _at(name: str, **options: object) -> Column[int]:
    return Column(name, BigInteger, **options)  # type: ignore[arg-type]


# --- where and what -------------------------------------------------------------------------------------
sites = Table(
    "sites",
    metadata,
    Column("site_id", Integer, primary_key=True),
    Column("name", JSON, nullable=False),
    Column("timezone", String(64), nullable=False, server_default="Asia/Shanghai"),
    Column("hotline", String(64), nullable=False, server_default=""),
    Column("households", Integer, nullable=False, server_default="0"),
    _at("created_at", nullable=False),
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
    _at("retired_at"),
)
questionnaires = Table(
    "questionnaires",
    metadata,
    Column("questionnaire_id", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("body", Text, nullable=False),  # JSON of link.questionnaire.Questionnaire
    _at("created_at", nullable=False),
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
    _at("created_at", nullable=False),
    _at("retired_at"),
)

# --- terminals ------------------------------------------------------------------------------------------
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
    _at("created_at", nullable=False),
    _at("retired_at"),
)
placements = Table(
    "placements",
    metadata,
    Column("placement_id", Integer, primary_key=True),
    Column("terminal_no", ForeignKey("terminals.terminal_no"), nullable=False, index=True),
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), nullable=False, index=True),
    _at("from_at", nullable=False),
    _at("until_at"),
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
    _at("first_seen_at", nullable=False),
    _at("stated_at"),
    UniqueConstraint("terminal_no", "store"),
)
presence = Table(
    "presence",
    metadata,
    Column("terminal_no", ForeignKey("terminals.terminal_no"), primary_key=True),
    Column("online", Boolean, nullable=False),
    Column("session", String(64), nullable=False),
    Column("state", JSON, nullable=False),  # the last birth or heartbeat, as JSON
    _at("since_at", nullable=False),
    _at("heard_at", nullable=False),
)
clock_samples = Table(  # when a boot's uptime 0 was, as learned from a trusted clock
    "clock_samples",
    metadata,
    Column("terminal_no", ForeignKey("terminals.terminal_no"), primary_key=True),
    Column("boot", String(64), primary_key=True),
    _at("started_at", nullable=False),
)

# --- taps -----------------------------------------------------------------------------------------------
taps = Table(
    "taps",
    metadata,
    Column("tap_id", Serial, primary_key=True),
    Column("store_no", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("touchpoint_id", Integer),  # where the terminal stood when the tap was made; none: nowhere yet
    Column("question_no", Integer, nullable=False),
    Column("rating", SmallInteger, nullable=False),
    _at("tapped_at", nullable=False),  # as placed by the hub
    Column("placed", SmallInteger, nullable=False),  # hub.store.taps.PLACED_*
    _at("received_at", nullable=False),
    Column("proof", SmallInteger, nullable=False),  # hub.store.taps.PROOFS
    Column("flags", SmallInteger, nullable=False),  # hub.store.taps.FLAG_*
    Column("day", Integer, nullable=False),  # the terminal's own day
    Column("body", Text, nullable=False),  # boot|uptime|wall|trusted|layout: what else the frozen row said
    UniqueConstraint("store_no", "seq"),
    sqlite_autoincrement=False,
)
rollup = Table(  # every score reads this
    "rollup",
    metadata,
    Column("touchpoint_id", Integer, primary_key=True),
    Column("hour", Integer, primary_key=True),  # tapped_at // 3,600,000
    Column("question_no", Integer, primary_key=True),
    Column("proof", SmallInteger, primary_key=True),
    Column("rating", SmallInteger, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)
ledger = Table(  # one row a store and day of the terminal
    "ledger",
    metadata,
    Column("store_no", Integer, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("made", BigInteger, nullable=False, server_default="0"),  # as the terminal claims
    Column("received", BigInteger, nullable=False, server_default="0"),
    Column("duplicates", BigInteger, nullable=False, server_default="0"),
    Column("refused", BigInteger, nullable=False, server_default="0"),
)
batches = Table(  # one row a commit of the intake; the alert rules claim them
    "batches",
    metadata,
    Column("batch_id", Serial, primary_key=True),
    Column("first_tap_id", BigInteger, nullable=False),
    Column("last_tap_id", BigInteger, nullable=False),
    _at("committed_at", nullable=False),
    Column("lease_owner", String(64)),
    _at("lease_until"),
    _at("done_at"),
    Index("ix_batches_open", "done_at", "batch_id"),
)
details = Table(  # what the survey page adds to a tap
    "details",
    metadata,
    Column("tap_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reasons", JSON, nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    _at("written_at", nullable=False),
)
forms = Table(  # one-time form ids that have been used
    "forms",
    metadata,
    Column("form_id", String(64), primary_key=True),
    Column("tap_id", BigInteger, nullable=False),
    _at("used_at", nullable=False),
)
quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", Serial, primary_key=True),
    Column("terminal_id", String(64), nullable=False, index=True),
    Column("topic", String(256), nullable=False),
    Column(
        "reason", String(32), nullable=False
    ),  # unreadable, too_large, version, bad_tap, conflict, unknown
    Column("detail", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    _at("received_at", nullable=False),
)

# --- people ---------------------------------------------------------------------------------------------
users = Table(
    "users",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),  # operator, manager, installer, staff, auditor
    Column("password_hash", Text),
    Column("failed_count", Integer, nullable=False, server_default="0"),
    _at("locked_until"),
    _at("created_at", nullable=False),
)
sign_ins = Table(  # browser sessions; only a hash of the cookie is kept
    "sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    _at("created_at", nullable=False),
    _at("expires_at", nullable=False),
)
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    _at("expires_at", nullable=False),
    _at("used_at"),
)

# --- alerts and letters ---------------------------------------------------------------------------------
alert_rules = Table(
    "alert_rules",
    metadata,
    Column("rule_id", Integer, primary_key=True),
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), nullable=False),  # its whole subtree
    Column("kind", String(32), nullable=False),  # bad_share
    Column("name", String(128), nullable=False),
    Column("setting", JSON, nullable=False),  # hub.alerts.rules.BadShare as JSON
    Column("enabled", Boolean, nullable=False),
    _at("created_at", nullable=False),
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
    _at("opened_at", nullable=False),
    _at("changed_at", nullable=False),
    _at("resolved_at"),
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
    _at("created_at", nullable=False),
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
    _at("lease_until"),
    _at("due_at", nullable=False),
    _at("written_at", nullable=False),
    _at("settled_at"),
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
    _at("tried_at", nullable=False, index=True),
)
