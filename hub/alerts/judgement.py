"""Judging rules at touchpoints and writing down all that follows, inside the caller's transaction.

In: a writing connection, touchpoints. Out: what happened. Alert state and letters are written together or not
at all; nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from hub.alerts import notice
from hub.alerts.rules import BadShare, Counts, OpenAlert, Verdict, first_slot, judge
from hub.store import alert_rules, alert_windows, alerts, letters, sinks, sites, touchpoints
from hub.store.alert_rules import RuleRow
from hub.store.alerts import Scope
from hub.store.database import Connection

NOTHING = Counts(0, 0)
_AT_ONCE = 200
"""Touchpoints judged by one set of queries: databases limit the parameters of a statement."""


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that fired or was resolved, and the letters that tell of it."""

    state: notice.State
    alert_id: int
    rule_id: int
    touchpoint_id: int
    counts: Counts
    letter_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """One sitting: the connection, the time, and where new letters get their ids and links from."""

    connection: Connection
    now: int
    new_id: Callable[[], str]
    public_url: str = ""

    def touched(self, touchpoint_ids: Collection[int]) -> list[Change]:
        """Judge every rule on or above these touchpoints, each touchpoint by itself."""
        ordered, changes = sorted(touchpoint_ids), []
        for start in range(0, len(ordered), _AT_ONCE):
            pairs = alert_rules.over(self.connection, ordered[start : start + _AT_ONCE])
            changes += self._pairs({(rule.rule_id, touchpoint): rule for rule, touchpoint in pairs})
        return changes

    def everything(self, oldest_slot: int) -> list[Change]:
        """Judge all that has fresh answers or an open alert: time alone resolves, a restart heals."""
        standing = alerts.open_scopes(self.connection)
        fresh = alert_windows.touched(self.connection, oldest_slot)
        changes = self.touched(fresh | {touchpoint for _, touchpoint in standing})
        return changes + self._orphans(standing)

    def _pairs(self, rules: dict[Scope, RuleRow]) -> list[Change]:
        if not rules:
            return []
        is_open, closed_at = alerts.standing(self.connection, rules)
        counts = self._counts(rules)
        found = []
        for scope, rule in rules.items():
            window = counts.get(scope, NOTHING)
            verdict = judge(rule.setting, window, is_open.get(scope), closed_at.get(scope), self.now)
            found.append(self._carry_out(verdict, scope, rule, window, is_open.get(scope)))
        return [change for change in found if change is not None]

    def _counts(self, rules: dict[Scope, RuleRow]) -> dict[Scope, Counts]:
        found: dict[Scope, Counts] = {}
        for slot in {first_slot(rule.setting, self.now) for rule in rules.values()}:
            scopes = [scope for scope in rules if first_slot(rules[scope].setting, self.now) == slot]
            counted = alert_windows.counted(self.connection, {place for _, place in scopes}, slot)
            found |= {scope: counted[scope[1]] for scope in scopes if scope[1] in counted}
        return found

    def _carry_out(
        self, verdict: Verdict, scope: Scope, rule: RuleRow, counts: Counts, alert: OpenAlert | None
    ) -> Change | None:
        if verdict is Verdict.FIRE:
            alert_id = alerts.fire(self.connection, scope, counts, self.now)
            if alert_id is None:
                return None
            return self._tell("firing", "bad_share", scope, rule, OpenAlert(alert_id, self.now, counts))
        if alert is None or verdict is Verdict.NOTHING:
            return None
        if verdict is Verdict.HOLD:
            if counts != alert.counts:
                alerts.hold(self.connection, alert.alert_id, counts)
            return None
        because: notice.Because = "recovered" if counts.n else "quiet"
        return self._resolve(because, scope, rule, OpenAlert(alert.alert_id, alert.opened_at, counts))

    def _resolve(
        self, because: notice.Because, scope: Scope, rule: RuleRow, alert: OpenAlert
    ) -> Change | None:
        if not alerts.resolve(self.connection, alert.alert_id, alert.counts, self.now):
            return None
        return self._tell("resolved", because, scope, rule, alert)

    def _orphans(self, standing: set[Scope]) -> list[Change]:
        """Resolve what stays open although its rule was switched off or its touchpoint retired."""
        still = {(rule.rule_id, place) for rule, place in self._over({place for _, place in standing})}
        gone = sorted(standing - still)
        if not gone:
            return []
        is_open, _ = alerts.standing(self.connection, gone)
        rules = {rule.rule_id: rule for rule in alert_rules.every(self.connection)}
        found = [
            self._resolve("withdrawn", scope, rules[scope[0]], alert) for scope, alert in is_open.items()
        ]
        return [change for change in found if change is not None]

    def _over(self, touchpoint_ids: set[int]) -> Sequence[tuple[RuleRow, int]]:
        ordered = sorted(touchpoint_ids)
        chunks = (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))
        return [pair for chunk in chunks for pair in alert_rules.over(self.connection, chunk)]

    def _tell(
        self, state: notice.State, because: notice.Because, scope: Scope, rule: RuleRow, alert: OpenAlert
    ) -> Change:
        content = notice.content(
            state,
            because,
            alert_id=alert.alert_id,
            rule_id=rule.rule_id,
            rule=rule.name,
            setting=rule.setting,
            scene=_scene(self.connection, scope[1]),
            counts=alert.counts,
            opened_at=alert.opened_at,
            now=self.now,
            public_url=self.public_url,
        )
        told = sinks.every(self.connection, enabled=True)
        ids = tuple(self._write(sink.sink_id, state, alert.alert_id, content) for sink in told)
        return Change(state, alert.alert_id, *scope, alert.counts, ids)

    def _write(self, sink_id: int, state: str, alert_id: int, content: dict[str, object]) -> str:
        letter_id = self.new_id()
        letters.write(
            self.connection,
            letter_id=letter_id,
            sink_id=sink_id,
            kind=f"alert.{state}",
            content=content,
            now=self.now,
            alert_id=alert_id,
        )
        return letter_id


def longest_window(connection: Connection) -> BadShare:
    """The enabled rule setting that looks back furthest; the default one when there is no rule."""
    settings = [rule.setting for rule in alert_rules.every(connection) if rule.enabled]
    return max(settings, key=lambda setting: setting.window_s, default=BadShare())


def _scene(connection: Connection, touchpoint_id: int) -> notice.Scene:
    *above, here = touchpoints.path(connection, touchpoint_id)
    site = sites.by_id(connection, here.site_id)
    if site is None:
        raise LookupError(f"touchpoint {touchpoint_id} has no site")
    names = [row.name for row in above]
    return notice.Scene(site.site_id, site.name, site.timezone, touchpoint_id, here.name, names)
