"""Who the demo estate is made of: its places, its terminals, and how content its owners are; data."""

from __future__ import annotations

from typing import NamedTuple

from demo.crowd import Character
from link.questionnaire import Text

SITE: Text = {"zh-CN": "云栖花园", "en": "Yunqi Gardens"}
HOTLINE = "400-000-0110"
HOUSEHOLDS = 1260
HISTORY_DAYS = 35

BUILDINGS: tuple[tuple[str, Text, tuple[Text, ...]], ...] = (
    ("b3", {"zh-CN": "3 号楼", "en": "Building 3"}, ({"zh-CN": "1 层大堂", "en": "Ground floor lobby"},)),
    ("b5", {"zh-CN": "5 号楼", "en": "Building 5"}, ({"zh-CN": "1 层大堂", "en": "Ground floor lobby"},)),
    ("garage", {"zh-CN": "地下车库", "en": "Underground garage"}, ({"zh-CN": "B1 层", "en": "Level B1"},)),
    ("gate-south", {"zh-CN": "南门", "en": "South gate"}, ()),
    ("centre", {"zh-CN": "客户服务中心", "en": "Service centre"}, ()),
    ("garden", {"zh-CN": "中心花园", "en": "Central garden"}, ()),
)
"""Place key, name, floors."""


class DemoTerminal(NamedTuple):
    """A terminal of the demo estate and the touchpoint (by its Chinese name) it stands at."""

    terminal: str
    name: str
    touchpoint: str


KIOSK = DemoTerminal("kiosk-b3-lobby", "3 号楼大堂触摸屏", "3 号楼大堂")
"""The one that a window is opened for."""

SIMULATED = (
    DemoTerminal("kiosk-gate-south", "南门触摸屏", "南门人行闸"),
    DemoTerminal("kiosk-b3-lift-a", "3 号楼客梯 A 终端", "3 号楼 1 单元客梯 A"),
    DemoTerminal("kiosk-b5-lift-b", "5 号楼客梯 B 终端", "5 号楼客梯 B"),
    DemoTerminal("kiosk-b5-lobby", "5 号楼大堂触摸屏", "5 号楼大堂"),
    DemoTerminal("kiosk-garage", "车库入口终端", "车库入口"),
    DemoTerminal("kiosk-centre", "服务中心触摸屏", "服务中心前台"),
)

BUSY: dict[str, Character] = {
    "3 号楼大堂": Character(110, 0.06),
    "南门人行闸": Character(140, 0.10),
    "3 号楼 1 单元客梯 A": Character(
        90, 0.12, spell_from_day=6, spell_until_day=0, spell_upset=0.42, upset_now=0.95
    ),
    "5 号楼客梯 B": Character(80, 0.09),
    "5 号楼大堂": Character(95, 0.05),
    "车库入口": Character(120, 0.22, spell_from_day=30, spell_until_day=14, spell_upset=0.38),
    "服务中心前台": Character(60, 0.08),
}
"""Touchpoints with a terminal. Lift A has grown worse a week ago and stands still now, so that an alert is
seen; the garage was mended a fortnight ago."""

OVERALL = Character(14, 0.24)
"""People who were asked whether they would recommend the service."""

QUIET = Character(9, 0.12)
"""Every other touchpoint: a QR label that some people scan."""

SPECIAL: dict[str, Character] = {
    "垃圾投放点": Character(22, 0.34),
    "儿童乐园": Character(18, 0.10),
    "充电桩": Character(11, 0.30),
    "东区快递柜": Character(20, 0.16),
    "账单通知后": Character(14, 0.27),
    "投诉办结后": Character(4, 0.30),
    "搬迁当日": Character(1.2, 0.15),
    "入住 30 天": Character(0.8, 0.10),
    "活动签到处": Character(6, 0.03),
}


def character_of(touchpoint: str) -> Character:
    """The character of a touchpoint by its Chinese name."""
    return BUSY.get(touchpoint) or SPECIAL.get(touchpoint) or QUIET
