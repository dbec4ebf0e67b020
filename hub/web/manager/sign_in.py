"""Signing in with a password or a one-time link, and signing out.

In: forms. Out: a cookie whose token the store knows only by its hash. A link signs in by the button on its
page, not by being opened: chat programs open every link they see.
"""

from __future__ import annotations

import hmac
import secrets
from threading import BoundedSemaphore
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request, Response

from hub import passwords
from hub.store import people
from hub.web.manager.pages import Pages
from hub.web.manager.visitor import SESSION_COOKIE, Answer, PageRoute, language_of

FORM_COOKIE = "taploop_form"
FORM_FOR = 3600
_log = structlog.get_logger()


def router(pages: Pages) -> APIRouter:
    """/sign-in, /sign-in/{token}, /sign-out."""
    routes = APIRouter(route_class=PageRoute, include_in_schema=False)
    door = Door(pages)
    routes.add_api_route("/sign-in", door.ask, methods=["GET"])
    routes.add_api_route("/sign-in", door.by_password, methods=["POST"])
    routes.add_api_route("/sign-in/{token}", door.show_link, methods=["GET"])
    routes.add_api_route("/sign-in/{token}", door.by_link, methods=["POST"])
    routes.add_api_route("/sign-out", door.out, methods=["POST"])
    return routes


class Door:
    """Lets people in and out."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._database = pages.parts.database
        self._now = pages.parts.now
        self._turn = BoundedSemaphore(2)  # Argon2 is meant to be slow: many at once must not starve the taps

    # --- pages --------------------------------------------------------------------------------------
    def ask(self, request: Request, next: str = "") -> Response:  # noqa: A002 the name in the address
        """The form; or, while there is nobody yet, how to get a link."""
        with self._database.reading() as connection:
            known = people.every(connection)
        return self._form(request, "sign_in.html", 200, next=next, name="", problem="", first=not known)

    def show_link(self, request: Request, token: str) -> Response:
        """Whom the link signs in, with a button; or why it does not."""
        with self._database.reading() as connection:
            user = people.link_is_good(connection, token, self._now())
        if user is None:
            return self._pages.message(request, None, "link_gone", 410)
        return self._form(request, "sign_in_link.html", 200, user=user)

    # --- forms --------------------------------------------------------------------------------------
    def by_password(
        self,
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",  # noqa: A002 the name in the form
    ) -> Response:
        """Sign in with a name and a password; five wrong ones in a row lock for 15 minutes."""
        self._own_form(request, csrf)
        name = name.strip()[:64]
        with self._database.writing() as connection:
            attempt = people.begin_try(connection, name, self._now())
        if attempt.locked_until is not None:
            _log.warning("sign-in refused", user=name, why="locked")
            minutes = max(1, -(-(attempt.locked_until - self._now()) // 60_000))
            return self._again(request, 429, name, next, "sign_in.locked", minutes=minutes)
        with self._turn:
            right = passwords.is_right(password, attempt.password_hash)
        if not right or attempt.user is None:
            _log.warning("sign-in refused", user=name, why="wrong")
            return self._again(request, 401, name, next, "sign_in.wrong")
        with self._database.writing() as connection:
            people.succeeded(connection, attempt.user.user_id)
            token = people.sign_in(connection, attempt.user.user_id, self._now())
        _log.info("signed in", user=name, by="password")
        return self._welcome(token, next)

    def by_link(self, request: Request, token: str, csrf: Annotated[str, Form()] = "") -> Response:
        """Use a link up."""
        self._own_form(request, csrf)
        now = self._now()
        with self._database.writing() as connection:
            user_id = people.use_link(connection, token, now)
            session = people.sign_in(connection, user_id, now) if user_id is not None else None
        if session is None:
            return self._pages.message(request, None, "link_gone", 410)
        _log.info("signed in", user_id=user_id, by="link")
        return self._welcome(session, "")

    def out(self, request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        """Forget this browser."""
        token = request.cookies.get(SESSION_COOKIE, "")
        with self._database.writing() as connection:
            found = people.signed_in(connection, token, self._now())
            if found and not hmac.compare_digest(csrf.encode(), found.csrf.encode()):
                raise Answer(self._pages.refusal(request, None, "refused.form"))
            people.sign_out(connection, token)
        response = self._pages.redirect("/sign-in")
        response.delete_cookie(SESSION_COOKIE, path="/")
        return response

    # --- inside -------------------------------------------------------------------------------------
    def _welcome(self, token: str, there: str) -> Response:
        inside = there.startswith("/manager") and "\\" not in there
        response = self._pages.redirect(there if inside else "/manager")
        self._pages.set_cookie(response, SESSION_COOKIE, token, people.SIGNED_IN_FOR // 1000)
        response.delete_cookie(FORM_COOKIE, path="/")
        return response

    def _again(
        self, request: Request, status: int, name: str, there: str, key: str, **values: object
    ) -> Response:
        problem = self._pages.words(key, language_of(request), **values)
        return self._form(
            request, "sign_in.html", status, next=there, name=name, problem=problem, first=False
        )

    def _form(self, request: Request, template: str, status: int, **context: object) -> Response:
        nonce = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
        response = self._pages.render(request, None, template, {**context, "csrf": self._word(nonce)}, status)
        self._pages.set_cookie(response, FORM_COOKIE, nonce, FORM_FOR)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _own_form(self, request: Request, csrf: str) -> None:
        nonce = request.cookies.get(FORM_COOKIE, "")
        if not nonce or not hmac.compare_digest(self._word(nonce).encode(), csrf.encode()):
            raise Answer(self._pages.refusal(request, None, "refused.form"))

    def _word(self, nonce: str) -> str:
        return hmac.digest(self._pages.parts.secret, b"sign-in form " + nonce.encode(), "sha256").hex()
