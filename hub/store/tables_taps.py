"""The tables of taps and of what is counted from them; keys on the hot path are small and grow at the end."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hub.store.columns import Serial, at, metadata, only

taps = Table(
    "taps",
    metadata,
    Column("tap_id", Serial, primary_key=True),
    Column("store_no", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("touchpoint_id", Integer),  # where the terminal stood when the tap was made; none: nowhere yet
    Column("question_no", Integer, nullable=False),
    Column("rating", SmallInteger, nullable=False),
    at("tapped_at", nullable=False),  # as placed by the hub
    Column("placed", SmallInteger, nullable=False),  # hub.store.taps.PLACED_*
    at("received_at", nullable=False),
    Column("proof", SmallInteger, nullable=False),  # hub.store.taps.PROOFS
    Column("flags", SmallInteger, nullable=False),  # hub.store.taps.FLAG_*
    Column("day", Integer, nullable=False),  # the terminal's own day
    Column("body", Text, nullable=False),  # all else that the frozen row said: hub.ingest.placing
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
    at("committed_at", nullable=False),
    Column("lease_owner", String(64)),
    at("lease_until"),
    at("done_at"),
    Index("ix_batches_open", "done_at", "batch_id"),
)
amendments = Table(  # one row a tap that another tap of its store replaces
    "amendments",
    metadata,
    Column("store_no", Integer, primary_key=True, autoincrement=False),
    Column("amends", BigInteger, primary_key=True, autoincrement=False),  # seq of the one replaced
    Column("seq", BigInteger, nullable=False),  # of the one in its place
    Column("state", SmallInteger, nullable=False),  # hub.store.amendments: WAITING, UNTOLD, DONE
    Index("ix_amendments_later", "store_no", "seq"),
    Index("ix_amendments_open", "state", "store_no", **only("state < 2")),
)
details = Table(  # what came with a bad answer, and what the survey page or the slip's page added
    "details",
    metadata,
    Column("tap_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reasons", JSON, nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    at("written_at", nullable=False),
    Column("slip", String(16), index=True),  # by which a person follows the answer
)
forms = Table(  # one-time form ids that have been used
    "forms",
    metadata,
    Column("form_id", String(64), primary_key=True),
    Column("tap_id", BigInteger, nullable=False),
    at("used_at", nullable=False),
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
    at("received_at", nullable=False),
)
