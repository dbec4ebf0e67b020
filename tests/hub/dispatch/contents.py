"""Contents of letters as the watch writes them, for tests of what becomes of them."""

from __future__ import annotations

from typing import Any

from hub.alerts import notice
from hub.alerts.rules import BadShare, Counts
from hub.dispatch.post import Letter

AT = 1_763_878_500_000
"""2025-11-23 14:15 in Shanghai."""


def content(
    state: notice.State = "firing",
    *,
    alert_id: int = 12,
    n: int = 7,
    bad: int = 5,
    name: str = "3号楼客梯A",
    public_url: str = "http://192.168.1.20:8080",
) -> dict[str, Any]:
    scene = notice.Scene(
        site_id=1,
        site={"zh-CN": "阳光花园", "en": "Sunshine Garden"},
        timezone="Asia/Shanghai",
        touchpoint_id=9,
        touchpoint={"zh-CN": name, "en": "Lift A, building 3"},
        above=[{"zh-CN": "电梯乘梯", "en": "Lifts"}, {"zh-CN": "轿厢清洁"}],
    )
    because: dict[notice.State, notice.Because] = {
        "firing": "bad_share",
        "resolved": "recovered" if n else "quiet",
    }
    return notice.content(
        state,
        because[state],
        alert_id=alert_id,
        rule_id=3,
        rule="差评预警",
        setting=BadShare(),
        scene=scene,
        counts=Counts(n, bad),
        opened_at=AT - 600_000,
        now=AT,
        public_url=public_url,
    )


def letter(number: int = 1, state: notice.State = "firing", **options: Any) -> Letter:
    return Letter(f"msg_{number:032x}", f"alert.{state}", content(state, **options))
