"""What the doctor says of one thing: whether it is well, in a sentence, and what to do about it.

In: an id and both languages. Out: a `Finding`, as a line for people or as plain data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from link.questionnaire import Text

Level = Literal["well", "look", "wrong"]
"""look: it works, and somebody should know; wrong: the kiosk cannot do its work."""
MARKS: Final[dict[Level, str]] = {"well": "✔", "look": "!", "wrong": "✘"}


def _both(zh: str, en: str) -> Text:
    return {"zh-CN": zh, "en": en}


NAMES: Final[dict[str, Text]] = {
    "power": _both("供电和温度", "power and heat"),
    "libraries": _both("显示库", "graphics libraries"),
    "screen": _both("屏幕", "screen"),
    "renderer": _both("图形加速", "graphics"),
    "touch": _both("触摸", "touch"),
    "sound": _both("声音", "sound"),
    "font": _both("字体", "font"),
    "storage": _both("存储", "storage"),
    "clock": _both("时钟", "clock"),
    "identity": _both("终端身份", "identity"),
    "question": _both("题目", "question"),
    "address": _both("网络地址", "network address"),
    "gateway": _both("网关", "gateway"),
    "dns": _both("域名解析", "name lookup"),
    "hub": _both("服务器端口", "hub's port"),
    "tls": _both("加密连接", "encryption"),
    "login": _both("登录服务器", "sign-in at the hub"),
    "receipts": _both("试点与回执", "test tap and receipt"),
    "outbox": _both("待上报", "waiting answers"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One question asked of this terminal; `advice` is empty when there is nothing to do."""

    check: str
    level: Level
    sentence: Text
    advice: Text | None = None

    @property
    def well(self) -> bool:
        """Nothing to do."""
        return self.level == "well"

    def line(self, language: str) -> str:
        """`✔ screen  HDMI-A-1, 1920 × 1080`, and under it what to do."""
        told = f"{MARKS[self.level]} {NAMES[self.check][language]}: {self.sentence[language]}"
        return f"{told}\n    → {self.advice[language]}" if self.advice else told

    def data(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "check": self.check,
            "level": self.level,
            "name": NAMES[self.check],
            "sentence": self.sentence,
            "advice": self.advice or {},
        }


def well(check: str, zh: str, en: str) -> Finding:
    """All is as it should be."""
    return Finding(check, "well", _both(zh, en))


def look(check: str, zh: str, en: str, do_zh: str, do_en: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(check, "look", _both(zh, en), _both(do_zh, do_en))


def wrong(check: str, zh: str, en: str, do_zh: str, do_en: str) -> Finding:
    """The kiosk cannot do its work."""
    return Finding(check, "wrong", _both(zh, en), _both(do_zh, do_en))
