"""The thank-you page of one tap, and the reasons and the comment that are added to it there.

In: a code, a signed token that names a tap, the body of the form. Out: the page, or details written beside
the tap (the last ones win). What cannot be kept is shown again as it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from fastapi import Response

from hub.parts import Parts
from hub.store import details, forms, labels
from hub.store.details import DetailsRow
from hub.store.forms import AnswerRow
from hub.store.labels import LabelRow
from hub.web.survey import form_ids, offers, sent
from hub.web.survey.exchange import page, see_other
from hub.web.survey.form_ids import BadFormId
from hub.web.survey.offers import NotOffered
from hub.web.survey.pages import Pages, Reader
from hub.web.survey.sent import BadForm, DetailsSent
from link.questionnaire import Question

_log = structlog.get_logger("survey")


@dataclass(frozen=True, slots=True)
class Answered:
    """One tap with all that its thank-you page shows."""

    answer: AnswerRow
    label: LabelRow
    question: Question
    details: DetailsRow | None
    closed: bool
    """Nothing can be added any more."""


class Thanking:
    """Shows thank-you pages and takes what is added on them."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages

    def show(self, reader: Reader, code: str, token: str, *, other: bool) -> Response:
        """The page of a tap; `other`: another choice than the kept one was sent again. Raises NotOffered."""
        found = self._answered(code, token)
        return self._page(reader, found, found.details, other=other)

    def add(self, reader: Reader, code: str, token: str, body: bytes) -> Response:
        """Keep reasons and comment beside the tap, then the page again by GET. Raises NotOffered."""
        found = self._answered(code, token)
        if found.closed:
            return self._page(reader, found, None, status=410)
        try:
            arrived = sent.details(body)
        except BadForm as error:
            return self._refuse(reader, found, str(error))
        offered = {reason.id for reason in found.question.reasons}
        if not offered.issuperset(arrived.reasons):
            return self._refuse(reader, found, "a reason that is not offered")
        return self._add(reader, found, arrived, f"/t/{found.label.code}/thanks/{token}")

    def _add(self, reader: Reader, found: Answered, arrived: DetailsSent, path: str) -> Response:
        tap_id, now = found.answer.tap_id, self._parts.now()
        shown = DetailsRow(tap_id, arrived.reasons, arrived.comment, now)
        if arrived.too_long:
            values = {"n": len(arrived.comment), "most": sent.MOST_CHARS}
            note = self._pages.words("thanks.too_long", reader.language, **values)
            return self._page(reader, found, shown, note=note, status=400)
        try:
            with self._parts.database.writing() as connection:
                details.write(connection, tap_id, arrived.reasons, arrived.comment, now)
        except Exception as error:
            if not self._parts.database.is_at_fault(error):
                raise
            _log.warning("survey.details_not_kept", tap_id=tap_id, error=str(error))
            note = self._pages.words("busy.details", reader.language)
            return self._page(reader, found, shown, note=note, status=503)
        _log.info("survey.details_kept", tap_id=tap_id, reasons=arrived.reasons, chars=len(arrived.comment))
        self._parts.live.tell()
        return see_other(path, reader)

    def _refuse(self, reader: Reader, found: Answered, why: str) -> Response:
        _log.info("survey.details_refused", tap_id=found.answer.tap_id, why=why)
        note = self._pages.words("thanks.unread", reader.language)
        return self._page(reader, found, found.details, note=note, status=400)

    def _answered(self, code: str, token: str) -> Answered:
        code = offers.code_of(code)
        try:
            tap_id = form_ids.tap_of(self._parts.secret, code, token)
        except BadFormId as error:
            raise NotOffered("gone") from error
        with self._parts.database.reading() as connection:
            answer = forms.answer(connection, tap_id)
            label = labels.find(connection, code, answer.touchpoint_id if answer else None)
            if answer is None or label is None:
                raise NotOffered("gone")
            question = offers.question(connection, answer.questionnaire, answer.question)
            added = details.of(connection, [tap_id]).get(tap_id)
        if question is None:
            raise NotOffered("gone")
        closed = self._parts.now() - answer.received_at > form_ids.LIFE_MS
        return Answered(answer, label, question, added, closed)

    def _page(
        self,
        reader: Reader,
        found: Answered,
        shown: DetailsRow | None,
        *,
        other: bool = False,
        note: str = "",
        status: int = 200,
    ) -> Response:
        html = self._pages.thanks(
            reader,
            found.label,
            found.question,
            found.answer,
            None if found.closed else shown,
            other=other,
            closed=found.closed,
            note=note,
        )
        return page(html, self._pages.policy, status)
