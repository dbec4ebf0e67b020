"""The kiosk's own words, Chinese first, English beside; pure.

What a touchpoint asks comes from the hub; these are the sentences around it. Every screen explains itself.
"""

from __future__ import annotations

from typing import Final

from link.questionnaire import Text


def _both(zh: str, en: str) -> Text:
    return {"zh-CN": zh, "en": en}


HINT: Final = _both("点一下就完成评价，不记名", "One tap is a whole answer. Anonymous.")
OFFLINE: Final = _both(
    "未联网：评价会先存在本机，联网后自动上报", "Offline: answers are saved here and sent later"
)
PENDING: Final = _both("待上报 {n} 条", "{n} waiting to be sent")

THANKS: Final = _both("谢谢！您的评价已保存。", "Thank you! Your answer is saved.")
THANKS_BAD: Final = _both("对不起，让您不满意了。我们会处理。", "We are sorry. We will look into it.")
SAVED: Final = _both("您的评价已保存。", "Your answer is saved.")
SAVED_HERE: Final = _both(
    "已保存在本机，联网后自动上报。", "Saved here; it will be sent when the line is back."
)

CLOSED: Final = _both("暂停服务", "Out of service")
SAVING: Final = _both("正在保存您的评价", "Saving your answer")
TROUBLES: Final[dict[str, Text]] = {
    "full": _both(
        "本机存储空间已满，暂时不能评价。请联系物业处理。",
        "The storage of this terminal is full. Please tell the property office.",
    ),
    "broken": _both(
        "本机存储出了问题，暂时不能评价。正在自动重试。",
        "The storage of this terminal has failed. It is being tried again.",
    ),
    "slow": _both(
        "存储比平时慢，请稍候，您的评价不会丢。",
        "Storage is slower than usual. Please wait, your answer is not lost.",
    ),
}

UNPAIRED: Final = _both("这台终端还没有登记入网", "This terminal is not paired yet")
UNPAIRED_NEXT: Final = _both(
    "请安装人员完成登记，登记后自动开始。", "An installer has to enrol it; then it starts by itself."
)
NO_CONFIG: Final = _both("正在等待第一份问卷", "Waiting for the first question")
NO_CONFIG_NEXT: Final = _both(
    "连上服务器后自动开始，无需操作。", "It starts by itself when the hub can be reached."
)
NOT_PLACED: Final = _both("还没有为这台终端安排题目", "No question has been set for this terminal")
NOT_PLACED_NEXT: Final = _both(
    "请项目经理在管理页把它安装到一个触点。", "A manager has to place it at a touchpoint."
)

TERMINAL: Final = _both("终端编号", "Terminal")
ADDRESS: Final = _both("本机地址", "Address")
HUB: Final = _both("服务器", "Hub")
LAST_ERROR: Final = _both("最近错误", "Last error")
NO_NETWORK: Final = _both("没有网络", "no network")


def own_words() -> tuple[str, ...]:
    """Every sentence of this file, for the check of the font."""
    texts: list[Text] = [
        value for value in globals().values() if isinstance(value, dict) and "zh-CN" in value
    ]
    texts += TROUBLES.values()
    return tuple(words for text in texts for words in text.values())
