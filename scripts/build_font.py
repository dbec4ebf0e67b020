"""Build the kiosk's fonts: a subset of Noto Sans CJK SC that holds every character an estate can ask for.

In: Debian's fonts-noto-cjk (face 2 of each .ttc is SC; face 0, which Kivy would open, is Japanese) and
unicode-data (Unihan's kTGH field is the table of 8,105 standard characters, 通用规范汉字表).
Out: kiosk/fonts/TaploopSansSC-{Regular,Bold}.otf and coverage.txt, the code points they hold.

    apt-get install fonts-noto-cjk unicode-data
    .venv/bin/python scripts/build_font.py
"""

from __future__ import annotations

import argparse
import bz2
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
SC = 2
"""Index of the Simplified Chinese face in Debian's collections."""
RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1 and Latin Extended-A: names of people and places
    (0x0391, 0x03C9),  # Greek, in names of units and phases (α 区, β 区)
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
    (0x2030, 0x203B),  # per mille, primes, reference mark
    (0x2103, 0x2122),  # ℃ № ℡ ™
    (0x2160, 0x217B),  # Roman numerals: phase Ⅱ
    (0x2190, 0x2199),  # arrows
    (0x2460, 0x249B),  # circled and full-stop numbers
    (0x25A0, 0x25EF),  # simple shapes
    (0x2605, 0x2606),  # stars
    (0x3000, 0x301F),  # CJK punctuation
    (0x3220, 0x3229),  # ㈠ to ㈩
    (0x3380, 0x33DF),  # ㎡ ㎜ ㎏
    (0xFF01, 0xFF5E),  # full-width forms
    (0xFFE0, 0xFFE5),  # ￠ ￡ ￥
)
SINGLE = "√×÷±≤≥≈∞°·⚠✓✔∶"


def standard_characters(unihan: Path) -> set[int]:
    """The 8,105 characters of 通用规范汉字表, from Unihan's field kTGH."""
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        found = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line and line[0] == "U"}
    if len(found) != 8105:
        sys.exit(f"{unihan} names {len(found)} standard characters, not 8105; is it another edition?")
    return found


def gb2312() -> set[int]:
    """Every character of GB 2312: 6,763 Hanzi and its symbols; a few are not in the table of 8,105."""
    found: set[int] = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            text = bytes((high, low)).decode("gb2312", errors="ignore")
            found.update(ord(character) for character in text)
    return found


def wanted(unihan: Path) -> set[int]:
    """All code points the fonts should hold."""
    listed = {code for first, last in RANGES for code in range(first, last + 1)}
    return listed | {ord(character) for character in SINGLE} | standard_characters(unihan) | gb2312()


def build(collection: Path, style: str, codes: set[int], out: Path) -> set[int]:
    """Write one subset font; return the code points it really holds."""
    font: TTFont = TTCollection(str(collection), lazy=True).fonts[SC]
    options = subset.Options()
    options.layout_features = []  # SDL_ttf shapes nothing; the tables would only cost memory
    options.hinting = False
    options.notdef_outline = True  # a missing character must show as a box, never vanish
    options.drop_tables += ["BASE", "GPOS", "GSUB", "GDEF", "VORG", "vhea", "vmtx", "DSIG"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(codes))
    cutter.subset(font)
    rename(font, style)
    font.save(str(out))
    return set(font.getBestCmap())


def rename(font: TTFont, style: str) -> None:
    """Give the subset its own name, so that nobody takes it for the whole Noto font."""
    names = {1: "Taploop Sans SC", 2: style, 3: f"Taploop Sans SC {style}", 4: f"Taploop Sans SC {style}"}
    names[6] = f"TaploopSansSC-{style}"
    for name_id, text in names.items():
        for record in [record for record in font["name"].names if record.nameID == name_id]:
            record.string = text
    cff = font["CFF "].cff
    cff.fontNames = [names[6]]
    top = cff.topDictIndex[0]
    top.FamilyName, top.FullName = names[1], names[4]


def as_ranges(codes: set[int]) -> str:
    """Code points in hexadecimal, `4E00-4E05 4E07 …`, twelve words a line."""
    words: list[str] = []
    start = previous = -2
    for code in [*sorted(codes), -1]:
        if code != previous + 1:
            if start >= 0:
                words.append(f"{start:04X}" if start == previous else f"{start:04X}-{previous:04X}")
            start = code
        previous = code
    return "".join(" ".join(words[i : i + 12]) + "\n" for i in range(0, len(words), 12))


def main() -> None:
    """Build both weights and the list of what they hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--noto", type=Path, default=Path("/usr/share/fonts/opentype/noto"))
    parser.add_argument(
        "--unihan", type=Path, default=Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
    )
    parser.add_argument("--out", type=Path, default=ROOT / "kiosk" / "fonts")
    given = parser.parse_args()
    codes = wanted(given.unihan)
    held: set[int] | None = None
    for style in ("Regular", "Bold"):
        out = given.out / f"TaploopSansSC-{style}.otf"
        holds = build(given.noto / f"NotoSansCJK-{style}.ttc", style, codes, out)
        held = holds if held is None else held & holds
        print(f"{out.name}: {len(holds)} characters, {out.stat().st_size / 1e6:.2f} MB")
    (given.out / "coverage.txt").write_text(as_ranges(held or set()), encoding="ascii")
    missing = standard_characters(given.unihan) - (held or set())
    print(f"standard characters that Noto itself lacks: {len(missing)}")


if __name__ == "__main__":
    main()
