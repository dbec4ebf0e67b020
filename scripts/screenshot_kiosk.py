"""Write pictures of the kiosk's screens in all their colours, without a display: a made-up touchpoint.

.venv/bin/python scripts/screenshot_kiosk.py kiosk.png
.venv/bin/python scripts/screenshot_kiosk.py --screen sorry --language en --elder --size 800x1280 sorry.png
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kiosk.environment import Display, prepare  # noqa: E402 the project need not be installed
from kiosk.views import View  # noqa: E402
from scripts.gallery_views import NOW, PHOTO, Estate  # noqa: E402


def write(views: dict[Path, View], size: tuple[int, int], diagonal: float) -> None:
    """Draw the views one after another in one window and write each."""
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    with tempfile.TemporaryDirectory() as runtime:
        prepare(Display(size=size), Path(runtime))
        from kivy.base import EventLoop
        from kivy.core.window import Window

        from kiosk.screens.root import Root

        EventLoop.ensure_window()
        root = Root(diagonal)
        Window.add_widget(root)
        for path, view in views.items():
            root.show(view, NOW)
            Window.dispatch("on_draw")
            Path(Window.screenshot(name=str(path))).replace(path)


def main() -> None:
    """Write one screen, or all of them into a directory."""
    names = sorted(Estate("zh-CN").views(""))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path, help="the PNG, or a directory with --all")
    parser.add_argument("--screen", default="question", choices=names)
    parser.add_argument("--all", action="store_true", help="every screen, as kiosk_<screen>_<size>.png")
    parser.add_argument("--size", default="1280x800", metavar="WxH")
    parser.add_argument("--diagonal", type=float, default=10.1, help="inches")
    parser.add_argument("--language", default="zh-CN", choices=["zh-CN", "en"])
    parser.add_argument("--theme", default="calm", choices=["calm", "contrast", "traffic"])
    parser.add_argument("--elder", action="store_true")
    parser.add_argument("--low", action="store_true", help="what can be touched lies in the lower half")
    given = parser.parse_args()
    estate = Estate(given.language, elder=given.elder, low_row=given.low, theme=given.theme)
    out, views = given.out.absolute(), estate.views(str(PHOTO))
    wanted = {out / f"kiosk_{name}_{given.size}.png": view for name, view in views.items()}
    width, height = (int(part) for part in given.size.split("x"))
    write(wanted if given.all else {out: views[given.screen]}, (width, height), given.diagonal)


if __name__ == "__main__":
    main()
