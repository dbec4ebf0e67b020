"""The tables of the hub, for SQLite and PostgreSQL alike; nothing but their shape.

`*_at` are integers: milliseconds since 1970-01-01 UTC. `day` is a calendar day as 20261123. Texts in several
languages are JSON objects keyed by language. Keys on the hot path are small integers that grow at the end.
"""

from __future__ import annotations

from hub.store.columns import metadata
from hub.store.tables_people import (
    alert_rules,
    alert_windows,
    alerts,
    attempts,
    letters,
    sign_in_links,
    sign_ins,
    sinks,
    users,
)
from hub.store.tables_places import (
    clock_samples,
    labels,
    placements,
    places,
    presence,
    questionnaires,
    questions,
    sites,
    stores,
    terminals,
    touchpoints,
)
from hub.store.tables_screens import cards, kiosk_settings
from hub.store.tables_taps import amendments, batches, details, forms, ledger, quarantine, rollup, taps

__all__ = [
    "alert_rules",
    "alert_windows",
    "alerts",
    "amendments",
    "attempts",
    "batches",
    "cards",
    "clock_samples",
    "details",
    "forms",
    "kiosk_settings",
    "labels",
    "ledger",
    "letters",
    "metadata",
    "placements",
    "places",
    "presence",
    "quarantine",
    "questionnaires",
    "questions",
    "rollup",
    "sign_in_links",
    "sign_ins",
    "sinks",
    "sites",
    "stores",
    "taps",
    "terminals",
    "touchpoints",
    "users",
]
