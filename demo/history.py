"""Writes the estate's past: some weeks of taps, handed to the hub's own intake like any others.

In: the estate and a seed. Out: taps in the hub, each through decode, deduplication, ledger and roll-up.
A touchpoint without a terminal gets its past from people who scanned its label.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event

from demo import characters, crowd
from demo.estate import Estate
from hub.ingest.intake import Arrival, Intake
from hub.starter_set.planting import Planted
from hub.starter_set.reading import OVERALL_ID
from hub.store import placements, terminals
from hub.store.database import Connection
from link import messages, topics

STORE = "history"
_FINISH_WITHIN_S = 120.0


def prepare(connection: Connection, estate: Estate, now: int, since: int) -> dict[int, str]:
    """Make the retired terminals that stand for scanned labels; return terminal id by touchpoint id."""
    by_touchpoint = {
        estate.at(one.touchpoint).touchpoint_id: one.terminal
        for one in (characters.KIOSK, *characters.SIMULATED)
    }
    for one in estate.planted:
        if one.touchpoint_id not in by_touchpoint:
            terminal = f"past-{one.touchpoint_id}"
            number = terminals.create(connection, terminal_id=terminal, kind="web", now=now)
            placements.place_terminal(connection, number, one.touchpoint_id, since)
            by_touchpoint[one.touchpoint_id] = terminal
    return by_touchpoint


def retire(connection: Connection, terminal_of: dict[int, str], now: int) -> None:
    """The stand-ins have done their work; the fleet page need not show them."""
    for terminal in terminal_of.values():
        if terminal.startswith("past-"):
            row = terminals.by_id(connection, terminal)
            if row is not None:
                placements.take_away(connection, row.terminal_no, now)
                terminals.retire(connection, row.terminal_no, now)


def hand_in(intake: Intake, estate: Estate, terminal_of: dict[int, str], now: int, seed: int) -> int:
    """Hand all past taps to the intake and wait until they are committed; return how many."""
    chance = Random(seed)  # noqa: S311 a made-up past, not a secret
    total, waiting = 0, []
    for one in estate.planted:
        terminal = terminal_of[one.touchpoint_id]
        proof = "static" if terminal.startswith("past-") else "kiosk"
        for batch in _batches(one, proof, now, chance):
            committed = Event()
            waiting.append(committed)
            total += len(batch.taps)
            payload = messages.encode(batch)
            intake.offer(Arrival(terminal, topics.taps(terminal), payload, now, committed.set))
    for committed in waiting:
        if not committed.wait(_FINISH_WITHIN_S):
            raise TimeoutError("the history was not committed within two minutes; is the disk full?")
    return total


def _batches(one: Planted, proof: str, now: int, chance: Random) -> Iterator[messages.TapBatch]:
    days = characters.HISTORY_DAYS
    if one.scenario == OVERALL_ID:
        moments = crowd.history(characters.OVERALL, days, now, chance, crowd.recommendation)
    else:
        moments = crowd.history(characters.character_of(one.name["zh-CN"]), days, now, chance)
    taps = [_tap(seq, moment, one, proof) for seq, moment in enumerate(moments, start=1)]
    for start in range(0, len(taps), messages.MAX_TAPS):
        yield messages.TapBatch(
            v=messages.VERSION,
            store=STORE,
            boot=STORE,
            uptime=now,
            sent_at=now,
            trusted=True,
            taps=tuple(taps[start : start + messages.MAX_TAPS]),
        )


def _tap(seq: int, moment: crowd.Moment, one: Planted, proof: str) -> messages.Tap:
    there = datetime.fromtimestamp(moment.at / 1000, UTC) + timedelta(milliseconds=crowd.SHANGHAI_MS)
    return messages.Tap(
        seq=seq,
        tapped_at=moment.at,
        uptime=moment.at,
        boot=STORE,
        trusted=True,
        day=int(there.strftime("%Y%m%d")),
        questionnaire=f"{one.scenario}@1",
        question="recommend" if one.scenario == OVERALL_ID else "satisfied",
        scale="nps-11" if one.scenario == OVERALL_ID else "faces-5",
        rating=moment.rating,
        proof=proof,  # type: ignore[arg-type]
    )
