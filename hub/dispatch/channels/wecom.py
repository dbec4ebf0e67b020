"""WeCom group robots (企业微信群机器人): markdown to the robot's URL, whose key is the only secret; pure.

In: letters, a sink. Out: one request for one or many letters; what the answer's `errcode` means (the HTTP
status is 200 even when a message was refused).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hub.dispatch import retry, wording
from hub.dispatch.addresses import checked
from hub.dispatch.pace import Pace
from hub.dispatch.post import Address, Answer, BadSink, CannotCompose, Letter, Outgoing, Verdict

MOST_MARKDOWN = 4_096
"""Bytes of a markdown message."""
_LATER = {-1: 0, 6000: 0, 45009: 60_000, 45033: 60_000}
"""errcode → least wait: busy, data conflict, too many messages, too many at once. All others are for good."""
_LONGEST_DETAIL = 160


class WeCom:
    """20 messages a minute and robot; from the tenth on, waiting letters share a message."""

    pace: Pace | None = Pace(most=20, window=60_000, calm=10)

    def check(self, address: Address) -> None:
        """Raise BadSink unless the URL carries a key."""
        checked(address.url, allow_private=True)
        if not _key(address.url):
            raise BadSink("the robot's address must end with ?key=…; copy it whole from the group's settings")

    def fits(self, letters: Sequence[Letter]) -> int:
        """How many lines, counted from the first, one message holds."""
        many = len(letters)
        while many > 1 and len(_digest(letters[:many]).encode()) > MOST_MARKDOWN:
            many -= 1
        return many

    def compose(self, address: Address, letters: Sequence[Letter], now: int) -> Outgoing:
        """One message: a letter in full, or a digest with a line a letter."""
        del now
        text = _digest(letters) if len(letters) > 1 else _single(letters[0].content)
        if len(text.encode()) > MOST_MARKDOWN:
            raise CannotCompose(f"{len(text.encode())} bytes; a robot takes at most {MOST_MARKDOWN}")
        body = json.dumps({"msgtype": "markdown", "markdown": {"content": text}}, ensure_ascii=False)
        return Outgoing(address.url, {"Content-Type": "application/json"}, body.encode())

    def judge(self, address: Address, answer: Answer, now: int) -> Verdict:
        """By the body: only `errcode` 0 means that the group has seen it."""
        by_status = retry.by_status(answer.status, answer.headers, now)
        if by_status.outcome != "sent":
            return by_status
        try:
            said = json.loads(answer.body)
            code = said["errcode"]
        except (ValueError, KeyError, TypeError):
            return Verdict("postponed", "the answer is not WeCom's: no errcode")
        if type(code) is not int:
            return Verdict("postponed", "the answer is not WeCom's: errcode is not a number")
        if code == 0:
            return Verdict("sent", "errcode 0")
        detail = f"errcode {code}: {_harmless(str(said.get('errmsg', '')), address.url)}"
        return Verdict("postponed", detail, _LATER[code]) if code in _LATER else Verdict("refused", detail)


def _single(content: dict[str, Any]) -> str:
    colour = {"firing": "warning", "resolved": "info"}.get(content["state"], "comment")
    lines = [f'<font color="{colour}">{wording.headline(content)}</font>']
    lines += [f"> {part}" for part in (wording.place(content), wording.opened(content)) if part]
    return "\n".join(lines + [link for link in [_link(content)] if link])


def _digest(letters: Sequence[Letter]) -> str:
    contents = [letter.content for letter in letters]
    lines = [f"**{wording.joined(contents)}**"]
    for number, content in enumerate(contents, 1):
        opened = wording.opened(content)
        tail = f"（{wording.name(content['site']['name'])}{'，' if opened else ''}{opened}）"
        lines.append(f"{number}. {wording.headline(content)}{tail}")
    page = next((_link(content) for content in contents if content["page"]), "")
    return "\n".join([*lines, page]) if page else "\n".join(lines)


def _link(content: dict[str, Any]) -> str:
    return f"[{wording.look()}]({content['page']})" if content["page"] else ""


def _key(url: str) -> str:
    return next(iter(parse_qs(urlsplit(url).query).get("key", [])), "")


def _harmless(said: str, url: str) -> str:
    """What the provider said, on one line, without the key should it repeat it."""
    return " ".join(said.replace(_key(url) or url, "…").split())[:_LONGEST_DETAIL]
