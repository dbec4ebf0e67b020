"""The faces of a touchpoint, and what a pressed face becomes.

In: a code, a reader, the body of a form. Out: the page of faces, or a tap handed to the intake, whose commit
is awaited before the thank-you. A form sent again leads to the same thank-you; one that cannot be taken is
shown again with the choice in words, so that nobody has to remember it.
"""

from __future__ import annotations

import secrets

import structlog
from fastapi import Response

from hub.ingest.intake import NotTaken, Taken, WebAnswer
from hub.parts import Parts
from hub.store import forms
from hub.web.survey import form_ids, offers, sent
from hub.web.survey.exchange import page, remember, see_other
from hub.web.survey.form_ids import BadFormId, Form, Proof
from hub.web.survey.offers import Offer
from hub.web.survey.pages import Pages
from hub.web.survey.paper import Reader
from hub.web.survey.sent import AnswerSent, BadForm
from link import door_code
from link.questionnaire import Question, say

WITHIN_S, WITHIN_S_IN_TROUBLE = 4.0, 1.0
"""How long a phone waits for the commit, in seconds; then it is asked to press once more."""
_log = structlog.get_logger("survey")


class Asking:
    """Shows faces and takes answers."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages

    def show(self, reader: Reader, code: str, remembered: frozenset[str]) -> Response:
        """The faces; `remembered` are codes at which this phone has just answered. Raises NotOffered."""
        offer = self._offer(code)
        again = offer.label.code in remembered
        return self._faces(reader, offer, self._pages.words("ask.again", reader.language) if again else "")

    def take(self, reader: Reader, code: str, body: bytes) -> Response:
        """Keep what a form of faces says, then on to the thank-you page. Raises NotOffered."""
        code = offers.code_of(code)
        try:
            arrived = sent.answer(code, body)
        except BadForm as error:
            return self._refuse(reader, code, "unread", str(error))
        try:
            form = form_ids.read(self._parts.secret, arrived.form_id, arrived.asked, self._parts.now())
        except BadFormId as error:
            return self._refuse(reader, code, "stale", str(error), rating=arrived.rating)
        return self._take(reader, arrived, form)

    def _take(self, reader: Reader, arrived: AnswerSent, form: Form) -> Response:
        asked = arrived.asked
        with self._parts.database.reading() as connection:
            question = offers.question(connection, asked.questionnaire, asked.question)
            used = forms.find(connection, arrived.form_id)
        if used is not None:
            return self._thank(reader, arrived, used.tap_id, other=used.rating != arrived.rating)
        if question is None or offers.level(question, arrived.rating) is None:
            return self._refuse(reader, asked.code, "unread", "no answer to this question")
        if form.expired:
            return self._refuse(reader, asked.code, "expired", "expired", rating=arrived.rating, status=409)
        taken = self._keep(arrived, question, form.proof)
        if taken is None:
            return page(self._pages.busy(reader, arrived, question), self._pages.policy, 503)
        return self._thank(
            reader, arrived, taken.tap_id, other=taken.repeated and self._differs(taken, arrived)
        )

    def _keep(self, arrived: AnswerSent, question: Question, proof: Proof) -> Taken | None:
        """Wait for the commit; None when it did not come."""
        answer = WebAnswer(
            touchpoint_id=arrived.asked.touchpoint_id,
            questionnaire=arrived.asked.questionnaire,
            question=question.id,
            scale=question.scale.id,
            rating=arrived.rating,
            proof=proof,
            form_id=arrived.form_id,
            tapped_at=self._parts.now(),
        )
        try:
            wait = WITHIN_S_IN_TROUBLE if self._parts.intake.trouble else WITHIN_S
            return self._parts.intake.answer(answer, timeout_s=wait)
        except NotTaken as error:
            _log.warning("survey.answer_not_kept", code=arrived.asked.code, error=str(error))
            return None

    def _differs(self, taken: Taken, arrived: AnswerSent) -> bool:
        """Whether the tap that was kept for this form says something else than what came now."""
        with self._parts.database.reading() as connection:
            kept = forms.answer(connection, taken.tap_id)
        return kept is not None and kept.rating != arrived.rating

    def _thank(self, reader: Reader, arrived: AnswerSent, tap_id: int, *, other: bool) -> Response:
        code = arrived.asked.code
        token = form_ids.thanks_token(self._parts.secret, code, tap_id)
        query = {"again": "1"} if other else {}
        return remember(see_other(f"/t/{code}/thanks/{token}", reader, **query), code)

    def _refuse(
        self,
        reader: Reader,
        code: str,
        why: str,
        detail: str,
        *,
        rating: int | None = None,
        status: int = 400,
    ) -> Response:
        """The faces again, with a fresh form, the choice in words and marked."""
        _log.info("survey.form_refused", code=code, why=why, detail=detail)
        offer = self._offer(code)
        chosen = None if rating is None else offers.level(offer.question, rating)
        if chosen is None:
            return self._faces(reader, offer, self._pages.words("ask.unread", reader.language), None, status)
        choice = say(chosen.words, reader.language)
        note = self._pages.words(f"ask.{why}", reader.language, choice=choice)
        return self._faces(reader, offer, note, chosen.value, status)

    def _offer(self, code: str) -> Offer:
        with self._parts.database.reading() as connection:
            return offers.find(connection, offers.code_of(code))

    def _faces(
        self, reader: Reader, offer: Offer, note: str, kept: int | None = None, status: int = 200
    ) -> Response:
        now = self._parts.now()
        key = door_code.key_for(self._parts.secret, offer.label.code)
        proof: Proof = "rotating" if reader.door and door_code.proves(key, reader.door, now) else "static"
        nonce = secrets.token_bytes(form_ids.NONCE_BYTES)
        form_id = form_ids.issue(self._parts.secret, offer.asked, proof, now, nonce)
        return page(self._pages.ask(reader, offer, form_id, note, kept), self._pages.policy, status)
