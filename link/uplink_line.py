"""What is known of the line between a terminal and its hub; pure.

In: news of the session and the hub, as monotonic seconds. Out: whether the line is well, in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from link.messages import VERSION, HubState


@dataclass(frozen=True, slots=True)
class UplinkStatus:
    """The line as a screen shows it. Times are ms UTC by the terminal's clock, 0 when never."""

    connected: bool
    hub_online: bool
    pending: int
    oldest_pending_at: int
    troubles: tuple[str, ...]
    last_receipt_at: int
    last_error: str
    config_revision: int


@dataclass(frozen=True, slots=True)
class Up:
    """The broker has accepted the session of that id."""

    session: str


@dataclass(frozen=True, slots=True)
class Down:
    """The session was lost, or could not be had."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The broker forbids a topic."""

    topic: str
    reason: str


@dataclass(slots=True)
class Line:
    """The line as the last news left it."""

    session: str = "-"
    up_since: float | None = None
    hub_online: bool = False
    hub_came_back: bool = False
    """The hub is back, and what was sent meanwhile went nowhere; the reader clears it."""
    return_within_s: float = 0.0
    """Over how many seconds the hub asked its terminals to spread their return."""
    last_receipt_at: int = 0
    last_error: str = ""
    _receipt_at: float = 0.0
    _hub_said_at: int = -1
    _forbidden: set[str] = field(default_factory=set)

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted the session."""
        return self.up_since is not None

    def up(self, session: str, now: float) -> None:
        """The broker has accepted a session."""
        self.session, self.up_since = session, now
        self.hub_online, self._hub_said_at = False, -1
        self._forbidden.clear()
        self.last_error = ""

    def down(self, reason: str) -> None:
        """The session was lost, or could not be had."""
        self.up_since = None
        self.last_error = reason

    def refused(self, topic: str, reason: str) -> None:
        """The broker forbids a topic."""
        self._forbidden.add(topic)
        self.last_error = f"the broker refuses {topic}: {reason}"

    def received(self, wall: int, now: float) -> None:
        """A receipt has come."""
        self.last_receipt_at, self._receipt_at = wall, now
        self.hub_online = True

    def hub(self, state: HubState) -> bool:
        """The hub has spoken of itself; say whether it goes away. `hub_came_back` says whether it came."""
        news = state.at != self._hub_said_at
        self.return_within_s = max(self.return_within_s, float(state.retry_after))
        self.hub_came_back = state.online and self._hub_said_at >= 0 and (news or not self.hub_online)
        self.hub_online, self._hub_said_at = state.online, state.at
        if state.min_version > VERSION:
            self.last_error = (
                f"the hub speaks version {state.min_version}, this terminal {VERSION}: upgrade it"
            )
        return not state.online

    def misses_receipts(self, waiting_since: float | None, now: float, patience_s: float) -> bool:
        """Whether receipts fail to come on a line that seems up: no hub, or a broker that throws away."""
        if self.up_since is None or waiting_since is None:
            return False
        taps_forbidden = any(topic.endswith(("/up/taps", "/down/+")) for topic in self._forbidden)
        return taps_forbidden or now - max(waiting_since, self._receipt_at, self.up_since) > patience_s
