"""The screens alone in a process of their own, drawing example views, without a display or a flow.

In: size and diagonal as arguments, orders as lines of JSON on stdin. Out: one line of JSON for each.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from kiosk import environment
from kiosk.environment import Display
from kiosk.views import AttractView, Code, CodeView, Pair, QuestionView, ReasonsView, ThanksView, View
from scripts.gallery_views import COUNTDOWN, NOW, PHOTO, Estate

LONG = Pair(
    "您对这一次上门维修服务的及时性、专业程度、工作态度和最终的维修效果总体上满意吗？",
    "Taking promptness, skill, manners and the result together, how satisfied are you with this repair?",
)
LONG_CHIP = Pair("工作人员态度生硬不耐烦", "Staff were short and impatient with me")
LONG_NOTE = Pair(
    "跟进码 7K3Q-X9TF-2M4A。已保存在本机，联网后自动上报，之后可在 fankui.example.com.cn 查询进度。",
    "Follow-up code 7K3Q-X9TF-2M4A. Saved here and sent later; then look it up at fankui.example.com.cn.",
)
SCALES = ("faces-5", "faces-4", "nps-11", "stars-5")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TICK_EVERY = 10
FRAME_EVERY = 100
"""Visits from one real frame of the soak to the next; all of them change the canvas."""


class Easel:
    """Each method is one order."""

    def __init__(self, size: tuple[int, int], diagonal: float, folder: Path) -> None:
        environment.prepare(Display(size, frames=1000), folder)
        from kivy.base import EventLoop
        from kivy.clock import Clock
        from kivy.core.window import Window

        from kiosk.screens.root import Root

        EventLoop.ensure_window()
        self.window, self.clock = Window, Clock
        self.root = Root(diagonal)
        Window.add_widget(self.root)

    def view(self, name: str, **how: Any) -> View:
        estate = Estate(
            how.get("language", "zh-CN"),
            elder=how.get("elder", False),
            low_row=how.get("low_row", False),
            theme=how.get("theme", "calm"),
        )
        view = estate.views(str(PHOTO))[name]
        return lengthened(view) if how.get("long") else view

    def do_show(self, name: str, **how: Any) -> dict[str, Any]:
        """Draw one view; what can be touched, what is written, which codes there are."""
        from kiosk.screens.pieces import Lettering, Qr

        self.root.show(self.view(name, **how), NOW)
        page = self.root.page
        return {
            "targets": [(target, *box) for target, box in page.targets],
            "written": [
                (" ".join(piece.lines), piece.size, *piece.box, *self.extent(piece))
                for piece in page.pieces
                if isinstance(piece, Lettering)
            ],
            "codes": [(piece.text, *piece.box) for piece in page.pieces if isinstance(piece, Qr)],
        }

    def extent(self, piece: Any) -> tuple[float, float, float]:
        """How wide the letters are, how high their lines, and where they begin."""
        from kiosk.screens.typography import LEADING, width

        widest = max(width(line, piece.size, bold=piece.bold) for line in piece.lines)
        free = {"left": 0.0, "center": 0.5, "right": 1.0}[piece.align] * (piece.box.width - widest)
        return widest, len(piece.lines) * piece.size * LEADING, piece.box.x + free

    def do_at(self, points: list[tuple[float, float]], shift: tuple[int, int] = (0, 0)) -> list[str | None]:
        self.root.move_to(shift)
        found = [self.root.target_at(x, y) for x, y in points]
        self.root.move_to((0, 0))
        return found

    def do_picture(self, path: str, shift: tuple[int, int] = (0, 0)) -> None:
        """What the next frame shows."""
        self.root.move_to(shift)
        self.window.dispatch("on_draw")
        Path(self.window.screenshot(name=path)).replace(path)
        self.root.move_to((0, 0))

    def do_tick(self, every_ms: int, for_ms: int) -> int:
        """Let time pass; how often a countdown was drawn."""
        before = self.root.brush.bars_drawn
        for now in range(NOW, NOW + for_ms, every_ms):
            self.root.tick(now)
        return self.root.brush.bars_drawn - before

    def do_moving(self) -> bool:
        return self.root.moving

    def do_counts(self) -> dict[str, int]:
        """What could grow."""
        gc.collect()
        return {
            "widgets": sum(1 for _ in self.window.children[0].walk()) + len(self.window.children),
            "kept": self.root.brush.kept,
            "instructions": len(self.root.canvas.children),
            "rss": psutil.Process().memory_info().rss,
        }

    def frame(self) -> None:
        """Draw and show one, as Kivy's own loop does; then wait for it, or frames queue up in the driver."""
        from kivy.graphics.opengl import glFinish

        self.window.dispatch("on_draw")
        self.window.dispatch("on_flip")
        glFinish()

    def do_soak(self, visits: int, seed: int) -> None:
        """So many random visits, each step drawn onto the canvas."""
        chance = random.Random(seed)
        for number in range(visits):
            for view in self.visit(chance, SCALES[number // 250 % len(SCALES)]):
                self.root.show(view, NOW)
            if number % FRAME_EVERY == 0:
                self.frame()
            if number % TICK_EVERY == 0:
                self.clock.tick()  # hands textures and buffers back to the graphics chip

    def visit(self, chance: random.Random, scale: str) -> Iterator[View]:
        """The views of one person: a good answer, or a bad one with reasons and a slip never seen before."""
        estate = Estate(
            "en" if chance.random() < 0.1 else "zh-CN",
            elder=chance.random() < 0.1,
            low_row=chance.random() < 0.05,
        )
        ask = estate.asks(scale)
        yield ask
        pressed = chance.randrange(len(ask.cells))
        yield replace(
            ask, cells=tuple(replace(cell, pressed=i == pressed) for i, cell in enumerate(ask.cells))
        )
        if chance.random() < 0.85:
            yield estate.thanks(bad=False)
            return
        slip = "".join(chance.choices(ALPHABET, k=12))
        code = Code(f"https://fankui.example.cn/s/{slip}", estate.question, slip)
        chips = tuple(replace(chip, chosen=chance.random() < 0.3) for chip in estate.chips())
        yield replace(estate.reasons(), chips=chips, code=code)
        yield replace(estate.thanks(bad=True), code=code, countdown=COUNTDOWN)


def lengthened(view: View) -> View:
    """The same with wordings as long as somebody will write them."""
    if isinstance(view, ReasonsView):
        chips = tuple(replace(chip, words=LONG_CHIP) for chip in view.chips)
        return replace(view, chips=chips, note=LONG_NOTE, question=LONG)
    if isinstance(view, ThanksView):
        return replace(view, note=LONG_NOTE)
    if isinstance(view, AttractView):
        return replace(view, said=LONG, done=LONG, question=LONG)
    if isinstance(view, QuestionView | CodeView):
        return replace(view, question=LONG, where=Pair(" · ".join([view.where.main] * 3), view.where.sub))
    return view


def main() -> None:
    """Obey until stdin ends."""
    size = (int(sys.argv[1]), int(sys.argv[2]))
    easel = Easel(size, float(sys.argv[3]), Path(sys.argv[4]))
    for line in sys.stdin:
        order = json.loads(line)
        do: Callable[..., Any] = getattr(easel, f"do_{order.pop('do')}")
        print(json.dumps(do(**order), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    main()
