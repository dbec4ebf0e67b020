"""Signed webhooks: a CloudEvents 1.0 JSON body under Standard Webhooks 1.0.0 headers; pure.

In: a letter, a sink. Out: the request; what the answer means. The same letter always has the same id and
body; only timestamp and signature are new on a retry.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hub.dispatch import retry, signing, wording
from hub.dispatch.addresses import checked
from hub.dispatch.pace import Pace
from hub.dispatch.post import MOST_BODY, Address, Answer, BadSink, CannotCompose, Letter, Outgoing, Verdict

TYPE = "io.taploop."
CONTENT_TYPE = "application/cloudevents+json"


class Webhook:
    """POSTs each letter by itself, as fast as it is taken."""

    pace: Pace | None = None

    def check(self, address: Address) -> None:
        """Raise BadSink unless the URL is plain and the secret is one or more `whsec_` secrets."""
        checked(address.url, allow_private=True)
        try:
            signing.keys(address.secret)
        except signing.BadSecret as error:
            raise BadSink(str(error)) from error

    def fits(self, letters: Sequence[Letter]) -> int:
        """One letter a request: its id is the receiver's idempotency key."""
        return min(len(letters), 1)

    def compose(self, address: Address, letters: Sequence[Letter], now: int) -> Outgoing:
        """The signed request of one letter; raise CannotCompose when it would be larger than 20,000 bytes."""
        letter = letters[0]
        body = json.dumps(event(letter), ensure_ascii=False, separators=(",", ":")).encode()
        if len(body) > MOST_BODY:
            raise CannotCompose(f"{len(body)} bytes; receivers take at most {MOST_BODY}")
        try:
            signed = signing.headers(address.secret, letter.letter_id, now // 1_000, body)
        except signing.BadSecret as error:
            raise BadSink(str(error)) from error
        return Outgoing(address.url, {"Content-Type": CONTENT_TYPE, **signed}, body)

    def judge(self, address: Address, answer: Answer, now: int) -> Verdict:
        """By the status alone, as the standard says: the body is the receiver's own affair."""
        del address
        return retry.by_status(answer.status, answer.headers, now)


def event(letter: Letter) -> dict[str, Any]:
    """The CloudEvents envelope: `id` is the letter's, `source` the site, `subject` the touchpoint."""
    content = letter.content
    found = {
        "specversion": "1.0",
        "id": letter.letter_id,
        "source": f"/sites/{content['site']['site_id']}",
        "type": TYPE + letter.kind,
        "time": datetime.fromtimestamp(content["changed_at"] / 1_000, UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json",
        "data": {**content, "text": {one: wording.headline(content, one) for one in wording.LANGUAGES}},
    }
    if "touchpoint" in content:
        found["subject"] = f"/touchpoints/{content['touchpoint']['touchpoint_id']}"
    return found
