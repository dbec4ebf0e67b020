"""Signed one-time form ids of the survey page, and the signed address of its thank-you page; pure.

In: the hub's secret, what a form asks, the time, a nonce. Out: a form id of 53 characters that can be used
once (the intake keeps it with the tap), or what an id that came back really says. Whatever a form carries
to and fro (label, touchpoint, question, proof) is under the signature, so an answer is to what was on the
screen, even when the label was re-pointed or the questionnaire revised in between.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Literal

LIFE_MS = 24 * 3_600_000
"""A form is taken for so long after it was shown; details of a tap are taken for so long after the tap."""
TOLERANCE_MS = 120_000
"""A form may be so much younger than now: two workers' clocks differ."""
NONCE_BYTES = 8
Proof = Literal["static", "rotating"]
_PROOFS: dict[str, Proof] = {"s": "static", "r": "rotating"}


class BadFormId(ValueError):
    """The id was not made by this hub for this question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one form asks and where: a label's code, its touchpoint then, `id@revision`, a question's id."""

    code: str
    touchpoint_id: int
    questionnaire: str
    question: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a genuine form id says."""

    proof: Proof
    issued_at: int
    expired: bool


def issue(secret: bytes, asked: Asked, proof: Proof, issued_at: int, nonce: bytes) -> str:
    """A new form id; `nonce` is 8 random bytes, `issued_at` in ms."""
    open_part = f"{issued_at:011x}-{nonce.hex()}-{proof[0]}"
    return f"{open_part}-{_sign(secret, 'form', open_part, *_fields(asked))}"


def read(secret: bytes, form_id: str, asked: Asked, now: int) -> Form:
    """What `form_id` says; raise BadFormId when it is not this hub's, or for another question."""
    open_part, _, signature = form_id[:30], form_id[30:31], form_id[31:]
    expected = _sign(secret, "form", open_part, *_fields(asked))
    if form_id[30:31] != "-" or not _same(expected, signature):
        raise BadFormId(BadFormId.__doc__)
    issued, _, proof = open_part.split("-")
    issued_at = int(issued, 16)
    if issued_at > now + TOLERANCE_MS:
        raise BadFormId("the form was made in the future; check the hub's clock")
    return Form(_PROOFS[proof], issued_at, now - issued_at > LIFE_MS)


def thanks_token(secret: bytes, code: str, tap_id: int) -> str:
    """What names a tap in the address of its thank-you page; the same tap always gets the same token."""
    return f"{tap_id:x}-{_sign(secret, 'thanks', code, f'{tap_id:x}')}"


def tap_of(secret: bytes, code: str, token: str) -> int:
    """The tap_id that a token names; raise BadFormId when this hub did not sign it for this label."""
    name, _, signature = token.partition("-")
    if not _same(_sign(secret, "thanks", code, name), signature):
        raise BadFormId(BadFormId.__doc__)
    return int(name, 16)


def _fields(asked: Asked) -> tuple[str, ...]:
    return asked.code, str(asked.touchpoint_id), asked.questionnaire, asked.question


def _sign(secret: bytes, purpose: str, *fields: str) -> str:
    message = "".join(f"{len(field)}:{field}" for field in (purpose, *fields))
    digest = hmac.digest(secret, message.encode("utf-8", "surrogatepass"), "sha256")
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _same(expected: str, signature: str) -> bool:
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass"))
