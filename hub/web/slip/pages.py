"""The slip's pages as HTML, on the survey's paper. In: what became of an answer, a reader. Out: one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from hub.store.cards import CardRow
from hub.store.details import DetailsRow
from hub.store.forms import AnswerRow
from hub.store.spots import SpotRow
from hub.store.tap_kinds import FLAG_TEST
from hub.store.taps import SlipTap
from hub.web.survey import views
from hub.web.survey.paper import Paper, Reader
from hub.web.survey.sent import MOST_CHARS
from link import slip_code
from link.questionnaire import Question, say

MOST_LOOKS = 30
"""So often a page that waits for its answer looks again by itself: five minutes."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One answer with all that the page of its slip shows."""

    slip: str
    tap: SlipTap
    answer: AnswerRow
    question: Question
    spot: SpotRow | None
    """Where it was given; None when its terminal stood nowhere."""
    card: CardRow | None
    """The newest one of the touchpoint."""
    label: str
    """A label by which it can be answered again; empty: none."""
    timezone: str
    closed: bool
    """Nothing can be added any more."""

    @property
    def details(self) -> DetailsRow:
        """What was said beside the rating, on the terminal or here."""
        return DetailsRow(self.tap.tap_id, self.tap.reasons, self.tap.comment, self.tap.received_at)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that has happened, and when."""

    words: str
    at: str


class SlipPages:
    """What is seen behind `/s/<slip>`."""

    def __init__(self) -> None:
        paper = Paper(Path(__file__).parent)
        self.words, self.policy = paper.words, paper.policy
        self._print = paper.print

    def slip(
        self,
        reader: Reader,
        found: Followed,
        shown: DetailsRow | None,
        *,
        thanked: bool = False,
        note: str = "",
    ) -> str:
        """The answer and what became of it; `shown` as kept, or as just sent and not kept (see `note`).

        `thanked`: something was added just now. Reasons from the kiosk alone leave the form open for more.
        """
        reasons, comment = (shown.reasons, shown.comment) if shown else ((), "")
        said = views.answer(found.question, found.answer.rating, reasons, comment, reader.language)
        spot, card = found.spot, found.card
        return self._print(
            "slip.html",
            reader,
            **said._replace(added=thanked or bool(comment))._asdict(),
            where=spot and views.where(spot.site, spot.places, spot.touchpoint, reader.language),
            question=say(found.question.words, reader.language),
            steps=self._steps(reader, found),
            hotline=spot.hotline if spot else "",
            test=bool(found.tap.flags & FLAG_TEST),
            told=card and views.told(card.said, card.done, card.day, reader.language),
            closed=found.closed,
            note=note,
            most=MOST_CHARS,
            anew=f"/t/{found.label}{reader.query}" if found.label else "",
            code=slip_code.show(found.slip),
        )

    def pending(self, reader: Reader, slip: str, looks: int) -> str:
        """The answer has not come in yet; `looks` is how often this page has been looked at by itself."""
        language = {"lang": reader.asked_language} if reader.asked_language else {}
        following = f"/s/{slip}?{urlencode({**language, 'look': looks + 1})}"
        return self._print(
            "pending.html",
            reader,
            title=self.words("pending.title", reader.language),
            next=following if looks < MOST_LOOKS else "",
            code=slip_code.show(slip),
        )

    def _steps(self, reader: Reader, found: Followed) -> list[Step]:
        made, received = (
            views.minute(at, found.timezone, reader.language)
            for at in (found.tap.tapped_at, found.tap.received_at)
        )
        speak = self.words.speaking(reader.language)
        return [Step(speak("slip.made"), made), Step(speak("slip.received"), received)]
