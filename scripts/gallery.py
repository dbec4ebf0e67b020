"""Draw the gallery: every screen of the kiosk, in both languages, normal and elder, on three sizes of glass.

In: nothing but this checkout; no display is needed. Out: docs/gallery/index.md, and beside it
<screen>_<zh|en>_<normal|elder>_<WxH>.png.

    .venv/bin/python scripts/gallery.py
    .venv/bin/python scripts/gallery.py --size 1280x800 --out /tmp/pictures --only question_zh_normal
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402 the project need not be installed

from kiosk.views import NoticeView, PadView, QuestionView, SleepView, StaffView, View  # noqa: E402
from scripts.gallery_views import PHOTO, Estate  # noqa: E402
from scripts.screenshot_kiosk import write  # noqa: E402

OUT = ROOT / "docs" / "gallery"
DIAGONALS = {"1280x800": 10.1, "800x1280": 10.1, "1920x1080": 15.6}
"""Inches of the panels that have these sizes in the field."""
STORED_WIDTH = {"1920x1080": 640}
"""Stored smaller: the picture shows the same, the repository stays small."""
COLOURS = 64
LANGUAGES = {"zh": "zh-CN", "en": "en"}


SAME_IN_ELDER = {"beside", "attract_plain"}
"""Elder mode leaves out the code and the photo: these look like `question` and `attract`."""


def is_drawn(name: str, view: View, *, elder: bool, size: str) -> bool:
    """Whether this picture exists: some screens have no elder mode, some keys do not fit this glass."""
    if elder and (isinstance(view, SleepView | PadView | StaffView | NoticeView) or name in SAME_IN_ELDER):
        return False
    if isinstance(view, QuestionView) and view.cells[0].face == "none":
        across, up = map(int, size.split("x"))
        millimetre = (across**2 + up**2) ** 0.5 / (DIAGONALS[size] * 25.4)
        return bool(0.95 * across / len(view.cells) >= 20 * millimetre)
    return True


def pictures(size: str) -> Iterator[tuple[str, View]]:
    """Names (without the size) and views of the pictures of one size."""
    for short, language in LANGUAGES.items():
        for elder in (False, True):
            mode = "elder" if elder else "normal"
            for name, view in Estate(language, elder=elder).views(str(PHOTO)).items():
                if is_drawn(name, view, elder=elder, size=size):
                    yield f"{name}_{short}_{mode}", view


def draw(size: str, out: Path, only: list[str]) -> None:
    """Draw the pictures of one size in this process, which can open one window only."""
    across, up = map(int, size.split("x"))
    wanted = {name: view for name, view in pictures(size) if not only or name in only}
    with tempfile.TemporaryDirectory() as folder:
        shots = {Path(folder) / f"{name}.png": view for name, view in wanted.items()}
        write(shots, (across, up), DIAGONALS[size])
        for shot in shots:
            store(shot, out / f"{shot.stem}_{size}.png", size)


def store(shot: Path, path: Path, size: str) -> None:
    """Write a picture with few colours, as small as it can be."""
    with Image.open(shot) as taken:
        picture = taken.convert("RGB")
    if size in STORED_WIDTH:
        width = STORED_WIDTH[size]
        picture = picture.resize((width, picture.height * width // picture.width), Image.Resampling.LANCZOS)
    few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def index(out: Path) -> str:
    """A page that shows them all: one row a screen, Chinese first."""
    lines = ["# Every screen of the kiosk", "", "Written by `make screenshots`; do not edit.", ""]
    names: dict[str, list[str]] = {}
    for path in sorted(out.glob("*.png")):
        screen = path.stem.rsplit("_", 3)[0]
        names.setdefault(screen, []).append(path.name)
    for screen, files in names.items():
        lines += [f"## {screen.replace('_', ' ')}", ""]
        for name in sorted(files, key=lambda name: (name.split("_")[-1], "_en_" in name, "elder" in name)):
            height = 360 if name.endswith("800x1280.png") else 225
            lines.append(f'<img src="{name}" height="{height}" alt="{name.removesuffix(".png")}">')
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Draw each size in a process of its own, then write the index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", choices=list(DIAGONALS), help="only this size, and no index")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="for instance sorry_en_elder")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.size:
        draw(given.size, given.out, given.only)
        return
    for old in given.out.glob("*.png"):
        old.unlink()
    for size in DIAGONALS:
        command = [sys.executable, __file__, "--size", size, "--out", str(given.out)]
        subprocess.run([*command, *(["--only", *given.only] if given.only else [])], cwd=ROOT, check=True)
    (given.out / "index.md").write_text(index(given.out), encoding="utf-8")
    print(f"{len(list(given.out.glob('*.png')))} pictures in {given.out}")


if __name__ == "__main__":
    main()
