"""Every page for managers and operators under one router; nothing but the list.

In: the parts of the running hub. Out: routes for /manager, /sign-in and /sign-out.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from hub.parts import Parts
from hub.web.manager import alerts, letters, live, overview, sign_in, terminals, touchpoint
from hub.web.manager.assets import PREFIX
from hub.web.manager.pages import Pages


def router(parts: Parts) -> APIRouter:
    """The pages of this hub; words and templates are read here, so that a broken one stops the start."""
    pages = Pages(parts)
    routes = APIRouter(include_in_schema=False)
    for page in (sign_in, overview, touchpoint, live, terminals, alerts, letters):
        routes.include_router(page.router(pages))

    @routes.get(PREFIX + "/{digest}/{name:path}")
    def asset(request: Request, digest: str, name: str) -> Response:
        return pages.assets.answer(request, digest, name)

    return routes
