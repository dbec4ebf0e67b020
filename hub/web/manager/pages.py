"""How a page is made: templates, words, headers, cookies, and who may have it.

In: a request and what a page wants to show. Out: a response that needs nothing from elsewhere (CSP `self`).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hub.parts import Parts
from hub.store import people
from hub.web import faces
from hub.web.manager import times
from hub.web.manager.assets import Assets
from hub.web.manager.score_view import signed
from hub.web.manager.visitor import (
    LANGUAGE_COOKIE,
    MAY_SEE,
    SESSION_COOKIE,
    SITE_COOKIE,
    Answer,
    Visitor,
    language_of,
    visitor,
)
from hub.web.words import LANGUAGES, Words
from link.questionnaire import say as say_text

HERE = Path(__file__).parent
YEAR = 365 * 24 * 3600
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Pages:
    """Makes every page under /manager and /sign-in."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.words = Words.load(HERE / "words.toml")
        self.assets = Assets(HERE / "static", HERE.parent / "static")
        self.secure = parts.settings.public_url.startswith("https://")
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"asset": self.assets.url, "face": faces.svg}
        self._templates.filters |= {"signed": signed, "size": times.size, "thousands": "{:,}".format}

    # --- who ----------------------------------------------------------------------------------------
    def visitor(self, request: Request) -> Visitor:
        """Whoever has signed in and may see the pages; raises Answer with the sign-in page or a 403."""
        now = self.parts.now()
        token = request.cookies.get(SESSION_COOKIE, "")
        with self.parts.database.reading() as connection:
            found = people.signed_in(connection, token, now) if token else None
            if found is None:
                raise Answer(self._to_sign_in(request))
            who = visitor(request, connection, found, self.words, self.parts.settings.timezone)
        if who.user.role not in MAY_SEE:
            raise Answer(self.refusal(request, who, "refused.role"))
        return who

    def acting(self, request: Request, csrf: str) -> Visitor:
        """Whoever sends a form: signed in, the form's own, and allowed to act; raises Answer otherwise."""
        who = self.visitor(request)
        if not hmac.compare_digest(csrf.encode(), who.csrf.encode()):
            raise Answer(self.refusal(request, who, "refused.form"))
        if not who.may_act:
            raise Answer(self.refusal(request, who, "refused.act"))
        return who

    def refusal(self, request: Request, who: Visitor | None, key: str) -> Response:
        """A page with status 403 and the reason."""
        return self.message(request, who, key, 403)

    def message(self, request: Request, who: Visitor | None, key: str, status: int) -> Response:
        """A page with a title and a sentence: the words `key.title` and `key.text`."""
        return self.render(request, who, "message.html", {"key": key}, status)

    def _to_sign_in(self, request: Request) -> Response:
        if "text/event-stream" in request.headers.get("accept", ""):
            return Response(status_code=204, headers=HEADERS)  # a browser stops asking
        there = "/sign-in"
        if request.method == "GET" and "hx-request" not in request.headers:
            query = f"?{request.url.query}" if request.url.query else ""
            there += "?next=" + quote(request.url.path + query, safe="/")
        if "hx-request" in request.headers:  # htmx follows this header with the whole page
            return Response(status_code=401, headers={**HEADERS, "HX-Redirect": "/sign-in"})
        return self.redirect(there)

    # --- what ---------------------------------------------------------------------------------------
    def fragment(self, who: Visitor, template: str, **context: object) -> str:
        """A piece of a page, in the visitor's language."""
        return self._templates.get_template(template).render(
            who=who, say=who.say, language=who.language, text=partial(_text, who.language), **context
        )

    def render(
        self,
        request: Request,
        who: Visitor | None,
        template: str,
        context: Mapping[str, object],
        status: int = 200,
    ) -> HTMLResponse:
        """A whole page; remembers the language and site asked for."""
        language = who.language if who else language_of(request)
        html = self._templates.get_template(template).render(
            who=who,
            say=self.words.speaking(language),
            language=language,
            text=partial(_text, language),
            here=partial(_here, request),
            path=request.url.path,
            **context,
        )
        response = HTMLResponse(html, status, HEADERS)
        self._remember(request, response, who)
        return response

    def redirect(self, where: str) -> Response:
        """On to another page, by GET."""
        return RedirectResponse(where, 303, HEADERS)

    def _remember(self, request: Request, response: Response, who: Visitor | None) -> None:
        if request.query_params.get("lang") in LANGUAGES:
            self.set_cookie(response, LANGUAGE_COOKIE, request.query_params["lang"], YEAR)
        if who and who.site and request.query_params.get("site") == str(who.site.site_id):
            self.set_cookie(response, SITE_COOKIE, str(who.site.site_id), YEAR)

    def set_cookie(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        """A cookie that scripts cannot read and other sites' forms do not send."""
        response.set_cookie(
            name, value, max_age=max_age, path="/", httponly=True, samesite="lax", secure=self.secure
        )


def _text(language: str, wording: dict[str, str]) -> str:
    return say_text(wording, language)


def _here(request: Request, **changes: object) -> str:
    """This page's address with some of its query changed; None takes a part away."""
    query = {**request.query_params, **changes}
    kept = {name: value for name, value in query.items() if value is not None}
    return request.url.path + ("?" + urlencode(kept) if kept else "")
