"""The numbers behind /metrics and /readyz. In: parts of the running hub. Out: readings by metric name."""

from __future__ import annotations

from hub.ingest import listener, presence
from hub.ingest.intake import Intake
from hub.store import alerts, batches, ledger, letters
from hub.store import presence as presence_rows
from hub.store.database import Database


def store_trouble(database: Database) -> str:
    """Why the store cannot be read, in one sentence; empty when it can."""
    try:
        with database.reading() as connection:
            batches.waiting(connection)
    except Exception as error:
        if not database.is_at_fault(error):
            raise
        return f"the store cannot be read: {' '.join(str(error).split())[:200]}"
    return ""


def of_store(database: Database) -> dict[str, float]:
    """What the store says, whichever process wrote it; empty when it cannot be read."""
    try:
        with database.reading() as connection:
            totals = ledger.totals(connection)
            counted = letters.counts(connection)
            return {
                "taploop_terminals_online": sum(row.online for row in presence_rows.every(connection)),
                "taploop_taps_pending": sum(total.pending for total in totals),
                "taploop_taps_missing": sum(total.missing for total in totals),
                "taploop_batches_waiting": batches.waiting(connection),
                "taploop_alerts_open": len(alerts.open_list(connection)),
                "taploop_letters_waiting": counted[letters.WAITING],
                "taploop_letters_dead": counted[letters.DEAD],
            }
    except Exception as error:
        if not database.is_at_fault(error):
            raise
        return {}


def of_listener(doings: listener.Doings, *, connected: bool) -> dict[str, float]:
    """What the MQTT door has seen since the start."""
    return {
        "taploop_messages_total": doings.messages,
        "taploop_receipts_total": doings.receipts,
        "taploop_receipts_unsent_total": doings.receipts_unsent,
        "taploop_refused_by_broker_total": doings.refused_by_broker,
        "taploop_broker_connected": connected,
    }


def of_presence(doings: presence.Doings) -> dict[str, float]:
    """What has been heard of terminals since the start."""
    return {"taploop_states_total": doings.heard, "taploop_states_dropped_total": doings.dropped}


def of_intake(intake: Intake, now: int) -> dict[str, float]:
    """What the intake has done since the start."""
    done, last = intake.doings, intake.last_commit_at
    return {
        "taploop_taps_committed_total": done.received,
        "taploop_taps_duplicate_total": done.duplicates,
        "taploop_taps_refused_total": done.refused,
        "taploop_quarantined_total": done.quarantined,
        "taploop_wrong_version_total": done.wrong_version,
        "taploop_unknown_terminal_total": done.unknown,
        "taploop_commits_total": done.commits,
        "taploop_intake_waiting": intake.depth,
        "taploop_last_commit_age_seconds": (now - last) / 1000 if last else -1,
    }
