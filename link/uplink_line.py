"""What is known of the line between a terminal and its hub; pure.

In: news of the session and the hub, as monotonic seconds. Out: whether the line is well, in words.
"""

from __future__ import annotations

from dataclasses import dataclass

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


FLAPPING_S = 10.0
"""A line that comes back within so many seconds is still the same trouble; one that holds as long is well."""


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
    error: str = ""
    _refusal: str = ""
    _refused_at: float = 0.0
    _stops_taps: bool = False
    _down_at: float = float("-inf")
    _unanswered_since: float | None = None
    _hub_said_at: int = -1

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted the session."""
        return self.up_since is not None

    @property
    def last_error(self) -> str:
        """What went wrong last. A broker's refusal stays: some brokers hang up after it, which says less."""
        return self._refusal or self.error

    def up(self, session: str, now: float) -> None:
        """The broker has accepted a session."""
        self.session, self.up_since = session, now
        self.hub_online, self._hub_said_at = False, -1
        self.error = ""
        if now - self._down_at > FLAPPING_S:
            self._refusal, self._unanswered_since = "", None

    def down(self, reason: str, now: float) -> None:
        """The session was lost, or could not be had."""
        if self.up_since is not None:
            self._down_at = now
        self.up_since = None
        self.error = reason

    def refused(self, topic: str, reason: str, now: float) -> None:
        """The broker forbids a topic."""
        self._refusal, self._refused_at = f"the broker refuses {topic}: {reason}", now
        self._stops_taps = topic.endswith(("/up/taps", "/down/+", "/down/receipts"))

    def sent(self, now: float) -> None:
        """A batch has been handed to the broker."""
        if self._unanswered_since is None:
            self._unanswered_since = now

    def received(self, wall: int) -> None:
        """A receipt has come, at `wall` by the terminal's clock."""
        self.last_receipt_at, self.hub_online = wall, True
        self._unanswered_since, self._refusal = None, ""

    def hub(self, state: HubState) -> bool:
        """The hub has spoken of itself; say whether it goes away. `hub_came_back` says whether it came."""
        news = state.at != self._hub_said_at
        self.return_within_s = max(self.return_within_s, float(state.retry_after))
        self.hub_came_back = state.online and self._hub_said_at >= 0 and (news or not self.hub_online)
        self.hub_online, self._hub_said_at = state.online, state.at
        if state.min_version > VERSION:
            self.error = f"the hub speaks version {state.min_version}, this terminal {VERSION}: upgrade it"
        return not state.online

    def look(self, in_flight: bool, now: float) -> None:
        """Forget what is over: nothing is `in_flight` any more, or the line has held since a refusal."""
        if not in_flight:
            self._unanswered_since = None
        if self.up_since is not None and now - max(self.up_since, self._refused_at) > FLAPPING_S:
            self._refusal = ""

    def misses_receipts(self, now: float, patience_s: float) -> bool:
        """Whether receipts fail to come on a line that seems up: no hub, or a broker that throws away."""
        if self._refusal and self._stops_taps:
            return True
        alive = self.up_since is not None or now - self._down_at <= FLAPPING_S
        return alive and self._unanswered_since is not None and now - self._unanswered_since > patience_s
