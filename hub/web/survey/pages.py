"""The pages of the survey as HTML: each one request, no script, no asset beside it.

In: an offer or what was found, and a reader (language and where it stands). Out: the text of one page.
Templates, style and words are read once, when the pages are made; a missing wording stops the start.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hub.store.details import DetailsRow
from hub.store.forms import AnswerRow
from hub.store.labels import LabelRow
from hub.web.survey import views
from hub.web.survey.offers import NotOffered, Offer, level
from hub.web.survey.sent import MOST_CHARS, AnswerSent
from hub.web.words import Words
from link import label_code
from link.questionnaire import Question, say

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language to speak, the one asked for in the address ("": none), path, door code."""

    language: str
    asked_language: str = ""
    path: str = "/"
    door: str = ""

    @property
    def query(self) -> str:
        """What keeps the chosen language in an address."""
        return f"?{urlencode({'lang': self.asked_language})}" if self.asked_language else ""

    @property
    def other_language(self) -> str:
        """This page in the other language; a door code stays, for the proof depends on it."""
        wanted = {"lang": "zh" if self.language == "en" else "en"}
        return f"{self.path}?{urlencode(wanted | ({'p': self.door} if self.door else {}))}"


class Pages:
    """Every page of the survey."""

    def __init__(self) -> None:
        self.words = Words.load(_HERE / "words.toml")
        folder = _HERE / "templates"
        css = (folder / "survey.css").read_text("utf-8").replace("\n", "")
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["css"] = Markup(css)  # noqa: S704 our own file
        digest = b64encode(sha256(css.encode()).digest()).decode()
        self.policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def ask(self, reader: Reader, offer: Offer, form_id: str, note: str = "", kept: int | None = None) -> str:
        """The faces of a touchpoint; `kept` marks what had been chosen when this page is shown again."""
        speak, scale = self.words.speaking(reader.language), offer.question.scale
        return self._render(
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
        return self._render(
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
        other: bool = False,
        closed: bool = False,
        note: str = "",
    ) -> str:
        """What follows an answer; after a bad one the reasons are offered.

        `details` as kept, or as just sent and not kept, which `note` explains. `other`: another choice than
        this was sent again. `closed`: nothing can be added any more, and what was added is not shown.
        """
        chosen, bad = level(question, answer.rating), answer.rating in question.scale.bad
        reasons, comment = (details.reasons, details.comment) if details else ((), "")
        return self._render(
            "thanks.html",
            reader,
            where=_where(label, reader.language),
            face=views.drawn(chosen.face if chosen else "none", 72),
            choice=say(chosen.words, reader.language) if chosen else "",
            bad=bad,
            other=other,
            reasons=views.chips(question.reasons if bad else (), reader.language, reasons),
            comment=comment,
            added=bool(reasons or comment),
            added_text=views.added_text(question, reader.language, reasons, comment),
            danger=views.is_urgent(question, reasons),
            hotline=label.hotline,
            closed=closed,
            note=note,
            most=MOST_CHARS,
            plain_code=label.code,
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
        return self._render("privacy.html", reader, title=title, stored=stored)

    def _entry(
        self, reader: Reader, title: str, text: str, *, typed: str = "", kind: str = "", retry: bool = False
    ) -> str:
        return self._render("entry.html", reader, title=title, text=text, typed=typed, kind=kind, retry=retry)

    def _render(self, template: str, reader: Reader, **values: object) -> str:
        return self._templates.get_template(template).render(
            values,
            say=self.words.speaking(reader.language),
            language=reader.language,
            asked_language=reader.asked_language,
            other_language=reader.other_language,
            query=reader.query,
        )


def _where(label: LabelRow, language: str) -> views.Where:
    return views.where(label.site, label.places, label.touchpoint, language)
