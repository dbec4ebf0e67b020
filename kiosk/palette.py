"""The kiosk's colours: three themes, each also in the strong inks of elder mode; pure.

In: a theme's name. Out: a `Dress`, every colour by its task. Every pair that carries meaning has a contrast
of at least 4.5 : 1 (`contrast`, by WCAG 2.2); `pairs` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kiosk.views import Manners, Theme

Colour = tuple[float, float, float, float]
PRESSED: Final = 0.35
"""How much of its own colour a card takes on under a finger."""


def colour(code: str) -> Colour:
    """`#RRGGBB` as four parts of 1."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, 1.0


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


BLACK: Final = colour("#000000")
WHITE: Final = colour("#FFFFFF")
INK: Final = colour("#0F1B24")
NIGHT: Final = BLACK
"""The ground of the sleeping screen; its words are as bright as the settings say."""


@dataclass(frozen=True, slots=True)
class Dress:
    """Every colour of a screen by its task."""

    paper: Colour
    card: Colour
    edge: Colour
    """The line around a card."""
    ink: Colour
    soft: Colour
    """Second language, notes."""
    accent: Colour
    """What is chosen, the button that goes on, the check mark; words on it are `on_accent`."""
    on_accent: Colour
    good: Colour
    warning: Colour
    danger: Colour
    """The ground of the emergency screen; words on it are `on_danger`."""
    on_danger: Colour
    heads: Mapping[str, Colour]
    features: Mapping[str, Colour]
    """What is drawn on the head of each face."""
    rims: Mapping[str, Colour]
    """The line around each head, which tells it from the card."""
    line: float = 2.0
    """Thickness of edges on a screen of 1280 × 800."""

    def pressed(self, hue: Colour) -> Colour:
        """The card under a finger."""
        return mixed(hue, self.card, PRESSED)


_CALM_HEADS: Final = {
    "very_bad": colour("#E0691B"),
    "bad": colour("#F0AE2E"),
    "fair": colour("#CBD2D6"),
    "good": colour("#62B8EA"),
    "very_good": colour("#0068A3"),
    "star": colour("#F0AE2E"),
    "none": colour("#A9C7DA"),
}
_TRAFFIC_HEADS: Final = {
    "very_bad": colour("#C62828"),
    "bad": colour("#F57C00"),
    "fair": colour("#FBC02D"),
    "good": colour("#8BC34A"),
    "very_good": colour("#2A7A30"),
    "star": colour("#FBC02D"),
    "none": colour("#A9C7DA"),
}
_calm = Dress(
    paper=colour("#F6F4EF"),
    card=WHITE,
    edge=colour("#DDD7CB"),
    ink=INK,
    soft=colour("#4F5F69"),
    accent=colour("#0068A3"),
    on_accent=WHITE,
    good=colour("#1F7140"),
    warning=colour("#A34700"),
    danger=colour("#9B1414"),
    on_danger=WHITE,
    heads=_CALM_HEADS,
    features=dict.fromkeys(_CALM_HEADS, INK) | {"very_good": WHITE},
    rims=_CALM_HEADS,
)
_traffic = replace(
    _calm,
    accent=colour("#2A7A30"),
    heads=_TRAFFIC_HEADS,
    features=dict.fromkeys(_TRAFFIC_HEADS, INK) | {"very_bad": WHITE, "very_good": WHITE},
    rims=_TRAFFIC_HEADS,
)
_contrast = Dress(
    paper=WHITE,
    card=WHITE,
    edge=BLACK,
    ink=BLACK,
    soft=BLACK,
    accent=BLACK,
    on_accent=WHITE,
    good=BLACK,
    warning=BLACK,
    danger=BLACK,
    on_danger=WHITE,
    heads=dict.fromkeys(_CALM_HEADS, WHITE) | {"star": BLACK, "none": colour("#BFBFBF")},
    features=dict.fromkeys(_CALM_HEADS, BLACK),
    rims=dict.fromkeys(_CALM_HEADS, BLACK),
    line=4.0,
)
_BY_THEME: Final[dict[Theme, Dress]] = {"calm": _calm, "contrast": _contrast, "traffic": _traffic}
_STRONG: Final = {"paper": WHITE, "edge": INK, "ink": BLACK, "soft": colour("#26323A"), "line": 3.0}
_ELDER: Final[dict[Theme, Dress]] = {
    "calm": replace(_calm, **_STRONG),  # type: ignore[arg-type] # each value has the field's type
    "contrast": _contrast,
    "traffic": replace(_traffic, **_STRONG),  # type: ignore[arg-type] # each value has the field's type
}


def dress(manners: Manners) -> Dress:
    """The colours of a visit."""
    return (_ELDER if manners.elder else _BY_THEME)[manners.theme]


def dresses() -> Iterator[tuple[str, Dress]]:
    """All of them, with their names."""
    for name, found in (("", _BY_THEME), ("elder ", _ELDER)):
        yield from ((name + theme, worn) for theme, worn in found.items())


def pairs(worn: Dress) -> Iterator[tuple[str, Colour, Colour]]:
    """What is written or drawn on what, with a name for each pair."""
    for ground in ("paper", "card"):
        for ink in ("ink", "soft", "accent", "good", "warning", "danger"):
            yield f"{ink} on {ground}", getattr(worn, ink), getattr(worn, ground)
    for ground in ("accent", "danger"):
        yield f"on_{ground}", getattr(worn, f"on_{ground}"), getattr(worn, ground)
    for name in ("good", "warning", "danger", "soft"):
        yield f"a white mark on {name}", WHITE, getattr(worn, name)
    for face, head in worn.heads.items():
        pressed = worn.pressed(worn.rims[face] if face != "none" else head)
        yield f"words under the pressed {face}", worn.ink, pressed
        if face != "star":
            yield f"features of {face}", worn.features[face], head
    yield "words on a pressed button", worn.ink, worn.pressed(worn.accent)
