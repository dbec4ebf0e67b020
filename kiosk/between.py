"""Between people: announcements, a dimmed or black screen, and the touch that ends them; pure."""

from __future__ import annotations

from dataclasses import replace

from kiosk.stages import Asking, Attracting, Kiosk, Sleeping
from kiosk.visit import Step, count, settings_of, to, touched

CARD_FOR = 12_000
"""How long one announcement stays."""


def is_black(state: Kiosk) -> bool:
    """Whether the screen shows nothing at all, so that nobody can have meant what they touched."""
    return isinstance(state.stage, Sleeping) and settings_of(state).dim_to == 0


def brightness(state: Kiosk) -> int:
    """What the backlight should be, in per cent."""
    return settings_of(state).dim_to if isinstance(state.stage, Sleeping) else 100


def woken(state: Kiosk, now: int) -> Kiosk:
    """A touch on a black screen lights it up and does nothing else."""
    return touched(to(count(state, "woke"), Asking(now)), now)


def ended(state: Kiosk, stage: Attracting | Sleeping) -> Kiosk:
    """Somebody touches a screen that shows faces: they have been there since it was shown."""
    return to(state, Asking(stage.since))


def due(_: Kiosk, stage: Attracting) -> int:
    """When the next announcement comes."""
    return stage.turn_at + CARD_FOR


def tick(state: Kiosk, stage: Attracting, now: int) -> Step:
    """Turn to the next announcement."""
    cards = state.plan.cards if state.plan else ()
    card = (stage.card + 1) % max(len(cards), 1)
    return replace(state, stage=replace(stage, card=card, turn_at=now)), ()
