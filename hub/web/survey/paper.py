"""What every page for phones is printed on: one style, one frame, the words, one request.

In: a folder with templates and a `words.toml`. Out: HTML. Templates, style and words are read once, when the
pages are made; a missing wording stops the start. Frame and style are the survey page's own.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hub.web.words import Words

_SURVEY = Path(__file__).parent


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


class Paper:
    """Renders templates of the survey, and of one more folder whose words are added to the survey's."""

    def __init__(self, folder: Path = _SURVEY) -> None:
        folders = list(dict.fromkeys((folder, _SURVEY)))
        self.words = Words.load(*(one / "words.toml" for one in folders))
        css = (_SURVEY / "templates" / "survey.css").read_text("utf-8").replace("\n", "")
        self._templates = Environment(
            loader=FileSystemLoader([one / "templates" for one in folders]),
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

    def print(self, template: str, reader: Reader, **values: object) -> str:
        """The text of one page."""
        return self._templates.get_template(template).render(
            values,
            say=self.words.speaking(reader.language),
            language=reader.language,
            asked_language=reader.asked_language,
            other_language=reader.other_language,
            query=reader.query,
        )
