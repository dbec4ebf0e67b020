"""The kiosk's colours: from orange over grey to blue, readable without red and green; pure.

Every pair that carries meaning has a contrast of at least 4.5 : 1 (`contrast`, by WCAG 2.2).
"""

from __future__ import annotations

from typing import Final

Colour = tuple[float, float, float, float]


def colour(code: str) -> Colour:
    """`#RRGGBB` as four parts of 1."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, 1.0


PAPER: Final = colour("#F6F4EF")
CARD: Final = colour("#FFFFFF")
EDGE: Final = colour("#E3DED4")
INK: Final = colour("#0F1B24")
SOFT_INK: Final = colour("#4F5F69")
ACCENT: Final = colour("#0068A3")
WARNING: Final = colour("#A34700")

HEADS: Final[dict[str, Colour]] = {
    "very_bad": colour("#E0691B"),
    "bad": colour("#F0AE2E"),
    "fair": colour("#CBD2D6"),
    "good": colour("#62B8EA"),
    "very_good": colour("#0068A3"),
    "none": colour("#DDE6EC"),
}
FEATURES: Final[dict[str, Colour]] = dict.fromkeys(HEADS, INK) | {"very_good": CARD}
"""What is drawn on the head of each face."""


def contrast(one: Colour, other: Colour) -> float:
    """Ratio of the relative luminances, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of one, the rest of the other."""
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(one[:3], other[:3], strict=True))
    return red, green, blue, 1.0


def _luminance(given: Colour) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in given[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
