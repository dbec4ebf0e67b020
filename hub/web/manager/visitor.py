"""Who asks for a page, in which language, about which site; and the answers that end a request early.

In: a request with its cookies. Out: a `Visitor`, or `Answer` raised with what to send instead.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.routing import APIRoute

from hub.store.database import Connection
from hub.store.people import SignIn, UserRow
from hub.store.sites import SiteRow
from hub.store.sites import every as every_site
from hub.web.words import Say, Words, choose

SESSION_COOKIE = "taploop_session"
LANGUAGE_COOKIE = "taploop_lang"
SITE_COOKIE = "taploop_site"
MAY_SEE = ("operator", "manager", "auditor")
MAY_ACT = ("operator", "manager")


class Answer(Exception):
    """The request ends here, with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class PageRoute(APIRoute):
    """A route of pages: an `Answer` raised inside is sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler with `Answer` caught."""
        usual = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await usual(request)
            except Answer as answer:
                return answer.response

        return handler


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who has signed in and may see the pages."""

    user: UserRow
    csrf: str
    language: str
    say: Say
    sites: tuple[SiteRow, ...]
    site: SiteRow | None
    zone: tzinfo

    @property
    def may_act(self) -> bool:
        """Whether this person may change something, not only look."""
        return self.user.role in MAY_ACT


def language_of(request: Request) -> str:
    """The language asked for, remembered, or accepted by the browser."""
    return choose(
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        request.headers.get("accept-language", ""),
    )


def visitor(request: Request, connection: Connection, signed: SignIn, words: Words, zone: str) -> Visitor:
    """The visitor with the chosen site (`?site=`, else the remembered one, else the first)."""
    sites = tuple(every_site(connection))
    site = chosen_site(sites, request.query_params.get("site"), request.cookies.get(SITE_COOKIE))
    language = language_of(request)
    local = ZoneInfo(site.timezone if site else zone)
    return Visitor(signed.user, signed.csrf, language, words.speaking(language), sites, site, local)


def chosen_site(sites: tuple[SiteRow, ...], *wishes: str | None) -> SiteRow | None:
    """The first wish that is a site, else the first site; None when there is none."""
    by_id = {str(site.site_id): site for site in sites}
    return next((by_id[wish] for wish in wishes if wish in by_id), sites[0] if sites else None)
