"""Reasons and a comment that a person adds to an answer, on its thank-you page or on the page of its slip.

In: the body of the form, and what it is added to. Out: details written beside the tap (the last ones win) and
the page again by GET; what cannot be kept is shown again as it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from fastapi import Response

from hub.parts import Parts
from hub.store import details
from hub.store.database import Connection
from hub.store.details import DetailsRow
from hub.web.survey import form_ids, sent
from hub.web.survey.exchange import see_other
from hub.web.survey.paper import Reader
from hub.web.survey.sent import BadForm, DetailsSent
from hub.web.words import Words
from link.questionnaire import Question

_log = structlog.get_logger("survey")


class Show(Protocol):
    """Makes the page of the answer again, with details as kept or as just sent, which `note` explains."""

    def __call__(self, shown: DetailsRow | None, *, note: str = ..., status: int = ...) -> Response:
        """The page."""
        ...


@dataclass(frozen=True, slots=True)
class AddedTo:
    """The answer that something is added to, and the page on which it is."""

    question: Question
    details: DetailsRow | None
    closed: bool
    path: str
    tap_id: Callable[[Connection], int]
    """Looked up in the transaction that writes: another tap may have taken the place of the one shown."""
    show: Show
    query: Mapping[str, str] = field(default_factory=dict)
    """Put behind `path` when something was added."""


def is_closed(received_at: int, now: int) -> bool:
    """Whether a day has passed since the answer came in: nothing can be added to it any more."""
    return now - received_at > form_ids.LIFE_MS


class Adding:
    """Takes what is added."""

    def __init__(self, parts: Parts, words: Words) -> None:
        self._parts, self._words = parts, words

    def add(self, reader: Reader, added_to: AddedTo, body: bytes) -> Response:
        """Keep what the form says, or show the page again with a note that says why not."""
        if added_to.closed:
            return added_to.show(None, status=410)
        try:
            arrived = sent.details(body)
        except BadForm as error:
            return self._refuse(reader, added_to, str(error))
        if not {reason.id for reason in added_to.question.reasons}.issuperset(arrived.reasons):
            return self._refuse(reader, added_to, "a reason that is not offered")
        return self._keep(reader, added_to, arrived)

    def _keep(self, reader: Reader, added_to: AddedTo, arrived: DetailsSent) -> Response:
        now = self._parts.now()
        shown = DetailsRow(0, arrived.reasons, arrived.comment, now)
        if arrived.too_long:
            values = {"n": len(arrived.comment), "most": sent.MOST_CHARS}
            note = self._words("thanks.too_long", reader.language, **values)
            return added_to.show(shown, note=note, status=400)
        try:
            with self._parts.database.writing() as connection:
                tap_id = added_to.tap_id(connection)
                details.write(connection, tap_id, arrived.reasons, arrived.comment, now)
        except Exception as error:
            if not self._parts.database.is_at_fault(error):
                raise
            _log.warning("survey.details_not_kept", error=str(error))
            return added_to.show(shown, note=self._words("busy.details", reader.language), status=503)
        _log.info("survey.details_kept", tap_id=tap_id, reasons=arrived.reasons, chars=len(arrived.comment))
        self._parts.live.tell()
        return see_other(added_to.path, reader, **added_to.query)

    def _refuse(self, reader: Reader, added_to: AddedTo, why: str) -> Response:
        _log.info("survey.details_refused", why=why)
        note = self._words("thanks.unread", reader.language)
        return added_to.show(added_to.details, note=note, status=400)
