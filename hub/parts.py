"""What the composition (`hub.app`) hands to every page and every worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.ingest.intake import Intake
from hub.live import Live
from hub.settings import Settings
from hub.store.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """The running hub, as its pages see it."""

    settings: Settings
    database: Database
    intake: Intake
    live: Live
    now: Callable[[], int]
    """Milliseconds since 1970-01-01 UTC."""
    secret: bytes
    """32 bytes, kept in the data directory; signs forms and cookies, never leaves the hub."""
