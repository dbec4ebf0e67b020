"""What a camera made becomes a small JPEG that tells nothing but the picture."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from hub import photos


def file_of(image: Image.Image, kind: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_photo_is_scaled_down_whatever_its_kind(kind: str) -> None:
    small = opened(photos.as_jpeg(file_of(Image.new("RGB", (4000, 3000), "teal"), kind)))
    assert (small.format, small.size) == ("JPEG", (1280, 960))


def test_a_small_photo_keeps_its_size() -> None:
    assert opened(photos.as_jpeg(file_of(Image.new("RGB", (320, 200), "teal"), "PNG"))).size == (320, 200)


def test_place_time_and_camera_are_taken_out_and_the_photo_stands_upright() -> None:
    photo = Image.new("RGB", (400, 200), "teal")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (30.0, 16.0, 1.0)
    data = file_of(photo, "JPEG", exif=exif, comment=b"SecretWords", icc_profile=b"x" * 200)
    assert b"SecretCamera" in data
    made = photos.as_jpeg(data)
    assert opened(made).size == (200, 400)
    assert len(opened(made).getexif()) == 0
    for trace in (b"Secret", b"Exif", b"ICC_PROFILE"):
        assert trace not in made


def test_what_is_transparent_becomes_white() -> None:
    made = opened(photos.as_jpeg(file_of(Image.new("RGBA", (8, 8), (255, 0, 0, 0)), "PNG")))
    assert made.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG, PNG or WebP"),
        (file_of(Image.new("L", (9, 9)), "GIF"), "no JPEG, PNG or WebP"),
        (file_of(Image.effect_noise((400, 400), 90), "JPEG")[:9000], "damaged"),
        (file_of(Image.effect_noise((400, 400), 90), "PNG")[:9000], "damaged"),
        (b"\xff\xd8" + bytes(8 * 1024 * 1024), "MB; at most 8"),
        (file_of(Image.new("1", (9_000, 9_000)), "PNG"), "too many pixels"),
        (file_of(Image.new("1", (20_000, 20_000)), "PNG"), "too many pixels"),
    ],
    ids=["nothing", "svg", "gif", "half_jpeg", "half_png", "large", "wide", "bomb"],
)
def test_what_is_no_photo_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(photos.BadPhoto, match=words):
        photos.as_jpeg(data)
