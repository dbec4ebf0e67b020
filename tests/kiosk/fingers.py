"""Fingers and news for the flow, at given times."""

from __future__ import annotations

from kiosk import flow
from kiosk.stages import Effect, Event, Kiosk, Link, TouchDown, TouchUp

START = 1_000
ONLINE = Link(online=True)


def down(cell: int | None = 0, touch: str = "a", x: float = 0.0, y: float = 0.0) -> TouchDown:
    return TouchDown(touch, cell, x, y)


def up(cell: int | None = 0, touch: str = "a") -> TouchUp:
    return TouchUp(touch, cell)


def play(state: Kiosk, *steps: tuple[int, Event]) -> tuple[Kiosk, list[Effect]]:
    """Post events at their times; the last state and all effects."""
    done: list[Effect] = []
    for now, event in steps:
        state, effects = flow.advance(state, event, now)
        done += effects
    return state, done
