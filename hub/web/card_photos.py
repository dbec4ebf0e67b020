"""Photos of cards, `/cards/<card_id>.jpg`: public, for kiosks and phones. In: a number. Out: JPEG, or 404.

The address that a config names ends with `?v=` and the photo's digest, so it may be kept for good; without
that the photo is asked for again by its tag.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from hub.parts import Parts
from hub.store import cards

_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, max-age=300"


def router(parts: Parts) -> APIRouter:
    """The photo of every card that was not withdrawn."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/cards/{card_id}.jpg", methods=["GET", "HEAD"])
    def photo(request: Request, card_id: str) -> Response:
        known = card_id.isascii() and card_id.isdigit() and len(card_id) < 10
        with parts.database.reading() as connection:
            found = cards.photo(connection, int(card_id)) if known else None
        if found is None:
            return Response("no such photo\n", 404, media_type="text/plain")
        tag = f'"{found.digest}"'
        asked_for = request.query_params.get("v") == found.digest
        headers = {"ETag": tag, "Cache-Control": _FOR_GOOD if asked_for else _ASK_AGAIN}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(found.jpeg, headers=headers, media_type="image/jpeg")

    return routes
