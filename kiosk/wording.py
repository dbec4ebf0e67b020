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

WHY: Final = _both("哪里让您不满意？可以选几项", "What was wrong? Choose as many as you like.")
WHY_KEPT: Final = _both("对不起，您的评价已保存。", "We are sorry. Your answer is saved.")
DONE: Final = _both("选好了", "Done")
SKIP: Final = _both("跳过", "Skip")
UNDO: Final = _both("点错了？重选", "Wrong one? Choose again")
UNDOING: Final = _both("请重新选择，会替换刚才的评价", "Choose again: it replaces your last answer.")
HURRIED: Final = _both(
    "刚收到一条评价，请过几秒再点", "An answer has just come in. Please try again in a few seconds."
)
TELL_MORE: Final = _both("扫码补充文字和照片", "Scan to add words or a photo")
REASONS_NOTE: Final = _both("不选也可以，评价已经算数。", "You may skip this: your answer counts already.")
FOLLOW: Final = _both("扫码查看处理进度", "Scan to follow what is done about it")
FOLLOW_LATER: Final = _both(
    "跟进码 {slip}。已保存在本机，联网后自动上报，之后可在 {hub} 查询进度。",
    "Follow-up code {slip}. Saved here and sent later; then look it up at {hub}.",
)
SLIP_LATER: Final = _both(
    "跟进码 {slip}。已保存在本机，联网后自动上报。", "Follow-up code {slip}. Saved here and sent later."
)

SAFETY: Final = _both("有危险？请马上打电话", "In danger? Call now")
SAFETY_ADVICE: Final = _both(
    "请先离开危险的地方。被困电梯时不要扒门，按紧急呼叫按钮，报出电梯编号。",
    "Move away from the danger. In a stuck lift leave the doors shut, press the alarm, tell the lift code.",
)
EMERGENCY: Final = "119"
"""Fire and rescue, when the estate has given no hotline of its own."""
KNOWN: Final = _both("知道了", "OK")

LIFT_CODE: Final = _both("电梯编号", "Lift code")
SAID: Final = _both("您说", "You said")
DID: Final = _both("我们做了", "We did")

LOW_ROW: Final = _both("放低按键", "Lower the keys")
HIGH_ROW: Final = _both("恢复位置", "Raise the keys")
ELDER: Final = _both("大字", "Large type")
PLAIN: Final = _both("标准字", "Normal type")
LANGUAGES: Final[dict[str, str]] = {
    "zh-CN": "中文",
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
    "es": "Español",
    "it": "Italiano",
    "pt": "Português",
    "id": "Bahasa Indonesia",
    "ms": "Bahasa Melayu",
    "ru": "Русский",
}
"""Each language by its own name."""
ENDS: Final[dict[str, tuple[Text, Text]]] = {
    "nps-11": (_both("完全不可能", "Not at all likely"), _both("极有可能", "Extremely likely")),
    "": (_both("非常不满意", "Very dissatisfied"), _both("非常满意", "Very satisfied")),
}
"""Words at both ends of a row of bare keys, by the scale's id; the empty one is for all others."""

SCAN: Final = _both("扫码用手机评价", "Scan to answer on your phone")
SCAN_NOTE: Final = _both("不用登录，不用关注，不留手机号", "No sign-in, no app, no phone number")
TOO_SMALL: Final = _both(
    "这道题的按键在这块屏幕上太小，请扫旁边的二维码标签，用手机回答。",
    "The keys of this question are too small for this screen. Please scan the label beside it.",
)
ASLEEP: Final = _both("轻触屏幕唤醒", "Touch to wake")

PIN: Final = _both("工作人员请输入密码", "Staff PIN")
PIN_WRONG: Final = _both("密码不对，还可以试 {n} 次", "Wrong PIN, {n} more tries")
PIN_CHECKING: Final = _both("正在核对", "Checking")
PIN_LOCKED: Final = _both("输错太多次，请 {n} 分钟后再试", "Too many wrong PINs, try again in {n} min")
PIN_HINT: Final = _both("{least} 至 {most} 位数字", "{least} to {most} digits")
BACK: Final = _both("退格", "Delete")
ENTER: Final = _both("确定", "OK")
LEAVE: Final = _both("返回", "Leave")
STAFF: Final = _both("工作人员", "Staff")
TEST: Final = _both("试点一次", "Test tap")
NETWORK: Final = _both("网络信息", "Network")
HEALTH: Final = _both("运行状况", "Health")
PAIR: Final = _both("重新登记", "Pair again")
PAIR_SURE: Final = _both("再点一次：重新登记", "Touch again to pair anew")
PAIR_PENDING: Final = _both(
    "还有 {n} 条没上报，仍要重新登记？再点一次", "{n} not sent yet. Pair anew all the same?"
)
EXIT: Final = _both("退出程序", "Exit")
EXIT_SURE: Final = _both("再点一次：退出程序", "Touch again to exit")
LINE: Final = _both("与服务器的连接", "Line to the hub")
LINE_UP: Final = _both("正常", "up")
LINE_DOWN: Final = _both("断开", "down")
WAITING_TAPS: Final = _both("待上报", "Waiting to be sent")
OLDEST: Final = _both("最早一条已等", "Oldest has waited")
DISK: Final = _both("剩余空间", "Free space")
TEMPERATURE: Final = _both("温度", "Temperature")
CLOCK: Final = _both("时钟", "Clock")
CLOCK_SET: Final = _both("已校准", "set")
CLOCK_UNSET: Final = _both("未校准", "not set")
SOFTWARE: Final = _both("程序版本", "Software")
CONFIG: Final = _both("配置版本", "Config")
TEST_ROW: Final = _both("试点结果", "Test tap")
TEST_STATES: Final[dict[str, Text]] = {
    "keeping": _both("正在保存", "being saved"),
    "failed": _both("没有保存成功", "not saved"),
    "kept": _both("已保存，等待服务器回执", "saved, waiting for the hub"),
    "received": _both("服务器已收到", "the hub has it"),
}
DROPPED: Final = _both("没有算数的触摸", "Touches not counted")
TROUBLE: Final = _both("故障", "Troubles")
TROUBLE_NAMES: Final[dict[str, Text]] = {
    "disk_full": _both("存储已满", "storage full"),
    "store_replaced": _both("存储文件换过新的", "store was replaced"),
    "no_receipts": _both("收不到服务器回执", "no receipts"),
    "clock_untrusted": _both("时钟没有校准", "clock not set"),
}

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
    texts += [*TROUBLES.values(), *TEST_STATES.values(), *TROUBLE_NAMES.values()]
    texts += [end for ends in ENDS.values() for end in ends]
    return tuple(words for text in texts for words in text.values())
