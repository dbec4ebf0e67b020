"""Who may open an MQTT session. In: user, client id, password. Out: yes or no, as the store says now."""

from __future__ import annotations

import hmac
import secrets

from hub import terminal_passwords
from hub.store import terminals
from hub.store.database import Database
from link import topics


class Gatekeeper:
    """Knows every terminal by the hash of its password, and the hub by a password made at each start."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.hub_password = secrets.token_urlsafe(32)

    def admits(self, user: str, client_id: str, password: str) -> bool:
        """Whether this session may be opened; user and client id must be the same, so none is taken over."""
        if user != client_id:
            return False
        if user == topics.HUB:
            return hmac.compare_digest(password.encode(), self.hub_password.encode())
        with self._database.reading() as connection:
            kept = terminals.password_hash(connection, user)
        return terminal_passwords.matches(password, kept)

    def passwords(self) -> dict[str, str | None]:
        """Hash by terminal id of all that may come in now; a session whose hash changed is cut off."""
        with self._database.reading() as connection:
            return {row.terminal_id: row.password_hash for row in terminals.every(connection)}
