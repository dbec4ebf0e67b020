"""The slip's address, `/s/<slip>`: what became of an answer, and what may still be added to it.

In: a code, scanned or typed in any form. Out: the page, without login and without a script. A code has 60
bits of chance, so nobody meets a stranger's answer by trying: there is no limit on tries to get caught in.
"""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from hub.parts import Parts
from hub.store import cards, forms, labels, spots, taps
from hub.store.database import Connection
from hub.store.details import DetailsRow
from hub.store.forms import AnswerRow
from hub.store.taps import SlipTap
from hub.web.slip.pages import Followed, SlipPages
from hub.web.survey import offers
from hub.web.survey.adding import AddedTo, Adding, is_closed
from hub.web.survey.exchange import body_of, page, reader_of
from hub.web.survey.kindly import Kindly
from hub.web.survey.pages import Pages
from hub.web.survey.paper import Reader
from link.questionnaire import SCALES, Question, Scale

_READ = ["GET", "HEAD"]
_NO_SCALE = Scale("unknown", (), (), ())


def router(parts: Parts) -> APIRouter:
    """The page of a slip; its address works in capitals too, as a QR code of capitals is smaller."""
    slips = Slips(parts)
    routes = APIRouter(include_in_schema=False)
    for root in ("/s", "/S"):
        routes.add_api_route(f"{root}/{{slip}}", slips.show, methods=_READ)
        routes.add_api_route(f"{root}/{{slip}}", slips.add, methods=["POST"])
    return routes


class Slips:
    """Shows answers by their slips and takes what is added to them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._pages = SlipPages()
        self._kindly = Kindly(parts, Pages())
        self._adding = Adding(parts, self._pages.words)

    def show(self, request: Request, slip: str) -> Response:
        """The answer; 202 while it has not come in yet."""
        reader, query = reader_of(request), request.query_params
        looked, thanked = query.get("look", ""), "added" in query
        looks = int(looked) if looked.isascii() and looked.isdigit() and len(looked) < 4 else 0
        return self._kindly(reader, lambda: self._show(reader, offers.slip_of(slip), looks, thanked=thanked))

    async def add(self, request: Request, slip: str) -> Response:
        """Reasons and a comment were sent."""
        reader, body = reader_of(request), await body_of(request)
        return await run_in_threadpool(
            self._kindly, reader, lambda: self._add(reader, offers.slip_of(slip), body)
        )

    def _show(self, reader: Reader, slip: str, looks: int, *, thanked: bool) -> Response:
        found = self._find(slip)
        if found is None:
            return page(self._pages.pending(reader, slip, looks), self._pages.policy, 202)
        return self._page(reader, found, found.details, thanked=thanked)

    def _add(self, reader: Reader, slip: str, body: bytes) -> Response:
        found = self._find(slip)
        if found is None:
            return page(self._pages.pending(reader, slip, 0), self._pages.policy, 202)
        added_to = AddedTo(
            question=found.question,
            details=found.details,
            closed=found.closed,
            path=f"/s/{slip}",
            query={"added": "1"},
            tap_id=lambda connection: _now_standing(connection, found),
            show=partial(self._page, reader, found),
        )
        return self._adding.add(reader, added_to, body)

    def _page(
        self,
        reader: Reader,
        found: Followed,
        shown: DetailsRow | None,
        *,
        thanked: bool = False,
        note: str = "",
        status: int = 200,
    ) -> Response:
        kept = None if found.closed else shown
        html = self._pages.slip(reader, found, kept, thanked=thanked, note=note)
        return page(html, self._pages.policy, status)

    def _find(self, slip: str) -> Followed | None:
        with self._parts.database.reading() as connection:
            tap = taps.by_slip(connection, slip)
            answer = forms.answer(connection, tap.tap_id) if tap else None
            return self._followed(connection, slip, tap, answer) if tap and answer else None

    def _followed(self, connection: Connection, slip: str, tap: SlipTap, answer: AnswerRow) -> Followed:
        now, spot, card, codes = self._parts.now(), None, [], []
        if tap.touchpoint_id is not None:
            spot = spots.find(connection, tap.touchpoint_id)
            card = cards.shown_at(connection, tap.touchpoint_id, now, 1)
            codes = labels.of_touchpoint(connection, tap.touchpoint_id)
        return Followed(
            slip=slip,
            tap=tap,
            answer=answer,
            question=_question(connection, answer),
            spot=spot,
            card=next(iter(card), None),
            label=next(iter(codes), ""),
            timezone=spot.timezone if spot else self._parts.settings.timezone,
            closed=is_closed(tap.received_at, now),
        )


def _now_standing(connection: Connection, found: Followed) -> int:
    """The slip's tap as it stands in this transaction: it may have been changed on the terminal meanwhile."""
    tap = taps.by_slip(connection, found.slip)
    return tap.tap_id if tap else found.tap.tap_id


def _question(connection: Connection, answer: AnswerRow) -> Question:
    """What was asked; a revision that this hub never published still has its scale."""
    asked = offers.question(connection, answer.questionnaire, answer.question)
    return asked or Question(answer.question, {}, SCALES.get(answer.scale, _NO_SCALE))
