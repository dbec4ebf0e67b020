"""The content of an alert's letter: facts only, no sentence, nothing about any person; pure.

In: what was judged and where. Out: a JSON object that is frozen in the letter, so that a retry hours later
says what was true when it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hub.alerts.rules import BadShare, Counts

Text = dict[str, str]
State = Literal["firing", "resolved"]
Because = Literal["bad_share", "recovered", "quiet", "withdrawn"]
"""Why: too many bad answers; fewer of them; no answers any more; rule switched off or touchpoint retired."""
SEQUENCE: dict[State, int] = {"firing": 1, "resolved": 2}
"""Letters of one alert are numbered; a lower number that arrives after a higher one is out of date."""
PAGE = "/manager/alerts"
"""Path of the page that the link in a message opens."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an alert happens: its site, the touchpoint, and the names above it, from the root down."""

    site_id: int
    site: Text
    timezone: str
    touchpoint_id: int
    touchpoint: Text
    above: Sequence[Text]


def content(
    state: State,
    because: Because,
    *,
    alert_id: int,
    rule_id: int,
    rule: str,
    setting: BadShare,
    scene: Scene,
    counts: Counts,
    opened_at: int,
    now: int,
    public_url: str = "",
) -> dict[str, Any]:
    """The content of one letter; `public_url` is where people reach the pages, empty when nobody said."""
    return {
        "alert_id": alert_id,
        "sequence": SEQUENCE[state],
        "state": state,
        "because": because,
        "rule": {"rule_id": rule_id, "name": rule, "share": setting.share, "window_s": setting.window_s},
        "site": {"site_id": scene.site_id, "name": scene.site, "timezone": scene.timezone},
        "touchpoint": {
            "touchpoint_id": scene.touchpoint_id,
            "name": scene.touchpoint,
            "above": list(scene.above),
        },
        "n": counts.n,
        "bad": counts.bad,
        "opened_at": opened_at,
        "changed_at": now,
        "page": f"{public_url}{PAGE}" if public_url else "",
    }


def trial(site_id: int, site: Text, now: int, public_url: str = "") -> dict[str, Any]:
    """The content of a test letter, which somebody sends to see whether a sink works."""
    return {
        "state": "test",
        "sequence": 1,
        "site": {"site_id": site_id, "name": site, "timezone": "Asia/Shanghai"},
        "changed_at": now,
        "page": f"{public_url}{PAGE}" if public_url else "",
    }
