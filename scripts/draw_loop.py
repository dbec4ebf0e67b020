"""Draws the loop of the README: docs/pictures/loop.svg in English and loop.zh-CN.svg in Chinese.

In: the words below. Out: two files; with --check nothing is written, and the exit code tells.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1000, 430
BOX_WIDTH, BOX_HEIGHT = 190, 104
COLUMNS = (20, 277, 534, 790)
TOP, BOTTOM = 40, 276


@dataclass(frozen=True)
class Box:
    """One station of the loop; `later` is drawn dashed."""

    column: int
    row: int
    title: str
    lines: tuple[str, str]
    later: bool = False


@dataclass(frozen=True)
class Wording:
    """All words of one drawing."""

    name: str
    title: str
    boxes: tuple[tuple[str, str, str], ...]
    line: str
    receipt: tuple[str, str]
    later: str


ENGLISH = Wording(
    "loop.svg",
    "One tap and what becomes of it",
    (
        ("A person", "taps one face, or scans", "a label with the phone"),
        ("The terminal", "keeps it on its disk,", "then says thank you"),
        ("The hub", "counts it exactly once,", "then sends the receipt"),
        ("Score and alert", "always with n", "and an interval"),
        ("A letter", "to a WeCom group or a", "webhook, until it is there"),
        ("A case", "received, fixed,", "with cause and action"),
        ("You said, we did", "on the same screen", "where it was said"),
        ("Later taps", "show whether", "the fix worked"),
    ),
    "MQTT",
    ("receipt: only now may", "the terminal forget"),
    "Dashed: not in this version yet.",
)
CHINESE = Wording(
    "loop.zh-CN.svg",
    "一次评价的去向",
    (
        ("业主", "点一下表情，", "或用手机扫码"),
        ("终端", "先存到本机磁盘，", "再说谢谢"),
        ("服务端", "入库，只计一次，", "再发回执"),
        ("评分与预警", "始终带样本数", "和置信区间"),
        ("发出信件", "企业微信群或 Webhook，", "送达为止"),
        ("工单", "受理、处理，", "写明原因和措施"),
        ("您说我做", "在同一块屏幕上", "告诉业主"),
        ("之后的评价", "看得出", "改好了没有"),
    ),
    "MQTT",
    ("回执：收到之后，", "终端才可以删除"),
    "虚线：本版本尚未包含。",
)
# Clockwise from the top left; the sixth and seventh are still to be built.
PLACES = ((0, 0), (1, 0), (2, 0), (3, 0), (3, 1), (2, 1), (1, 1), (0, 1))
LATER = {5, 6}


def _box(box: Box) -> list[str]:
    x, y = COLUMNS[box.column], (TOP, BOTTOM)[box.row]
    middle = x + BOX_WIDTH / 2
    kind = "box later" if box.later else "box"
    return [
        f'<rect class="{kind}" x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="14"/>',
        f'<text class="title" x="{middle}" y="{y + 36}">{escape(box.title)}</text>',
        *(
            f'<text class="small" x="{middle}" y="{y + 62 + 22 * row}">{escape(text)}</text>'
            for row, text in enumerate(box.lines)
        ),
    ]


def _arrow(x1: float, y1: float, x2: float, y2: float, kind: str = "arrow") -> str:
    tip = kind.split(maxsplit=1)[0]
    ends = f'x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"'
    return f'<line class="{kind}" {ends} marker-end="url(#{tip})"/>'


def _arrows(words: Wording) -> list[str]:
    gap, middle = 8, BOX_HEIGHT / 2
    found = []
    for left, right in pairwise(COLUMNS):
        found.append(_arrow(left + BOX_WIDTH + gap, TOP + middle - 14, right - gap, TOP + middle - 14))
        later = "arrow" if right == COLUMNS[3] else "arrow later"
        found.append(_arrow(right - gap, BOTTOM + middle, left + BOX_WIDTH + gap, BOTTOM + middle, later))
    for column, (y1, y2) in ((3, (TOP + BOX_HEIGHT, BOTTOM)), (0, (BOTTOM, TOP + BOX_HEIGHT))):
        x = COLUMNS[column] + BOX_WIDTH / 2
        step = gap if y2 > y1 else -gap
        found.append(_arrow(x, y1 + step, x, y2 - step))
    between = (COLUMNS[1] + BOX_WIDTH + COLUMNS[2]) / 2
    found.append(f'<text class="tiny" x="{between}" y="{TOP + middle - 24}">{escape(words.line)}</text>')
    back = TOP + middle + 22
    found.append(_arrow(COLUMNS[2] - gap, back, COLUMNS[1] + BOX_WIDTH + gap, back, "receipt"))
    for row, text in enumerate(words.receipt):
        y = TOP + BOX_HEIGHT + 26 + 19 * row
        found.append(f'<text class="told" x="{between}" y="{y}">{escape(text)}</text>')
    return found


STYLE = """
  text { text-anchor: middle; fill: #1d2b36;
         font-family: -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei",
                      "Noto Sans CJK SC", sans-serif }
  .title { font-size: 19px; font-weight: 600 }
  .small { font-size: 15.5px; fill: #4a5a66 }
  .tiny { font-size: 14px; fill: #4a5a66 }
  .told { font-size: 15px; fill: #0b7a5c }
  .note { font-size: 14px; fill: #6a7780; text-anchor: end }
  .box { fill: #fff; stroke: #35526b; stroke-width: 1.8 }
  .arrow { stroke: #35526b; stroke-width: 2.2 }
  .receipt { stroke: #0b7a5c; stroke-width: 2.6 }
  .later { stroke-dasharray: 7 6; stroke: #8a99a5 }
"""


def drawing(words: Wording) -> str:
    """The whole drawing."""
    boxes = [
        Box(*PLACES[index], title, (first, second), index in LATER)
        for index, (title, first, second) in enumerate(words.boxes)
    ]
    tips = [
        f'<marker id="{kind}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="6.5" markerHeight="6.5" '
        f'orient="auto"><path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>'
        for kind, colour in (("arrow", "#35526b"), ("receipt", "#0b7a5c"))
    ]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words.title)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<title>{escape(words.title)}</title>",
        f"<style>{STYLE}</style>",
        f"<defs>{''.join(tips)}</defs>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="16" fill="#f5f7f8"/>',
        *_arrows(words),
        *(line for box in boxes for line in _box(box)),
        f'<text class="note" x="{WIDTH - 20}" y="{HEIGHT - 16}">{escape(words.later)}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def files() -> dict[Path, str]:
    """Both drawings."""
    return {ROOT / "docs" / "pictures" / words.name: drawing(words) for words in (ENGLISH, CHINESE)}


if __name__ == "__main__":
    from written import write

    sys.exit(write(files(), only_check="--check" in sys.argv))
