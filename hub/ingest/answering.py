"""Answers of the survey page within a commit: a form makes one tap, however often it is sent.

In: answers and a writing connection. Out: rows to insert with all the others, then what each answer became.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.ingest import placing
from hub.ingest.arrivals import Taken, WebAnswer
from hub.ingest.numbers import Numbers
from hub.store import web_store
from hub.store.database import Connection
from hub.store.tap_kinds import PROOFS
from link.clock import TRUSTED


@dataclass(slots=True)
class Sheet:
    """The answers of one commit: those of forms sent before, and the rows of the others with their seqs."""

    answers: Sequence[WebAnswer]
    store_no: int
    used: dict[str, int]
    seqs: dict[str, int] = field(default_factory=dict)
    rows: list[placing.Row] = field(default_factory=list)


def prepare(connection: Connection, numbers: Numbers, now: int, answers: Sequence[WebAnswer]) -> Sheet:
    """Give a seq to each form that was not used yet; other writers wait until this transaction ends."""
    store_no = numbers.web_store()
    last = web_store.lock(connection, store_no)
    sheet = Sheet(answers, store_no, web_store.used(connection, {answer.form_id for answer in answers}))
    for answer in answers:
        if answer.form_id in sheet.used or answer.form_id in sheet.seqs:
            continue
        last += 1
        sheet.seqs[answer.form_id] = last
        sheet.rows.append(_row(numbers, answer, store_no, last, now))
    if sheet.rows:
        web_store.give_upto(connection, store_no, last)
    return sheet


def finish(connection: Connection, sheet: Sheet, now: int) -> list[Taken]:
    """After the rows are written: note the forms, and say for each answer which tap it is."""
    made: dict[str, int] = {}
    if sheet.rows:
        ids = web_store.tap_ids(connection, sheet.store_no, sheet.rows[0][1], sheet.rows[-1][1])
        made = {form_id: ids[seq] for form_id, seq in sheet.seqs.items()}
        web_store.use(connection, made, now)
    found: list[Taken] = []
    for answer in sheet.answers:
        repeated = answer.form_id in sheet.used
        found.append(Taken(sheet.used.get(answer.form_id) or made[answer.form_id], repeated))
        sheet.used.setdefault(answer.form_id, found[-1].tap_id)
    return found


def _row(numbers: Numbers, answer: WebAnswer, store_no: int, seq: int, now: int) -> placing.Row:
    number, ratings = numbers[answer.questionnaire, answer.question, answer.scale]
    if not ratings >> answer.rating & 1:
        raise ValueError(f"{answer.rating} is no rating of {answer.scale}")
    at = min(answer.tapped_at, now)
    day = placing.day_at(at, numbers.zone(answer.touchpoint_id))
    proof = PROOFS.index(answer.proof)
    body = f"web|0|{answer.tapped_at}|1|"
    return (
        *(store_no, seq, answer.touchpoint_id, number, answer.rating),
        *(at, TRUSTED, now, proof, 0, day, body),
    )
