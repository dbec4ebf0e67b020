"""The web application: every router of the hub under one roof. In: the parts. Out: an ASGI app.

No interactive API pages: they load scripts from elsewhere, and the hub must work on a LAN alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import FastAPI

from hub import health
from hub.metrics import Readings
from hub.parts import Parts
from hub.web import card_photos
from hub.web.headers import SafeHeaders
from hub.web.manager import routes as manager
from hub.web.slip import routes as slip
from hub.web.survey import routes as survey


def application(
    parts: Parts,
    *,
    troubles: Callable[[], Mapping[str, str]],
    readings: Callable[[], Readings],
    version: str,
) -> FastAPI:
    """Pages for phones, manager pages, health. `troubles` and `readings` look at the running hub."""
    app = FastAPI(title="Taploop", version=version, openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(survey.router(parts))
    app.include_router(slip.router(parts))
    app.include_router(card_photos.router(parts))
    app.include_router(manager.router(parts))
    app.include_router(
        health.router(
            troubles=troubles,
            readings=readings,
            metrics_from=parts.settings.metrics_from,
            version=version,
        )
    )
    app.add_middleware(SafeHeaders)
    return app
