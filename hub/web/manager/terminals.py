"""Terminals: which are heard, what lies on them, what is missing; and the ledger of one, day by day.

In: presence, ledger and placements. Out: the fleet page, and a page for each terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from hub.store import ledger, placements, presence, terminals, touchpoints
from hub.store.database import Connection
from hub.store.ledger import LedgerRow, TerminalTotal
from hub.store.presence import PresenceRow
from hub.store.terminals import TerminalRow
from hub.store.touchpoints import TouchpointRow
from hub.web.manager import times
from hub.web.manager.pages import Pages
from hub.web.manager.visitor import PageRoute, Visitor

COLUMNS = ("made", "received", "pending", "missing", "duplicates", "refused")
KNOWN_TROUBLES = ("disk_full", "store_replaced", "no_receipts", "clock_untrusted")
DAYS_SHOWN = 90


class Facts(NamedTuple):
    """What the store knows of a terminal: when it was heard, its ledger, where it stands."""

    heard: PresenceRow | None
    total: TerminalTotal | None
    place: TouchpointRow | None


@dataclass(frozen=True, slots=True)
class TerminalView:
    """One terminal as its line says it; texts are in the visitor's language."""

    terminal_no: int
    terminal_id: str
    name: str
    touchpoint_id: int | None
    touchpoint: Mapping[str, str]
    state: str
    """`online`, `offline`, or `never`."""
    heard: str
    heard_at: str
    heard_iso: str
    pending: int
    missing: int
    duplicates: int
    oldest: str
    software: str
    clock: str
    """`trusted`, `untrusted`, or `unknown`."""
    disk: str
    config: int
    duplicate_touches: int
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fleet:
    """The terminals of a site, and those that stand nowhere yet."""

    rows: tuple[TerminalView, ...]

    @property
    def online(self) -> int:
        """How many are connected."""
        return sum(row.state == "online" for row in self.rows)

    @property
    def pending(self) -> int:
        """Taps that lie on terminals still."""
        return sum(row.pending for row in self.rows)

    @property
    def missing(self) -> int:
        """Taps that were made and are nowhere."""
        return sum(row.missing for row in self.rows)

    @property
    def duplicates(self) -> int:
        """Taps that came more than once and were counted once."""
        return sum(row.duplicates for row in self.rows)


def fleet(connection: Connection, who: Visitor, now: int) -> Fleet:
    """Everything about the terminals of the visitor's site."""
    heard = {row.terminal_no: row for row in presence.every(connection)}
    totals = {row.terminal_no: row for row in ledger.totals(connection)}
    stands = placements.current(connection)
    site_id = who.site.site_id if who.site else 0
    here = {row.touchpoint_id: row for row in touchpoints.tree(connection, site_id, retired=True)}
    rows = []
    for row in terminals.every(connection):
        place = stands.get(row.terminal_no)
        if row.kind != terminals.WEB and (place is None or place in here):
            facts = Facts(heard.get(row.terminal_no), totals.get(row.terminal_no), here.get(place or 0))
            rows.append(_view(row, facts, who, now))
    return Fleet(tuple(sorted(rows, key=_urgency)))


def _urgency(row: TerminalView) -> tuple[bool, bool, str]:
    """Those somebody must look at stand first."""
    return (not (row.missing or row.troubles), row.state == "online", row.name or row.terminal_id)


def _view(row: TerminalRow, facts: Facts, who: Visitor, now: int) -> TerminalView:
    heard, total, place = facts
    state: dict[str, Any] = heard.state if heard else {}
    heard_at = heard.heard_at if heard else None
    return TerminalView(
        terminal_no=row.terminal_no,
        terminal_id=row.terminal_id,
        name=row.name,
        touchpoint_id=place.touchpoint_id if place else None,
        touchpoint=place.name if place else {},
        state="never" if heard is None else "online" if heard.online else "offline",
        heard=times.ago(heard_at, now, who.say),
        heard_at=times.clock(heard_at, who.zone),
        heard_iso=times.iso(heard_at, who.zone),
        pending=total.pending if total else 0,
        missing=total.missing if total else 0,
        duplicates=total.duplicates if total else 0,
        oldest=times.ago(total.oldest_pending_at, now, who.say) if total and total.oldest_pending_at else "",
        software=str(state.get("software", "")),
        clock="unknown" if not state.get("at") else "trusted" if state.get("trusted") else "untrusted",
        disk=times.size(int(state["disk_free"])) if state.get("disk_free") else "–",
        config=int(state.get("config_revision", 0)),
        duplicate_touches=int(state.get("duplicate_touches", 0)),
        troubles=tuple(_trouble(code, who) for code in state.get("troubles", ())),
    )


def _trouble(code: str, who: Visitor) -> str:
    return who.say(f"trouble.{code}") if code in KNOWN_TROUBLES else code


def router(pages: Pages) -> APIRouter:
    """/manager/terminals and /manager/terminals/{terminal_id}."""
    routes = APIRouter(route_class=PageRoute, include_in_schema=False)

    @routes.get("/manager/terminals")
    def fleet_page(request: Request) -> Response:
        who = pages.visitor(request)
        with pages.parts.database.reading() as connection:
            found = fleet(connection, who, pages.parts.now())
        return pages.render(request, who, "terminals.html", {"fleet": found})

    @routes.get("/manager/terminals/{terminal_id}")
    def terminal_page(request: Request, terminal_id: str) -> Response:
        who = pages.visitor(request)
        with pages.parts.database.reading() as connection:
            row = terminals.by_id(connection, terminal_id)
            if row is None:
                return pages.message(request, who, "no_terminal", 404)
            context = _one(connection, row, who, pages.parts.now())
        return pages.render(request, who, "terminal.html", context)

    return routes


def _one(connection: Connection, row: TerminalRow, who: Visitor, now: int) -> dict[str, object]:
    found = ledger.totals(connection, terminal_no=row.terminal_no)
    total = found[0] if found else _nothing(row)
    stands = placements.current(connection).get(row.terminal_no)
    place = touchpoints.by_id(connection, stands) if stands else None
    days = ledger.view(connection, terminal_no=row.terminal_no)
    return {
        "row": _view(row, Facts(presence.of(connection, row.terminal_no), total, place), who, now),
        "total": total,
        "columns": COLUMNS,
        "days": [(times.day(day.day, who.say), _six(day)) for day in days[:DAYS_SHOWN]],
        "sums": {name: sum(_six(day)[name] for day in days) for name in COLUMNS},
        "placements": _history(connection, row.terminal_no, who),
    }


def _six(row: LedgerRow | TerminalTotal) -> dict[str, int]:
    return {name: getattr(row, name) for name in COLUMNS}


def _nothing(row: TerminalRow) -> TerminalTotal:
    return TerminalTotal(row.terminal_no, row.terminal_id, row.name, 0, 0, 0, 0, 0, 0, (), 0, None)


def _history(connection: Connection, terminal_no: int, who: Visitor) -> list[dict[str, object]]:
    found = []
    for placed in reversed(placements.history(connection, terminal_no)):
        touchpoint = touchpoints.by_id(connection, placed.touchpoint_id)
        times_ = {"from_at": times.clock(placed.from_at, who.zone)}
        times_["until_at"] = times.clock(placed.until_at, who.zone)
        name = touchpoint.name if touchpoint else {}
        found.append({"touchpoint_id": placed.touchpoint_id, "name": name, **times_})
    return found
