"""QR codes as textures; the only user of qrcode in the kiosk. In: a text. Out: its modules, black on white.

Only the last code is kept, for a rotating code never comes back.
"""

from __future__ import annotations

from functools import lru_cache

import qrcode
from kivy.graphics.texture import Texture
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
"""Modules of white around the code."""
_MASK = 3
"""Any mask can be read; trying all eight costs eight times as much."""


@lru_cache(maxsize=1)
def _matrix(text: str) -> tuple[bytes, ...]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET, mask_pattern=_MASK)
    code.add_data(text)
    return tuple(bytes(0 if dark else 255 for dark in row) for row in code.get_matrix())


def modules(text: str) -> int:
    """How many modules the code is wide, its quiet zone included."""
    return len(_matrix(text))


@lru_cache(maxsize=1)
def texture(text: str) -> Texture:
    """One texel a module; scaled up, each stays a sharp square."""
    rows = _matrix(text)
    found = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance", mipmap=False)
    found.mag_filter = found.min_filter = "nearest"
    found.blit_buffer(b"".join(reversed(rows)), colorfmt="luminance", bufferfmt="ubyte")
    return found
