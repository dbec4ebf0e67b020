"""Between HTTP and the survey: who reads, what was sent, how a page goes out.

In: a request. Out: a `Reader`, at most so many bytes of a body; a page or a redirection with its headers.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import ClientDisconnect

from hub.web.survey.paper import Reader
from hub.web.survey.sent import MOST_BYTES
from hub.web.words import choose

REMEMBERED_FOR = 4 * 3600
"""Seconds for which a phone is told that it has just answered here."""
RETRY_AFTER = 3
"""Seconds after which a phone may try again when the hub is busy."""


def reader_of(request: Request) -> Reader:
    """The language by `?lang=`, else by Accept-Language, else Chinese; the address without its query."""
    asked = request.query_params.get("lang", "")
    language = choose(asked, None, request.headers.get("accept-language", ""))
    return Reader(
        language=language,
        asked_language={"zh-CN": "zh", "en": "en"}[language] if asked else "",
        path=request.url.path,
        door=request.query_params.get("p", "")[:16],
    )


async def body_of(request: Request) -> bytes:
    """The body, cut off just above what the survey reads; the rest is never held in memory."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                break
    except ClientDisconnect:
        return b""  # pressed again or gone: half a form is none, and nobody reads the answer
    return body[: MOST_BYTES + 1]


def page(html: str, policy: str, status: int = 200) -> Response:
    """A page that no browser keeps: WeChat has shown old ones for hours."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if status == 503:
        headers["Retry-After"] = str(RETRY_AFTER)
    return HTMLResponse(html, status, headers)


def see_other(path: str, reader: Reader, **query: str) -> Response:
    """On to another page by GET, in the language asked for."""
    wanted = {**query, **({"lang": reader.asked_language} if reader.asked_language else {})}
    response = RedirectResponse(f"{path}?{urlencode(wanted)}" if wanted else path, 303)
    response.headers["Cache-Control"] = "no-store"
    return response


def remember(response: Response, code: str) -> Response:
    """Let the phone know for some hours that it has answered here; nothing says whose phone it is."""
    response.set_cookie(f"t_{code}", "1", max_age=REMEMBERED_FOR, httponly=True, samesite="lax")
    return response


def remembered(request: Request) -> frozenset[str]:
    """The codes at which this phone has answered within the last hours."""
    return frozenset(name.removeprefix("t_") for name in request.cookies if name.startswith("t_"))
