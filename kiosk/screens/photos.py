"""Pictures of announcements as textures. In: a path. Out: its texture, or None; only the last one is kept."""

from __future__ import annotations

from functools import lru_cache

import structlog
from kivy.core.image import Image
from kivy.graphics.texture import Texture

log = structlog.get_logger("kiosk.photos")
MOST_PIXELS = 4_000_000
"""A larger picture would cost more memory than the rest of the kiosk."""


@lru_cache(maxsize=1)
def texture(path: str) -> Texture | None:
    """The picture, or None when it cannot be shown: an announcement is worth reading without one."""
    try:
        found: Texture = Image.load(path, nocache=True, mipmap=False).texture
    except Exception as error:  # noqa: BLE001 each of Kivy's readers raises its own
        log.warning("picture cannot be shown", path=path, error=str(error))
        return None
    if found.width * found.height > MOST_PIXELS:
        log.warning("picture is too large", path=path, width=found.width, height=found.height)
        return None
    return found
