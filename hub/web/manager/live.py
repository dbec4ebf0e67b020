"""Taps as they come in: a page, and the stream of server-sent events that feeds it.

In: the bell of `parts.live` after each commit. Out: one event `tap` with a ready line of HTML and the tap_id
as its id, so that a browser that was away resumes where it stopped. A heartbeat every 15 s keeps it open.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from hub.store import people, scores, ticker
from hub.store.database import Connection
from hub.store.taps import FLAG_BURST, FLAG_TEST, PROOFS
from hub.store.ticker import TickerRow
from hub.web.manager import times
from hub.web.manager.pages import HEADERS, Pages
from hub.web.manager.visitor import SESSION_COOKIE, PageRoute, Visitor
from link.questionnaire import NPS_11, SCALES, Scale
from link.questionnaire import say as say_text

HEARTBEAT_AFTER = 15.0
PAUSE = 0.2
"""Seconds between two looks at the store, however many taps come in."""
MOST_AT_ONCE = 50
PAGE_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TapView:
    """One tap as its line says it."""

    tap_id: int
    touchpoint_id: int
    touchpoint: str
    terminal: str
    words: str
    face: str
    rating: int
    mood: str
    """`bad`, `fair` or `good`, by the scale's own cut."""
    proof: str
    time: str
    iso: str
    late: bool
    """It reached the hub more than 10 minutes after it was made."""
    uncounted: str
    """Why it is not part of a score: `test`, `burst`, or empty."""
    replaces: str
    """tap_ids of lines to be taken away when this one comes, with blanks between."""


def recent(connection: Connection, who: Visitor, limit: int) -> list[TapView]:
    """The newest taps of the visitor's site, newest first."""
    site_id = who.site.site_id if who.site else 0
    return _views(connection, who, ticker.newest(connection, site_id, limit))


def router(pages: Pages) -> APIRouter:
    """/manager/taps (the page) and /manager/live (the stream)."""
    routes = APIRouter(route_class=PageRoute, include_in_schema=False)
    stream = Stream(pages)

    @routes.get("/manager/taps")
    def live_page(request: Request) -> Response:
        who = pages.visitor(request)
        with pages.parts.database.reading() as connection:
            taps = recent(connection, who, PAGE_SHOWN)
        return pages.render(request, who, "taps.html", {"taps": taps})

    @routes.get("/manager/live")
    async def live_stream(request: Request, after: int = 0, last: int = PAGE_SHOWN) -> Response:
        who = await run_in_threadpool(pages.visitor, request)
        resumed = request.headers.get("last-event-id", "")
        seen = int(resumed) if resumed.isdecimal() and len(resumed) < 19 else after
        lines = stream.lines(who, request.cookies.get(SESSION_COOKIE, ""), seen, min(last, MOST_AT_ONCE))
        headers = {**HEADERS, "X-Accel-Buffering": "no"}
        return StreamingResponse(lines, headers=headers, media_type="text/event-stream")

    return routes


class Stream:
    """What one browser after the other is told."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def lines(self, who: Visitor, token: str, seen: int, most: int) -> AsyncIterator[str]:
        """Events until the browser leaves or its sign-in ends."""
        live = self._pages.parts.live
        yield "retry: 2000\n\n"
        while not live.closed:
            version = live.version
            news = await run_in_threadpool(self._news, who, token, seen, most)
            if news is None:
                return
            for tap in news:
                yield self._event(who, tap)
            seen = news[-1].tap_id if news else seen
            await asyncio.sleep(PAUSE)
            if await live.wait(version, HEARTBEAT_AFTER) == version:
                yield ": heartbeat\n\n"

    def _news(self, who: Visitor, token: str, seen: int, most: int) -> list[TapView] | None:
        with self._pages.parts.database.reading() as connection:
            if people.signed_in(connection, token, self._pages.parts.now()) is None:
                return None
            site_id = who.site.site_id if who.site else 0
            return _views(connection, who, ticker.since(connection, site_id, seen, most))

    def _event(self, who: Visitor, tap: TapView) -> str:
        html = self._pages.fragment(who, "tap.html", tap=tap)
        data = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
        return f"event: tap\nid: {tap.tap_id}\n{data}\n"


def _views(connection: Connection, who: Visitor, rows: list[TickerRow]) -> list[TapView]:
    scales = scores.scales(connection) if rows else {}
    return [_view(row, scales.get(row.question_no) or SCALES.get(row.scale), who) for row in rows]


def _view(row: TickerRow, scale: Scale | None, who: Visitor) -> TapView:
    level = next((level for level in scale.levels if level.value == row.rating), None) if scale else None
    mood = "fair"
    if scale is not None:
        mood = "bad" if row.rating in scale.bad else "good" if row.rating in scale.satisfied else "fair"
    words = say_text(level.words, who.language) if level else str(row.rating)
    return TapView(
        tap_id=row.tap_id,
        touchpoint_id=row.touchpoint_id,
        touchpoint=say_text(row.touchpoint, who.language),
        terminal=row.terminal or row.terminal_id,
        words=f"{row.rating} / 10" if scale is not None and scale.id == NPS_11.id else words,
        face=level.face if level else "none",
        rating=row.rating,
        mood=mood,
        proof=PROOFS[row.proof],
        time=times.second(row.tapped_at, who.zone),
        iso=times.iso(row.tapped_at, who.zone),
        late=row.received_at - row.tapped_at > 600_000,
        uncounted="test" if row.flags & FLAG_TEST else "burst" if row.flags & FLAG_BURST else "",
        replaces=" ".join(map(str, row.replaces)),
    )
