"""What the question looks like: faces, a QR in their place, announcements above them; pure."""

from __future__ import annotations

from kiosk import asking, door, visit, wording
from kiosk.content import Ask
from kiosk.saying import (
    beside,
    button,
    day_words,
    is_pressed,
    languages,
    manners,
    own_name,
    pair,
)
from kiosk.stages import Asking, Attracting, Keeping, Kiosk
from kiosk.views import AttractView, Cell, Code, CodeView, NoticeView, Pair, QuestionView, Target


def question(state: Kiosk, ask: Ask) -> QuestionView | CodeView | NoticeView:
    """The question with its answers; without, when it is answered on a phone."""
    if visit.layout(state) is None:
        return _by_phone(state, ask)
    spoken = languages(state)
    return QuestionView(
        where(state, ask),
        pair(ask.question.words, spoken),
        cells(state, ask),
        _status(state),
        state.link.online,
        _ends(state, ask),
        buttons(state, ask),
        _code(state) if visit.settings_of(state).qr == "beside" else None,
        manners(state),
    )


def attract(state: Kiosk, ask: Ask, stage: Attracting) -> AttractView:
    """One announcement: what was said, what was done."""
    spoken, cards = languages(state), state.plan.cards if state.plan else ()
    card = cards[stage.card]
    return AttractView(
        pair(card.said, spoken),
        pair(card.done, spoken),
        pair(day_words(card.day), spoken),
        dict(state.photos).get(card.photo, ""),
        stage.card + 1,
        len(cards),
        cells(state, ask),
        pair(ask.question.words, spoken),
        where(state, ask),
        manners(state),
        (pair(wording.SAID, spoken), pair(wording.DID, spoken)),
    )


def where(state: Kiosk, ask: Ask) -> Pair:
    """The place and the touchpoint."""
    spoken = languages(state)
    return beside(pair(ask.place, spoken), pair(ask.name, spoken))


def cells(state: Kiosk, ask: Ask) -> tuple[Cell, ...]:
    """The answers, worst first."""
    stage, spoken = state.stage, languages(state)
    kept = stage.target if isinstance(stage, Keeping) else None
    targets = [f"{asking.LEVEL}{number}" for number in range(len(ask.question.scale.levels))]
    return tuple(
        Cell(level.face, pair(level.words, spoken), target == kept or is_pressed(state, target), target)
        for level, target in zip(ask.question.scale.levels, targets, strict=True)
    )


def buttons(state: Kiosk, ask: Ask) -> tuple[Target, ...]:
    """Language, elder mode, low row."""
    spoken = languages(state)
    words = {
        "language": own_name(asking.next_language(ask.languages, state.visit.language) or ask.languages[0]),
        "elder": pair(wording.PLAIN if state.visit.elder else wording.ELDER, spoken),
        "low_row": pair(wording.HIGH_ROW if state.visit.low_row else wording.LOW_ROW, spoken),
    }
    return tuple(button(state, target, words[target]) for target in asking.buttons(state))


def _by_phone(state: Kiosk, ask: Ask) -> CodeView | NoticeView:
    spoken, code = languages(state), _code(state)
    words = pair(ask.question.words, spoken)
    if code is None:
        return NoticeView("link", words, pair(wording.TOO_SMALL, spoken), ())
    return CodeView(
        where(state, ask),
        words,
        code,
        pair(wording.SCAN_NOTE, spoken),
        buttons(state, ask),
        manners(state),
    )


def _code(state: Kiosk) -> Code | None:
    address = door.address(state)
    return Code(address, pair(wording.SCAN, languages(state))) if address else None


def _ends(state: Kiosk, ask: Ask) -> tuple[Pair, Pair] | None:
    scale, spoken = ask.question.scale, languages(state)
    if any(level.face != "none" for level in scale.levels):
        return None
    low, high = wording.ENDS.get(scale.id, wording.ENDS[""])
    return pair(low, spoken), pair(high, spoken)


def _status(state: Kiosk) -> Pair:
    spoken, link = languages(state), state.link
    if state.visit.given is not None:
        return pair(wording.UNDOING, spoken)
    if isinstance(state.stage, Asking) and state.stage.hurried_until is not None:
        return pair(wording.HURRIED, spoken)
    if link.online and link.pending == 0:
        return pair(wording.HINT, spoken)
    waiting = pair(wording.PENDING, spoken, n=link.pending)
    if link.online:
        return waiting
    offline = pair(wording.OFFLINE, spoken)
    return beside(offline, waiting) if link.pending else offline
