"""The survey's addresses: `/`, `/t/<code>`, its thank-you page, `/privacy`.

In: requests of phones. Out: pages. An address works in capitals too (a QR code of capitals is smaller); no
page needs a script, and each is one request. Whatever is wrong, a page says so and how to go on.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from hub.parts import Parts
from hub.store import details
from hub.web.survey import offers
from hub.web.survey.asking import Asking
from hub.web.survey.exchange import body_of, page, reader_of, remembered
from hub.web.survey.kindly import Kindly
from hub.web.survey.pages import Pages
from hub.web.survey.thanking import Thanking

_READ = ["GET", "HEAD"]


def router(parts: Parts) -> APIRouter:
    """Every address of the survey."""
    survey = Survey(parts)
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/", survey.entry, methods=_READ)
    routes.add_api_route("/privacy", survey.privacy, methods=_READ)
    for root in ("/t", "/T"):
        routes.add_api_route(f"{root}/{{code}}", survey.ask, methods=_READ)
        routes.add_api_route(f"{root}/{{code}}", survey.answer, methods=["POST"])
        routes.add_api_route(f"{root}/{{code}}/thanks/{{token}}", survey.thanks, methods=_READ)
        routes.add_api_route(f"{root}/{{code}}/thanks/{{token}}", survey.add, methods=["POST"])
    return routes


class Survey:
    """What each address does."""

    def __init__(self, parts: Parts) -> None:
        self._pages = Pages()
        self._kindly = Kindly(parts, self._pages)
        self._asking = Asking(parts, self._pages)
        self._thanking = Thanking(parts, self._pages)

    def entry(self, request: Request) -> Response:
        """Where a code is typed; with `?code=` on to its touchpoint, or to the page of a slip."""
        reader, typed = reader_of(request), request.query_params.get("code")
        if typed is None:
            return page(self._pages.entry(reader), self._pages.policy)
        return self._kindly(
            reader, lambda: RedirectResponse(f"{offers.address_of(typed)}{reader.query}", 303)
        )

    def privacy(self, request: Request) -> Response:
        """What an answer stores."""
        html = self._pages.privacy(reader_of(request), details.stored_fields())
        return page(html, self._pages.policy)

    def ask(self, request: Request, code: str) -> Response:
        """The faces of a touchpoint."""
        reader = reader_of(request)
        return self._kindly(reader, lambda: self._asking.show(reader, code, remembered(request)))

    async def answer(self, request: Request, code: str) -> Response:
        """A face was pressed."""
        reader, body = reader_of(request), await body_of(request)
        return await run_in_threadpool(self._kindly, reader, lambda: self._asking.take(reader, code, body))

    def thanks(self, request: Request, code: str, token: str) -> Response:
        """The thank-you page of a tap."""
        reader, other = reader_of(request), "again" in request.query_params
        return self._kindly(reader, lambda: self._thanking.show(reader, code, token, other=other))

    async def add(self, request: Request, code: str, token: str) -> Response:
        """Reasons and a comment were sent."""
        reader, body = reader_of(request), await body_of(request)
        return await run_in_threadpool(
            self._kindly, reader, lambda: self._thanking.add(reader, code, token, body)
        )
