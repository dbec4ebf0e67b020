"""The tables of what a kiosk's screen shows besides its question: settings and cards."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from hub.store.columns import at, metadata

kiosk_settings = Table(  # what differs from the node above; a screen gets them merged
    "kiosk_settings",
    metadata,
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), primary_key=True),
    Column("body", Text, nullable=False),  # JSON: some fields of link.kiosk_settings.KioskSettings
    at("changed_at", nullable=False),
)
cards = Table(  # 您说我做, shown at a touchpoint and below it
    "cards",
    metadata,
    Column("card_id", Integer, primary_key=True),
    Column("touchpoint_id", ForeignKey("touchpoints.touchpoint_id"), nullable=False, index=True),
    Column("said", JSON, nullable=False),
    Column("done", JSON, nullable=False),
    Column("day", Integer, nullable=False),  # when it was done
    Column("photo", LargeBinary),  # JPEG as hub.photos makes it
    Column("photo_digest", String(16), nullable=False, server_default=""),
    at("created_at", nullable=False),
    at("until_at"),
    at("withdrawn_at"),
)
