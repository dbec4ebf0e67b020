"""The thank-you page of one tap that a phone made.

In: a code, a signed token that names a tap, the body of the form. Out: the page, or details written beside
the tap by `hub.web.survey.adding`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fastapi import Response

from hub.parts import Parts
from hub.store import cards, details, forms, labels
from hub.store.cards import CardRow
from hub.store.details import DetailsRow
from hub.store.forms import AnswerRow
from hub.store.labels import LabelRow
from hub.web.survey import form_ids, offers
from hub.web.survey.adding import AddedTo, Adding, is_closed
from hub.web.survey.exchange import page
from hub.web.survey.form_ids import BadFormId
from hub.web.survey.offers import NotOffered
from hub.web.survey.pages import Pages
from hub.web.survey.paper import Reader
from link.questionnaire import Question


@dataclass(frozen=True, slots=True)
class Answered:
    """One tap with all that its thank-you page shows."""

    answer: AnswerRow
    label: LabelRow
    question: Question
    details: DetailsRow | None
    card: CardRow | None
    """The newest one of the touchpoint."""
    closed: bool
    """Nothing can be added any more."""


class Thanking:
    """Shows thank-you pages and takes what is added on them."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages
        self._adding = Adding(parts, pages.words)

    def show(self, reader: Reader, code: str, token: str, *, other: bool) -> Response:
        """The page of a tap; `other`: another choice than the kept one was sent again. Raises NotOffered."""
        found = self._answered(code, token)
        return self._page(reader, found, found.details, other=other)

    def add(self, reader: Reader, code: str, token: str, body: bytes) -> Response:
        """Keep reasons and comment beside the tap, then the page again by GET. Raises NotOffered."""
        found = self._answered(code, token)
        added_to = AddedTo(
            question=found.question,
            details=found.details,
            closed=found.closed,
            path=f"/t/{found.label.code}/thanks/{token}",
            tap_id=lambda _connection: found.answer.tap_id,
            show=partial(self._page, reader, found),
        )
        return self._adding.add(reader, added_to, body)

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
            card = next(iter(cards.shown_at(connection, label.touchpoint_id, self._parts.now(), 1)), None)
        if question is None:
            raise NotOffered("gone")
        closed = is_closed(answer.received_at, self._parts.now())
        return Answered(answer, label, question, added, card, closed)

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
            card=found.card,
            other=other,
            closed=found.closed,
            note=note,
        )
        return page(html, self._pages.policy, status)
