"""Fingers and news for the flow, at given times."""

from __future__ import annotations

from kiosk import flow
from kiosk.events import Effect, Event, Keep, Kept, Link, TouchDown, TouchUp
from kiosk.stages import Keeping, Kiosk

START = 1_000
ONLINE = Link(online=True)
SLIP = "7K3QX9TF2M4A"


def target(where: int | str | None) -> str | None:
    """A number is an answer."""
    return f"level:{where}" if isinstance(where, int) else where


def down(where: int | str | None = 0, touch: str = "a", x: float = 0.0, y: float = 0.0) -> TouchDown:
    return TouchDown(touch, target(where), x, y)


def up(where: int | str | None = 0, touch: str = "a") -> TouchUp:
    return TouchUp(touch, target(where))


def play(state: Kiosk, *steps: tuple[int, Event]) -> tuple[Kiosk, list[Effect]]:
    """Post events at their times; the last state and all effects."""
    done: list[Effect] = []
    for now, event in steps:
        state, effects = flow.advance(state, event, now)
        done += effects
    return state, done


def tap(state: Kiosk, now: int, where: int | str) -> tuple[Kiosk, list[Effect]]:
    """A finger down at `now` and up again 50 ms later."""
    return play(state, (now, down(where, f"t{now}", x=now % 997)), (now + 50, up(where, f"t{now}")))


def answer(state: Kiosk, now: int, level: int, slip: str = SLIP) -> Kiosk:
    """A face touched at `now`, on disk 60 ms later."""
    state, effects = tap(state, now, level)
    assert isinstance(state.stage, Keeping), state.stage
    kept = next(effect for effect in effects if isinstance(effect, Keep))
    return play(state, (now + 60, Kept(kept.number, slip if kept.bad else "")))[0]
