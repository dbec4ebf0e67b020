"""What a phone sent: the bodies of the survey page's two forms, read and checked; pure.

In: the bytes of an `application/x-www-form-urlencoded` body. Out: `AnswerSent` or `DetailsSent`, or BadForm.
Nothing is believed: whether the form id is genuine and the rating belongs to the question is asked later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import category
from urllib.parse import parse_qs

from hub.web.survey.form_ids import Asked

MOST_BYTES = 16 * 1024
"""Longest body read: a comment of 1,000 Chinese characters is 9 kB when encoded."""
MOST_CHARS = 1000
"""Longest comment, in characters."""
_MOST_FIELDS = 16
_MOST_ID = 64


class BadForm(ValueError):
    """The body is not one of the survey page's forms."""


@dataclass(frozen=True, slots=True)
class AnswerSent:
    """A face was pressed: the form id, what it claims to have asked, and the raw rating."""

    form_id: str
    asked: Asked
    rating: int


@dataclass(frozen=True, slots=True)
class DetailsSent:
    """What was added to a tap: ids of reasons, and a comment with plain line ends."""

    reasons: tuple[str, ...]
    comment: str

    @property
    def too_long(self) -> bool:
        """Whether the comment has to be shortened before it can be kept."""
        return len(self.comment) > MOST_CHARS


def answer(code: str, body: bytes) -> AnswerSent:
    """Read the form of faces that was shown for a label; raise BadForm."""
    fields = _fields(body)
    asked = Asked(
        code=code,
        touchpoint_id=_number(fields, "touchpoint"),
        questionnaire=_one(fields, "questionnaire"),
        question=_one(fields, "question"),
    )
    return AnswerSent(_one(fields, "form"), asked, _number(fields, "rating"))


def details(body: bytes) -> DetailsSent:
    """Read the form of the thank-you page; raise BadForm. A comment too long is no error here."""
    fields = _fields(body)
    reasons = tuple(dict.fromkeys(fields.get("reason", ())))
    if any(not 0 < len(reason) <= _MOST_ID for reason in reasons):
        raise BadForm("a reason's id has 1 to 64 characters")
    comment = "".join(fields.get("comment", [""])[:1])
    return DetailsSent(reasons, _plain(comment))


def _fields(body: bytes) -> Mapping[str, Sequence[str]]:
    if len(body) > MOST_BYTES:
        raise BadForm(f"{len(body)} bytes; {MOST_BYTES} at most")
    try:
        return parse_qs(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:  # not ASCII, not UTF-8 inside, too many fields
        raise BadForm(str(error)) from error


def _one(fields: Mapping[str, Sequence[str]], name: str) -> str:
    found = fields.get(name, ())
    if len(found) != 1 or not found[0]:
        raise BadForm(f"{name} must be there once")
    return found[0]


def _number(fields: Mapping[str, Sequence[str]], name: str) -> int:
    text = _one(fields, name)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadForm(f"{name} must be a number")
    return int(text)


def _plain(text: str) -> str:
    """Line ends as \\n, no control characters (PostgreSQL refuses NUL), no blanks around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or category(char) != "Cc").strip()
