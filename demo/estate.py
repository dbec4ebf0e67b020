"""Builds the demo estate in an empty store: places, touchpoint tree, labels, terminals, a rule, an operator.

In: a writing connection, and a directory for the terminals' identity files. Out: what was built. Random codes
and passwords are drawn here; nothing has a default password.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from demo import characters
from hub import terminal_passwords
from hub.starter_set.planting import Planted, plant
from hub.store import alert_rules, labels, people, placements, places, sites, terminals
from hub.store.database import Connection
from link import label_code
from link.identity import Identity

OPERATOR = "demo"


@dataclass(frozen=True, slots=True)
class Estate:
    """The demo estate as it stands in the store."""

    site_id: int
    planted: tuple[Planted, ...]
    operator_id: int

    def at(self, touchpoint: str) -> Planted:
        """The touchpoint of this Chinese name."""
        return next(one for one in self.planted if one.name["zh-CN"] == touchpoint)


def build(connection: Connection, now: int, since: int) -> Estate:
    """Write the estate; its terminals have stood where they are since `since` (ms)."""
    site_id = sites.create(
        connection,
        name=characters.SITE,
        now=now,
        hotline=characters.HOTLINE,
        households=characters.HOUSEHOLDS,
    )
    planted = plant(connection, site_id, _build_places(connection, site_id), now)
    chance = SystemRandom()
    for one in planted:
        labels.create(connection, label_code.mint(chance), one.touchpoint_id, now)
    estate = Estate(site_id, tuple(planted), people.add_user(connection, OPERATOR, "operator", now))
    for terminal in (characters.KIOSK, *characters.SIMULATED):
        number = terminals.create(
            connection, terminal_id=terminal.terminal, kind="kiosk", now=now, name=terminal.name
        )
        placements.place_terminal(connection, number, estate.at(terminal.touchpoint).touchpoint_id, since)
    alert_rules.default_for_site(connection, site_id, now)
    return estate


def _build_places(connection: Connection, site_id: int) -> dict[str, int]:
    """Write estate, buildings and floors; return the place id of each key of the starter set."""
    whole = places.create(connection, site_id=site_id, kind="estate", name=characters.SITE)
    found: dict[str, int] = {}
    for position, (key, name, floors) in enumerate(characters.BUILDINGS):
        kind = "building" if floors else "area"
        found[key] = places.create(
            connection, site_id=site_id, kind=kind, name=name, parent_id=whole, position=position
        )
        for floor in floors:
            places.create(connection, site_id=site_id, kind="floor", name=floor, parent_id=found[key])
    return found


def give_identities(connection: Connection, folder: Path, host: str, port: int) -> dict[str, Path]:
    """Give each demo terminal a fresh password and write its identity file; return the files by terminal."""
    written: dict[str, Path] = {}
    for terminal in (characters.KIOSK, *characters.SIMULATED):
        row = terminals.by_id(connection, terminal.terminal)
        if row is None:
            continue
        password = secrets.token_urlsafe(32)
        hashed = terminal_passwords.hashed(password, secrets.token_hex(8))
        terminals.set_password_hash(connection, row.terminal_no, hashed)
        file = folder / terminal.terminal / "identity.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        Identity(terminal.terminal, password, host, port).save(file)
        written[terminal.terminal] = file
    return written
