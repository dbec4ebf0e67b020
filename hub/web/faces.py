"""The five faces as inline SVG; pure.

In: the name of a face (`link.questionnaire.Level.face`) and a size in CSS pixels. Out: one `<svg>` element.
Each face has its own brows, eyes and mouth, so that it is known without its colour; the colours run orange,
grey, blue, which stay apart for people who do not tell red from green.
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#120f0c"
"""What is drawn on the light faces: contrast 4.5:1 or more on each of them."""


@dataclass(frozen=True, slots=True)
class Face:
    """How one face is drawn, in a box of 64 × 64: its skin, its ink, its lines and its filled parts."""

    skin: str
    ink: str
    lines: str
    filled: str


FACES: dict[str, Face] = {
    "very_bad": Face(
        skin="#d55e00",
        ink=INK,
        lines='<path d="M16 20.5l10 4.5M48 20.5l-10 4.5"/>',
        filled='<circle cx="22.5" cy="31" r="3.6"/><circle cx="41.5" cy="31" r="3.6"/>'
        '<path d="M20 51.5c0-8 5-13 12-13s12 5 12 13c0 1.6-1.6 2-2.8 1.2-2.8-1.8-5.6-2.4-9.2-2.4'
        's-6.4.6-9.2 2.4C21.6 53.5 20 53.1 20 51.5z"/>',
    ),
    "bad": Face(
        skin="#e69f00",
        ink=INK,
        lines='<path d="M15 24l9-4M49 24l-9-4M20 48c3-6 7-9 12-9s9 3 12 9"/>',
        filled='<circle cx="22" cy="29" r="3.6"/><circle cx="42" cy="29" r="3.6"/>',
    ),
    "fair": Face(
        skin="#d9d6d0",
        ink=INK,
        lines='<path d="M20 44h24"/>',
        filled='<circle cx="22" cy="27" r="3.8"/><circle cx="42" cy="27" r="3.8"/>',
    ),
    "good": Face(
        skin="#56b4e9",
        ink=INK,
        lines='<path d="M18 39c3 7 8 10 14 10s11-3 14-10"/>',
        filled='<ellipse cx="22" cy="26" rx="3.6" ry="4.8"/><ellipse cx="42" cy="26" rx="3.6" ry="4.8"/>',
    ),
    "very_good": Face(
        skin="#0072b2",
        ink="#ffffff",
        lines='<path d="M15 28c2-6 10-6 12 0M37 28c2-6 10-6 12 0"/>',
        filled='<path d="M16.5 35.5h31c1.3 0 2.1 1 2 2.2C48.5 47.5 41.5 54 32 54S15.5 47.5 14.5 37.7'
        'c-.1-1.2.7-2.2 2-2.2z"/>',
    ),
}
"""Worst first."""


def svg(face: str, size: int = 64) -> str:
    """The drawing of `face`, decorative (its words stand beside it); empty for `none` and unknown names."""
    drawn = FACES.get(face)
    if drawn is None:
        return ""
    return (
        f'<svg class="face" viewBox="0 0 64 64" width="{size}" height="{size}" aria-hidden="true">'
        f'<circle cx="32" cy="32" r="31" fill="{drawn.skin}"/>'
        f'<g fill="none" stroke="{drawn.ink}" stroke-width="3.6" stroke-linecap="round">{drawn.lines}</g>'
        f'<g fill="{drawn.ink}">{drawn.filled}</g></svg>'
    )
