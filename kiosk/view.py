"""What the state looks like, in words; pure.

In: the state of the flow. Out: one view that a screen draws without deciding anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from kiosk import wording
from kiosk.content import Ask
from kiosk.stages import Asking, Keeping, Kiosk, Link, OutOfService, Thanked
from link.questionnaire import Text, say


class Pair(NamedTuple):
    """A wording in the first language, and in the second beneath it (empty when there is none)."""

    main: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One face, or one key when `face` is `none`."""

    face: str
    words: Pair
    pressed: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """The question with its answers."""

    where: Pair
    question: Pair
    cells: tuple[Cell, ...]
    status: Pair
    online: bool


@dataclass(frozen=True, slots=True)
class ThanksView:
    """The answer is on disk."""

    headline: Pair
    note: Pair
    sorry: bool


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Why nothing is asked, and what an installer needs to know."""

    mark: Literal["pause", "link", "wait"]
    headline: Pair
    note: Pair
    details: tuple[tuple[Pair, str], ...]


View = QuestionView | ThanksView | NoticeView
_HOUSE_LANGUAGES = ("zh-CN", "en")


def view(state: Kiosk) -> View:
    """What is to be drawn."""
    stage = state.stage
    languages = state.ask.languages if state.ask else _HOUSE_LANGUAGES
    if isinstance(stage, OutOfService):
        return _out_of_service(stage, languages)
    if state.ask is None or not isinstance(stage, Asking | Keeping | Thanked):
        return _waiting(state.link)
    if isinstance(stage, Thanked):
        return _thanks(state.ask, stage, state.link)
    return _question(state.ask, stage, state.link)


def _pair(text: Text, languages: tuple[str, ...]) -> Pair:
    main = say(text, languages[0])
    sub = text.get(languages[1], "") if len(languages) > 1 else ""
    return Pair(main, sub if sub != main else "")


def _question(ask: Ask, stage: Asking | Keeping, link: Link) -> QuestionView:
    pressed = (stage.press.cell if stage.press else None) if isinstance(stage, Asking) else stage.cell
    cells = tuple(
        Cell(level.face, _pair(level.words, ask.languages), index == pressed)
        for index, level in enumerate(ask.question.scale.levels)
    )
    where = _where(_pair(ask.place, ask.languages), _pair(ask.name, ask.languages))
    return QuestionView(
        where, _pair(ask.question.words, ask.languages), cells, _status(ask, link), link.online
    )


def _where(place: Pair, name: Pair) -> Pair:
    """The place and the touchpoint, with what both say said once: 云栖花园 3 号楼, 3 号楼大堂."""
    return _beside(Pair(_without(place.main, name.main), _without(place.sub, name.sub)), name)


def _without(place: str, name: str) -> str:
    """The place without the end with which the name begins."""
    shared = (size for size in range(min(len(place), len(name)), 1, -1) if place.endswith(name[:size]))
    return place[: len(place) - next(shared, 0)].rstrip(" ,·")


def _beside(left: Pair, right: Pair) -> Pair:
    """Both wordings on one line, in each language."""
    return Pair(_joined(" · ", left.main, right.main), _joined(", ", left.sub, right.sub))


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


def _status(ask: Ask, link: Link) -> Pair:
    if link.online and link.pending == 0:
        return _pair(wording.HINT, ask.languages)
    waiting = _pair(
        {key: text.format(n=link.pending) for key, text in wording.PENDING.items()}, ask.languages
    )
    if link.online:
        return waiting
    offline = _pair(wording.OFFLINE, ask.languages)
    return _beside(offline, waiting) if link.pending else offline


def _thanks(ask: Ask, stage: Thanked, link: Link) -> ThanksView:
    sorry = stage.rating in ask.question.scale.bad
    headline = _pair(wording.THANKS_BAD if sorry else wording.THANKS, ask.languages)
    note = wording.SAVED_HERE if not link.online else wording.SAVED if sorry else {}
    return ThanksView(headline, _pair(note, ask.languages), sorry)


def _out_of_service(stage: OutOfService, languages: tuple[str, ...]) -> NoticeView:
    headline = wording.SAVING if stage.trouble == "slow" else wording.CLOSED
    mark: Literal["pause", "wait"] = "wait" if stage.trouble == "slow" else "pause"
    return NoticeView(mark, _pair(headline, languages), _pair(wording.TROUBLES[stage.trouble], languages), ())


def _waiting(link: Link) -> NoticeView:
    mark: Literal["link", "wait"] = "wait"
    if not link.paired:
        mark, headline, note = "link", wording.UNPAIRED, wording.UNPAIRED_NEXT
    elif link.online:
        headline, note = wording.NOT_PLACED, wording.NOT_PLACED_NEXT
    else:
        headline, note = wording.NO_CONFIG, wording.NO_CONFIG_NEXT
    pairs = (_pair(headline, _HOUSE_LANGUAGES), _pair(note, _HOUSE_LANGUAGES))
    return NoticeView(mark, *pairs, _details(link))


def _details(link: Link) -> tuple[tuple[Pair, str], ...]:
    rows = (
        (wording.TERMINAL, link.terminal),
        (wording.ADDRESS, link.address or _joined(" ", *wording.NO_NETWORK.values())),
        (wording.HUB, link.hub),
        (wording.LAST_ERROR, link.last_error),
    )
    return tuple((_pair(name, _HOUSE_LANGUAGES), value) for name, value in rows if value)
