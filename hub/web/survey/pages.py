"""The pages of the survey as HTML: each one request, no script, no asset beside it.

In: an offer or what was found, and a reader (language and where it stands). Out: the text of one page.
"""

from __future__ import annotations

from collections.abc import Mapping

from hub.store.cards import CardRow
from hub.store.details import DetailsRow
from hub.store.forms import AnswerRow
from hub.store.labels import LabelRow
from hub.web.survey import views
from hub.web.survey.offers import NotOffered, Offer, level
from hub.web.survey.paper import Paper, Reader
from hub.web.survey.sent import MOST_CHARS, AnswerSent
from link import label_code
from link.questionnaire import Question, say


class Pages:
    """Every page of the survey."""

    def __init__(self) -> None:
        paper = Paper()
        self.words, self.policy = paper.words, paper.policy
        self._print = paper.print

    def ask(self, reader: Reader, offer: Offer, form_id: str, note: str = "", kept: int | None = None) -> str:
        """The faces of a touchpoint; `kept` marks what had been chosen when this page is shown again."""
        speak, scale = self.words.speaking(reader.language), offer.question.scale
        return self._print(
            "ask.html",
            reader,
            where=_where(offer.label, reader.language),
            question=say(offer.question.words, reader.language),
            layout=views.layout(scale, reader.language),
            levels=views.choices(scale, reader.language, speak, kept),
            form_id=form_id,
            asked=offer.asked,
            note=note,
            urgent=offer.label.hotline if views.is_urgent(offer.question) else "",
            code=label_code.show(offer.label.code),
        )

    def busy(self, reader: Reader, sent: AnswerSent, question: Question) -> str:
        """The answer could not be kept just now: the same form again, reduced to the chosen face."""
        chosen = level(question, sent.rating)
        return self._print(
            "busy.html",
            reader,
            title=self.words("busy.title", reader.language),
            face=views.drawn(chosen.face if chosen else "none", 72),
            choice=say(chosen.words, reader.language) if chosen else "",
            form_id=sent.form_id,
            asked=sent.asked,
            rating=sent.rating,
            code=label_code.show(sent.asked.code),
        )

    def thanks(
        self,
        reader: Reader,
        label: LabelRow,
        question: Question,
        answer: AnswerRow,
        details: DetailsRow | None,
        *,
        card: CardRow | None = None,
        other: bool = False,
        closed: bool = False,
        note: str = "",
    ) -> str:
        """What follows an answer; after a bad one the reasons are offered.

        `details` as kept, or as just sent and not kept, which `note` explains. `other`: another choice than
        this was sent again. `closed`: nothing can be added any more, and what was added is not shown.
        """
        reasons, comment = (details.reasons, details.comment) if details else ((), "")
        said = views.answer(question, answer.rating, reasons, comment, reader.language)
        return self._print(
            "thanks.html",
            reader,
            where=_where(label, reader.language),
            **said._asdict(),
            other=other,
            hotline=label.hotline,
            told=card and views.told(card.said, card.done, card.day, reader.language),
            closed=closed,
            note=note,
            most=MOST_CHARS,
            anew=f"/t/{label.code}{reader.query}",
            code=label_code.show(label.code),
        )

    def entry(self, reader: Reader) -> str:
        """Where a printed code is typed."""
        speak = self.words.speaking(reader.language)
        return self._entry(reader, speak("entry.title"), speak("entry.lead"))

    def wrong(self, reader: Reader, wrong: NotOffered) -> str:
        """Why there is nothing to answer here, and a field to try again."""
        name = say(wrong.name, reader.language) if wrong.name else ""
        values = {**wrong.values, "touchpoint": name}
        title = self.words(f"wrong.{wrong.kind}.title", reader.language)
        text = self.words(f"wrong.{wrong.kind}.text", reader.language, **values)
        return self._entry(reader, title, text, typed="" if name else wrong.typed, kind=wrong.kind)

    def down(self, reader: Reader) -> str:
        """The store cannot be read just now."""
        speak = self.words.speaking(reader.language)
        return self._entry(reader, speak("busy.wait"), speak("busy.plain"), retry=True)

    def privacy(self, reader: Reader, stored: Mapping[str, tuple[str, ...]]) -> str:
        """What an answer stores, column by column."""
        title = self.words("privacy.title", reader.language)
        return self._print("privacy.html", reader, title=title, stored=stored)

    def _entry(
        self, reader: Reader, title: str, text: str, *, typed: str = "", kind: str = "", retry: bool = False
    ) -> str:
        return self._print("entry.html", reader, title=title, text=text, typed=typed, kind=kind, retry=retry)


def _where(label: LabelRow, language: str) -> views.Where:
    return views.where(label.site, label.places, label.touchpoint, language)
