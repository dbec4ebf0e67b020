"""What staff see: a number pad, figures of health, the network; pure. In Chinese and English, always."""

from __future__ import annotations

from typing import Literal

from kiosk import staff, wording
from kiosk.events import Link
from kiosk.saying import HOUSE_LANGUAGES, button, in_both, joined, pair
from kiosk.stages import Attending, Kiosk, Typing
from kiosk.views import PadView, Pair, StaffView, Target
from link.questionnaire import Text
from link.staff_pin import LONGEST, SHORTEST

Tone = Literal["good", "warn", "bad", "plain"]
Row = tuple[Pair, str, Tone]
GIGABYTE = 1_000_000_000
LITTLE_DISK, NO_DISK = 1.0, 0.2
"""Gigabytes from which on it is worth a look, and from which on it is serious."""
WARM, HOT = 70.0, 80.0
"""Degrees Celsius, likewise."""


def pad(state: Kiosk, stage: Typing) -> PadView:
    """The number pad."""
    keys = [Target(f"digit:{number}", Pair(str(number))) for number in range(10)]
    named = (("back", wording.BACK), ("done", wording.ENTER), ("leave", wording.LEAVE))
    keys += [Target(target, _said(words)) for target, words in named]
    return PadView(
        _said(wording.PIN),
        _pad_note(state, stage),
        len(stage.digits),
        tuple(button(state, key.target, key.words) for key in keys),
    )


def corner(state: Kiosk, stage: Attending) -> StaffView:
    """Figures and acts."""
    words = {
        "test": _said(wording.TEST),
        "network": _said(wording.HEALTH if stage.network else wording.NETWORK),
        "pair": _pair(state, stage),
        "exit": _said(wording.EXIT_SURE if stage.sure == "exit" else wording.EXIT),
        "leave": _said(wording.LEAVE),
    }
    return StaffView(
        _said(wording.STAFF),
        network_rows(state.link) if stage.network else _health(state, stage),
        tuple(button(state, target, words[target]) for target in staff.ACTS),
    )


def _pair(state: Kiosk, stage: Attending) -> Pair:
    if stage.sure != "pair":
        return _said(wording.PAIR)
    pending = state.link.pending
    return _said(wording.PAIR_PENDING, n=pending) if pending else _said(wording.PAIR_SURE)


def network_rows(link: Link) -> tuple[Row, ...]:
    """How this terminal stands on its network."""
    line = (wording.LINE, in_both(wording.LINE_UP if link.online else wording.LINE_DOWN))
    rows = [(_said(line[0]), line[1], _tone(link.online, "bad"))]
    for name, value in details(link):
        rows.append((name, value, "plain"))
    return tuple(rows)


def details(link: Link) -> tuple[tuple[Pair, str], ...]:
    """What an installer needs to know of the line."""
    rows = (
        (wording.TERMINAL, link.terminal),
        (wording.ADDRESS, link.address or in_both(wording.NO_NETWORK)),
        (wording.HUB, link.hub),
        (wording.LAST_ERROR, link.last_error),
    )
    return tuple((_said(name), value) for name, value in rows if value)


def _health(state: Kiosk, stage: Attending) -> tuple[Row, ...]:
    link, health = state.link, stage.health
    disk = health.disk_free / GIGABYTE
    line = wording.LINE_UP if link.online else wording.LINE_DOWN
    clock = wording.CLOCK_SET if state.clock.trusted else wording.CLOCK_UNSET
    rows: list[tuple[Text, str, Tone]] = [
        (wording.LINE, in_both(line), _tone(link.online, "bad")),
        (wording.WAITING_TAPS, str(link.pending), _tone(link.online or not link.pending, "warn")),
        (wording.OLDEST, _duration(health.oldest_pending_for), "plain"),
        (wording.DISK, f"{disk:.1f} GB", _level(-disk, -LITTLE_DISK, -NO_DISK)),
        (wording.TEMPERATURE, _degrees(health.temperature), _level(health.temperature or 0.0, WARM, HOT)),
        (wording.CLOCK, in_both(clock), _tone(state.clock.trusted, "warn")),
        (wording.TROUBLE, _troubles(health.troubles), "bad"),
        (wording.TEST_ROW, *_test(state, stage)),
        (wording.DROPPED, _dropped(state), "plain"),
        (wording.CONFIG, str(health.config_revision or ""), "plain"),
        (wording.SOFTWARE, health.software, "plain"),
    ]
    return tuple((_said(name), value, tone) for name, value, tone in rows if value)


def _test(state: Kiosk, stage: Attending) -> tuple[str, Tone]:
    """A test tap is through when it was kept and nothing waits for the hub any more."""
    if stage.test == "":
        return "", "plain"
    received = stage.test == "kept" and state.link.online and state.link.pending == 0
    name = "received" if received else stage.test
    tone: Tone = "good" if received else "bad" if name == "failed" else "warn"
    return in_both(wording.TEST_STATES[name]), tone


def _dropped(state: Kiosk) -> str:
    counts = state.counts
    return str(counts.duplicate + counts.too_soon + counts.slid_off + counts.held + counts.bounced)


def _troubles(names: tuple[str, ...]) -> str:
    return joined("; ", *(in_both(wording.TROUBLE_NAMES.get(name, {"en": name})) for name in names))


def _pad_note(state: Kiosk, stage: Typing) -> Pair:
    if stage.locked:
        return _said(wording.PIN_LOCKED, n=staff.LOCKED_FOR // 60_000)
    if stage.checking:
        return _said(wording.PIN_CHECKING)
    if stage.wrong:
        return _said(wording.PIN_WRONG, n=staff.TRIES - state.wrong_pins)
    return _said(wording.PIN_HINT, least=SHORTEST, most=LONGEST)


def _said(text: Text, **parts: object) -> Pair:
    return pair(text, HOUSE_LANGUAGES, **parts)


def _tone(well: bool, otherwise: Tone) -> Tone:
    return "good" if well else otherwise


def _level(value: float, warn: float, bad: float) -> Tone:
    return "bad" if value >= bad else "warn" if value >= warn else "good"


def _degrees(temperature: float | None) -> str:
    return "" if temperature is None else f"{temperature:.0f} ℃"


def _duration(ms: int) -> str:
    if ms < 60_000:
        return f"{ms // 1000} s" if ms else ""
    minutes = ms // 60_000
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
