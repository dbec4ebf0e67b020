"""Photos of cards: whatever a camera made becomes one small JPEG that says nothing but the picture.

In: the bytes of a file. Out: JPEG bytes of at most 1,280 × 1,280 pixels without place, time or camera; or
BadPhoto with one sentence. The only user of Pillow.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1280
_QUALITY = 82
_TOO_MANY = "the photo has too many pixels; at most 50 million are taken"
_KINDS = ("JPEG", "PNG", "WEBP")
"""By what is in the file, never by its name."""


class BadPhoto(ValueError):
    """The file cannot be shown; the message says why."""


def as_jpeg(data: bytes) -> bytes:
    """The photo upright, scaled down and without metadata; raise BadPhoto."""
    if len(data) > MOST_BYTES:
        raise BadPhoto(f"the photo has {len(data) / 1_048_576:.1f} MB; at most 8 are taken")
    try:
        with Image.open(BytesIO(data), formats=_KINDS) as photo:
            return _encoded(photo)
    except Image.DecompressionBombError as error:
        raise BadPhoto(_TOO_MANY) from error
    except UnidentifiedImageError as error:
        raise BadPhoto("the file is no JPEG, PNG or WebP") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow says of broken files
        if isinstance(error, BadPhoto):
            raise
        raise BadPhoto("the photo is damaged; take it from the camera again") from error


def _encoded(photo: Image.Image) -> bytes:
    if photo.width * photo.height > MOST_PIXELS:  # looked at before a single pixel is read
        raise BadPhoto(_TOO_MANY)
    photo.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a large JPEG is read at half or quarter size
    upright = ImageOps.exif_transpose(photo)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    opaque = upright.convert("RGBA")
    plain = Image.new("RGB", opaque.size, "white")
    plain.paste(opaque, mask=opaque.getchannel("A"))
    written = BytesIO()
    plain.save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return written.getvalue()
