"""Draws what a kiosk shows when it cannot even start: kiosk/pictures/out_of_order.pbm.

In: the words below and the kiosk's own fonts. Out: a picture of black and white, which needs neither font nor
graphics library to be shown.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

KIOSK = Path(__file__).resolve().parent.parent / "kiosk"
SIZE = (640, 240)
LINES = (
    (10, "这台评价终端出了故障", "Bold", 52),
    (92, "请联系物业服务中心", "Bold", 40),
    (160, "This terminal is out of order.", "Regular", 26),
    (196, "Please tell the property office.", "Regular", 26),
)


def picture() -> Image.Image:
    """White words on black."""
    image = Image.new("1", SIZE, 0)
    pen = ImageDraw.Draw(image)
    for top, words, weight, size in LINES:
        font = ImageFont.truetype(KIOSK / "fonts" / f"TaploopSansSC-{weight}.otf", size)
        pen.text(((SIZE[0] - pen.textlength(words, font=font)) / 2, top), words, fill=1, font=font)
    return image


if __name__ == "__main__":
    out = KIOSK / "pictures" / "out_of_order.pbm"
    out.parent.mkdir(exist_ok=True)
    picture().save(out)
    print(f"written: {out.relative_to(KIOSK.parent)}")
