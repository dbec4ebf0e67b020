"""What a payload holds: a batch, a batch with bad taps in it, or nothing that can be read; pure.

In: bytes off the line. Out: `Opened`. Whatever is in the bytes, it is told as a value and never raised.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from link import messages
from link.messages import BadMessage, TapBatch, TooLarge, WrongVersion

_NUL = b"\\u0000"


@dataclass(slots=True)
class Opened:
    """A payload taken apart. `fault` is empty when at least the store could be read."""

    batch: TapBatch | None
    """The good taps; None when there are none."""
    store: str = ""
    bad: tuple[tuple[int, str, bytes], ...] = ()
    """(seq, what is wrong, bytes) of each tap that cannot be read."""
    fault: str = ""
    """`unreadable`, `too_large` or `version`; then `detail` says more."""
    detail: str = ""


def open_batch(payload: bytes) -> Opened:
    """Read a payload of `up/taps`."""
    try:
        if _NUL in payload:  # PostgreSQL keeps no NUL, and no name needs one
            return _without_nul(payload)
        batch = messages.decode(TapBatch, payload)
    except WrongVersion as error:
        return Opened(None, fault="version", detail=str(error))
    except TooLarge as error:
        return Opened(None, fault="too_large", detail=str(error))
    except BadMessage:
        return _salvaged(payload)
    return Opened(batch, batch.store)


def _salvaged(payload: bytes) -> Opened:
    try:
        found = messages.salvage(payload)
    except BadMessage as error:
        return Opened(None, fault="unreadable", detail=str(error))
    return Opened(found.batch, found.store, found.bad)


def _without_nul(payload: bytes) -> Opened:
    found = messages.salvage(payload)
    if "\0" in found.store or (found.batch is not None and "\0" in found.batch.boot):
        return Opened(None, fault="unreadable", detail="a name with a NUL character in it")
    good, bad = [], list(found.bad)
    for tap in found.batch.taps if found.batch is not None else ():
        names = (tap.boot, tap.questionnaire, tap.question, tap.scale, tap.layout, tap.slip, *tap.reasons)
        if any("\0" in name for name in names):
            bad.append((tap.seq, "a name with a NUL character in it", messages.encode(tap)))
        else:
            good.append(tap)
    batch = msgspec.structs.replace(found.batch, taps=tuple(good)) if found.batch and good else None
    return Opened(batch, found.store, tuple(bad))
