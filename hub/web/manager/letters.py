"""Letters: what went out, what waits, and what was given up, with a button to send it again.

In: the outbox. Out: one page; a replay is written and the courier woken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Form, Request, Response

from hub.store import attempts, letters, sinks
from hub.store.database import Connection
from hub.store.letters import LetterRow
from hub.store.sinks import SinkRow
from hub.web.manager import times
from hub.web.manager.pages import Pages
from hub.web.manager.visitor import PageRoute, Visitor
from link.questionnaire import say as say_text

MOST_SHOWN = 200
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter as its line says it."""

    letter_id: str
    kind: str
    about: str
    sink: str
    state: str
    attempts: int
    written: str
    written_at: str
    due_at: str
    settled_at: str
    error: str


@dataclass(frozen=True, slots=True)
class SinkView:
    """Where letters go; `resting` says until when nothing is sent there."""

    name: str
    kind: str
    shown: str
    enabled: bool
    failing: str
    resting: str


def router(pages: Pages) -> APIRouter:
    """/manager/letters, one letter, and sending dead ones again."""
    routes = APIRouter(route_class=PageRoute, include_in_schema=False)
    desk = Desk(pages)
    routes.add_api_route("/manager/letters", desk.every, methods=["GET"])
    routes.add_api_route("/manager/letters/replay", desk.replay_all, methods=["POST"])
    routes.add_api_route("/manager/letters/{letter_id}", desk.one, methods=["GET"])
    routes.add_api_route("/manager/letters/{letter_id}/replay", desk.replay, methods=["POST"])
    return routes


class Desk:
    """Shows letters and sends dead ones again."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._database = pages.parts.database

    def every(self, request: Request, state: str = "") -> Response:
        """The newest letters, or those of one state; and the sinks."""
        who = self._pages.visitor(request)
        chosen = state if state in letters.STATES else None
        with self._database.reading() as connection:
            found = letters.every(connection, state=chosen, most=MOST_SHOWN)
            places = sinks.every(connection)
            counts = letters.counts(connection)
        names = {place.sink_id: place.name for place in places}
        context = {
            "letters": [self._view(row, names, who) for row in found],
            "counts": counts,
            "chosen": chosen or "",
            "sinks": [self._sink(place, who) for place in places],
        }
        return self._pages.render(request, who, "letters.html", context)

    def one(self, request: Request, letter_id: str) -> Response:
        """A letter with each of its attempts."""
        who = self._pages.visitor(request)
        with self._database.reading() as connection:
            row = letters.by_id(connection, letter_id)
            if row is None:
                return self._pages.message(request, who, "no_letter", 404)
            context = self._whole(connection, row, who)
        return self._pages.render(request, who, "letter.html", context)

    def replay(self, request: Request, letter_id: str, csrf: Annotated[str, Form()] = "") -> Response:
        """Send one dead letter again."""
        who = self._pages.acting(request, csrf)
        with self._database.writing() as connection:
            done = letters.replay(connection, letter_id, self._pages.parts.now())
        _log.info("letter replayed", letter=letter_id, by=who.user.name, was_dead=done)
        self._pages.parts.live.tell()
        return self._pages.redirect("/manager/letters")

    def replay_all(self, request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        """Send every dead letter again."""
        who = self._pages.acting(request, csrf)
        with self._database.writing() as connection:
            number = letters.replay_all(connection, self._pages.parts.now())
        _log.info("letters replayed", letters=number, by=who.user.name)
        self._pages.parts.live.tell()
        return self._pages.redirect("/manager/letters")

    def _whole(self, connection: Connection, row: LetterRow, who: Visitor) -> dict[str, object]:
        place = sinks.by_id(connection, row.sink_id)
        tried = attempts.of_letter(connection, row.letter_id)
        names = {row.sink_id: place.name if place else ""}
        at = [(times.clock(one.tried_at, who.zone), one.outcome, one.detail) for one in tried]
        return {"letter": self._view(row, names, who), "attempts": at}

    def _view(self, row: LetterRow, names: dict[int, str], who: Visitor) -> LetterView:
        return LetterView(
            letter_id=row.letter_id,
            kind=row.kind,
            about=_about(row.content, who.language),
            sink=names.get(row.sink_id, ""),
            state=row.state,
            attempts=row.attempts,
            written=times.ago(row.written_at, self._pages.parts.now(), who.say),
            written_at=times.clock(row.written_at, who.zone),
            due_at=times.clock(row.due_at, who.zone),
            settled_at=times.clock(row.settled_at, who.zone),
            error=row.last_error,
        )

    def _sink(self, row: SinkRow, who: Visitor) -> SinkView:
        now = self._pages.parts.now()
        return SinkView(
            name=row.name,
            kind=row.kind,
            shown=row.shown,
            enabled=row.enabled,
            failing=times.ago(row.failing_since_at, now, who.say) if row.failing_since_at else "",
            resting=times.clock(row.open_until_at, who.zone) if (row.open_until_at or 0) > now else "",
        )


def _about(content: dict[str, Any], language: str) -> str:
    touchpoint = content.get("touchpoint")
    return say_text(touchpoint["name"], language) if touchpoint else ""
