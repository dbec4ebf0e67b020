"""In which languages something is said, and how wordings are put together; pure."""

from __future__ import annotations

from datetime import date

from kiosk.stages import Kiosk
from kiosk.views import Code, Manners, Pair, Target
from kiosk.visit import settings_of
from kiosk.wording import LANGUAGES
from link import slip_code
from link.questionnaire import Text, say

HOUSE_LANGUAGES = ("zh-CN", "en")
"""What installers and staff are told in."""


def languages(state: Kiosk) -> tuple[str, ...]:
    """The language of this visit, then a second one beneath it; elder mode says one thing at a time."""
    known = state.ask.languages if state.ask else HOUSE_LANGUAGES
    first = state.visit.language or known[0]
    if state.visit.elder:
        return (first,)
    return (first, *(other for other in known if other != first))[:2]


def pair(text: Text, spoken: tuple[str, ...], **parts: object) -> Pair:
    """A wording in the first language, and in the second if it says anything else; `parts` fill its gaps."""
    main = say(text, spoken[0])
    sub = text.get(spoken[1], "") if len(spoken) > 1 else ""
    sub = "" if sub == main else sub
    return Pair(main.format(**parts), sub.format(**parts)) if parts else Pair(main, sub)


def beside(left: Pair, right: Pair) -> Pair:
    """Both wordings on one line, in each language."""
    return Pair(joined(" · ", left.main, right.main), joined(", ", left.sub, right.sub))


def joined(between: str, *parts: str) -> str:
    """The parts that say something, with `between` between them."""
    return between.join(part for part in parts if part)


def in_both(text: Text) -> str:
    """A wording in both house languages on one line."""
    return joined(" ", *(text.get(language, "") for language in HOUSE_LANGUAGES))


def manners(state: Kiosk) -> Manners:
    """How everything is drawn during this visit."""
    return Manners(settings_of(state).theme, state.visit.elder, state.visit.low_row)


def button(state: Kiosk, target: str, words: Pair) -> Target:
    """Something to touch, pressed while a finger is on it."""
    return Target(target, words, is_pressed(state, target))


def is_pressed(state: Kiosk, target: str) -> bool:
    """Whether a finger is on this target."""
    return state.press is not None and state.press.target == target


def own_name(language: str) -> Pair:
    """A language as those who speak it call it."""
    return Pair(LANGUAGES.get(language, language))


def code_of_slip(state: Kiosk, caption: Pair) -> Code | None:
    """The QR by which the answer of this visit is followed; None when the page cannot be there yet."""
    slip, plan = state.visit.slip, state.plan
    if not slip or plan is None or not plan.hub_url or not state.link.online:
        return None
    return Code(f"{plan.hub_url}/s/{slip}", caption, slip_code.show(slip))


def day_words(day: int) -> Text:
    """20261123 → 2026年11月23日, 23 Nov 2026."""
    try:
        then = date(day // 10_000, day // 100 % 100, day % 100)
    except ValueError:
        return {}
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    english = f"{then.day} {months[then.month - 1]} {then.year}"
    return {"zh-CN": f"{then.year}年{then.month}月{then.day}日", "en": english}
