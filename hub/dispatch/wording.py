"""The sentences in which people read of alerts, in Chinese and English; pure.

In: the content of a letter (`hub.alerts.notice`). Out: one line, or what stands under it. Names are cut and
made harmless for the markdown of robots: who may name a touchpoint cannot mention people or forge a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
LONGEST_NAME = 40
"""Characters of one name in a message."""
_HARMLESS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "#": "＃"})

_WORDS: dict[str, dict[Language, str]] = {
    "bad_share": {
        "zh-CN": "【差评预警】{where} {span}内 {bad}/{n} 不满意（{share}）",
        "en": "[Bad ratings] {where}: {bad} of {n} not satisfied ({share}) within {span}",
    },
    "recovered": {
        "zh-CN": "【预警解除】{where} {span}内 {bad}/{n} 不满意（{share}），已恢复",
        "en": "[Resolved] {where}: {bad} of {n} not satisfied ({share}) within {span}, recovered",
    },
    "quiet": {
        "zh-CN": "【预警解除】{where} {span}内没有新评价，尚不能说明已恢复",
        "en": "[Closed] {where}: no ratings within {span}, so whether it recovered is not known",
    },
    "withdrawn": {
        "zh-CN": "【预警解除】{where} 的规则已停用或触点已撤销",
        "en": "[Closed] {where}: its rule was switched off or the touchpoint retired",
    },
    "test": {
        "zh-CN": "【测试】{site}的通知渠道可以收到消息，无需处理",
        "en": "[Test] {site}: this channel receives messages; nothing to do",
    },
    "opened": {"zh-CN": "{time} 触发", "en": "fired {time}"},
    "look": {"zh-CN": "查看并处理", "en": "Look and act"},
    "joined": {"zh-CN": "【预警汇总】合并 {n} 条通知", "en": "[Digest] {n} notices in one"},
}


def headline(content: dict[str, Any], language: Language = "zh-CN") -> str:
    """What and where, the number with its n and its span, in one line."""
    if content["state"] == "test":
        return _WORDS["test"][language].format(site=name(content["site"]["name"], language))
    n, bad = content["n"], content["bad"]
    return _WORDS[content["because"]][language].format(
        where=name(content["touchpoint"]["name"], language),
        span=span(content["rule"]["window_s"], language),
        n=n,
        bad=bad,
        share=f"{100 * bad / n:.0f}%" if n else "–",
    )


def place(content: dict[str, Any], language: Language = "zh-CN") -> str:
    """The site and the names above the touchpoint: 阳光花园 › 电梯乘梯 › 轿厢清洁; of a test the site."""
    above = content.get("touchpoint", {}).get("above", ())
    return " › ".join(name(text, language) for text in [content["site"]["name"], *above])


def opened(content: dict[str, Any], language: Language = "zh-CN") -> str:
    """When it began, in the site's own time: 11-23 14:05 触发; empty for a test."""
    if "opened_at" not in content:
        return ""
    at = datetime.fromtimestamp(content["opened_at"] / 1_000, ZoneInfo(content["site"]["timezone"]))
    return _WORDS["opened"][language].format(time=at.strftime("%m-%d %H:%M"))


def look(language: Language = "zh-CN") -> str:
    """The words of the link."""
    return _WORDS["look"][language]


def joined(contents: Sequence[dict[str, Any]], language: Language = "zh-CN") -> str:
    """The headline of several letters in one message."""
    return _WORDS["joined"][language].format(n=len(contents))


def span(seconds: int, language: Language = "zh-CN") -> str:
    """900 → 15 分钟 / 15 minutes; 7,200 → 2 小时 / 2 hours."""
    hours = seconds % 3_600 == 0
    number = seconds // 3_600 if hours else -(-seconds // 60)
    if language == "zh-CN":
        return f"{number}{'小时' if hours else '分钟'}"
    return f"{number} {'hour' if hours else 'minute'}{'' if number == 1 else 's'}"


def name(text: dict[str, str], language: Language = "zh-CN") -> str:
    """A name in this language, else in Chinese, else any: on one line, harmless, at most 40 characters."""
    chosen = text.get(language) or text.get("zh-CN") or next(iter(text.values()), "")
    plain = " ".join("".join(c if c.isprintable() else " " for c in chosen).split()).translate(_HARMLESS)
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"
