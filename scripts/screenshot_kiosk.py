"""Write a picture of the kiosk, without a display: the real screens, a made-up touchpoint.

$ .venv/bin/python scripts/screenshot_kiosk.py kiosk.png
$ .venv/bin/python scripts/screenshot_kiosk.py --screen thanks --size 800x1280 thanks.png
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kiosk.content import Ask, Plan  # noqa: E402 the project need not be installed
from kiosk.environment import Display, prepare  # noqa: E402
from kiosk.events import CheckPin, Keep, Link  # noqa: E402
from kiosk.inbox import Inbox  # noqa: E402
from kiosk.stages import (  # noqa: E402
    Asking,
    Choosing,
    Counts,
    Keeping,
    Kiosk,
    OutOfService,
    Press,
    Thanked,
    Visit,
    Waiting,
    Warned,
)
from link.questionnaire import FACES_5, SCALES, Question, Reason  # noqa: E402

ONLINE = Link(online=True, terminal="k-7q2m9x", address="192.168.1.36", hub="192.168.1.10:1883")
OFFLINE = replace(ONLINE, online=False, pending=12, last_error="connection refused")
REASONS = (
    Reason("dirty", {"zh-CN": "地面脏", "en": "Dirty floor"}),
    Reason("smell", {"zh-CN": "有异味", "en": "Bad smell"}),
    Reason("lamp", {"zh-CN": "灯坏了", "en": "Light broken"}),
    Reason("things", {"zh-CN": "堆放杂物", "en": "Things left about"}),
    Reason("fire", {"zh-CN": "有明火或冒烟", "en": "Fire or smoke"}, safety=True),
    Reason("other", {"zh-CN": "其他", "en": "Something else"}),
)


SHORT = {"zh-CN": "您对大堂的环境卫生满意吗？", "en": "How satisfied are you with how clean the lobby is?"}
LONG = {
    "zh-CN": "您对这一次上门维修服务的及时性、专业程度、工作态度和最终的维修效果总体上满意吗？",
    "en": "How satisfied are you overall with how soon, how well and how kindly your home was repaired?",
}


def ask(scale: str = "faces-5", words: dict[str, str] = SHORT) -> Ask:
    """A question as the demo estate asks it."""
    place = {"zh-CN": "云栖花园", "en": "Yunqi Garden"}
    name = {"zh-CN": "3 号楼 1 单元大堂", "en": "Building 3, Unit 1, lobby"}
    return Ask("lobby@1", Question("clean", words, SCALES.get(scale, FACES_5), REASONS), name, place)


def screens() -> dict[str, Kiosk]:
    """Every screen by name."""
    plan = Plan((ask(),), hub_url="https://pj.example.cn", hotline="400-820-0001", lift_code="31-0042")
    asking = Kiosk(Asking(0), plan, ONLINE, ask())
    keep = Keep(1, "lobby@1", "clean", "faces-5", 1, "row-5", bad=True)
    bad = replace(asking, visit=Visit(0, given=keep, slip="7K3QX9TF2M4A"))
    waiting = Kiosk(Waiting(), None, OFFLINE)
    lost = Link(paired=False, address="192.168.1.36", last_error="identity.json: no such file")
    return {
        "question": asking,
        "pressed": replace(asking, press=Press("1", "level:3", 0)),
        "keeping": replace(asking, stage=Keeping(keep, "level:4", Asking(0), 0)),
        "offline": replace(asking, link=OFFLINE),
        "four": replace(asking, ask=ask("faces-4")),
        "long": replace(asking, ask=ask(words=LONG)),
        "nps": replace(asking, ask=ask("nps-11")),
        "reasons": replace(bad, stage=Choosing(0, 12_000, ("dirty",), 3_000)),
        "warning": replace(bad, stage=Warned(0, 30_000, None)),
        "thanks": replace(asking, stage=Thanked(5, 0, 3_000, 3_000)),
        "sorry": replace(bad, stage=Thanked(1, 0, 10_000)),
        "thanks_offline": replace(asking, stage=Thanked(4, 0), link=OFFLINE),
        "full": replace(asking, stage=OutOfService("full", keep, 10**9)),
        "slow": replace(asking, stage=OutOfService("slow", keep, None)),
        "unpaired": replace(waiting, link=lost),
        "waiting": waiting,
        "not_placed": replace(waiting, link=ONLINE),
    }


class Nobody:
    """Performs nothing: a picture keeps no answers."""

    counts = Counts()

    def keep(self, keep: Keep) -> None:
        """Keep nothing."""

    def open_store(self) -> None:
        """Open nothing."""

    def check_pin(self, check: CheckPin) -> None:
        """Compare nothing."""

    def examine(self) -> None:
        """Look at nothing."""

    def forget_identity(self, sure: bool) -> bool:
        """Forget nothing."""
        return not sure


def write(names: list[str], size: tuple[int, int], path_of: dict[str, Path]) -> None:
    """Draw the screens one after another in one window and write each."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    with tempfile.TemporaryDirectory() as runtime:
        prepare(Display(size=size), Path(runtime))
        from kivy.clock import Clock

        from kiosk.app import KioskApp
        from kiosk.view import view

        known = screens()
        app = KioskApp(known[names[0]], Nobody(), Inbox(), Display(size=size), now=lambda: 0)

        def pictures() -> Iterator[None]:
            for name in names:
                app.root.show(view(known[name]))
                yield
                app.picture(path_of[name])
            app.stop()

        left = pictures()
        Clock.schedule_interval(lambda _: next(left, None), 0.1)
        app.run()


def main() -> None:
    """Write one screen, or all of them into a directory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path, help="the PNG, or a directory with --all")
    parser.add_argument("--screen", default="question", choices=sorted(screens()))
    parser.add_argument("--all", action="store_true", help="every screen, as kiosk_<screen>_<size>.png")
    parser.add_argument("--size", default="1280x800", metavar="WxH")
    given = parser.parse_args()
    width, height = (int(part) for part in given.size.split("x"))
    names = sorted(screens()) if given.all else [given.screen]
    paths = {name: given.out / f"kiosk_{name}_{given.size}.png" if given.all else given.out for name in names}
    write(names, (width, height), {name: path.absolute() for name, path in paths.items()})


if __name__ == "__main__":
    main()
