"""What travels on the line: shapes, encoding, decoding, version; pure.

In: values, or bytes off the line. Out: bytes, or values that have been checked. Nothing else is believed.
JSON by msgspec; an unknown key is ignored, another major version refused (`WrongVersion`). Times are integers
in milliseconds: `*_at` since 1970-01-01 UTC, `uptime` since the boot named `boot`.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct, structs

from link.kinds import VERSION, Int53, Name, Range, Seq
from link.presences import DayCount, HubState, State, StoreState
from link.wishes import Card, Command, Config, Reply

__all__ = [
    "MAX_BYTES",
    "MAX_TAPS",
    "VERSION",
    "BadMessage",
    "Card",
    "Command",
    "Config",
    "DayCount",
    "HubState",
    "Int53",
    "Message",
    "Name",
    "Range",
    "Receipt",
    "Refusal",
    "Reply",
    "Salvage",
    "Seq",
    "State",
    "StoreState",
    "Tap",
    "TapBatch",
    "TooLarge",
    "WrongVersion",
    "decode",
    "decode_tap",
    "encode",
    "fingerprint",
    "id_in",
    "ranges_of",
    "salvage",
]

MAX_TAPS = 100
"""Most taps in one batch."""
MAX_BYTES = 64 * 1024
"""Most bytes in one message."""


class BadMessage(ValueError):
    """The bytes are not a message of this contract."""


class TooLarge(BadMessage):
    """The message is larger than 64 KiB."""


class WrongVersion(BadMessage):
    """The message speaks another major version of the contract."""


class Tap(Struct, frozen=True, gc=False, omit_defaults=True):
    """One answer, frozen when it was kept. Its identity is (terminal, store, seq)."""

    seq: Seq
    tapped_at: Int53
    """Wall clock of the terminal, believed only when `trusted`."""
    uptime: Int53
    boot: Name
    trusted: bool
    day: Annotated[int, Meta(ge=0, le=99991231)]
    """The terminal's calendar day as 20261123; 0 when its clock was not trusted."""
    questionnaire: Name
    """`id@revision` of what was on the screen."""
    question: Name
    scale: Name
    """Id of the scale whose raw value `rating` is, for instance `faces-5`."""
    rating: Annotated[int, Meta(ge=0, le=10)]
    layout: Annotated[str, Meta(max_length=64)] = ""
    proof: Literal["kiosk", "rotating", "static"] = "kiosk"
    test: bool = False
    """A tap made to try the terminal out; kept and shown, never counted."""
    burst: bool = False
    """Made in a burst; kept and shown, left out of the score."""
    amends: Int53 = 0
    """Seq of the tap of the same store that this one replaces (another face, or reasons added); 0: none."""
    reasons: Annotated[tuple[Name, ...], Meta(max_length=6)] = ()
    """Ids of the reasons chosen after a bad rating."""
    slip: Annotated[str, Meta(max_length=16)] = ""
    """Unguessable code by which the person follows what becomes of it; the same through all amendments."""
    urgent: bool = False
    """A safety reason was chosen: sent before everything else."""


class TapBatch(Struct, frozen=True, omit_defaults=True):
    """Taps of one store, oldest first, with the clock reading at which they were sent."""

    v: int
    store: Name
    boot: Name
    uptime: Int53
    sent_at: Int53
    trusted: bool
    taps: Annotated[tuple[Tap, ...], Meta(min_length=1, max_length=MAX_TAPS)]


class Refusal(Struct, frozen=True, array_like=True):
    """A tap that the hub will never take, and why."""

    seq: Seq
    reason: str


class Receipt(Struct, frozen=True, omit_defaults=True):
    """What the hub has committed, refused, or could not read at all.

    A terminal settles `committed`, sets `refused` aside, and halves a batch named in `unreadable` until the
    one bad tap is alone.
    """

    v: int
    store: str
    committed: tuple[Range, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unreadable: tuple[str, ...] = ()
    """Fingerprints of batches whose bytes could not be read."""


Message = TapBatch | Receipt | State | Config | Command | Reply | HubState
T = TypeVar("T")
M = TypeVar("M", TapBatch, Receipt, State, Config, Command, Reply, HubState)


class _LooseBatch(TapBatch, frozen=True):  # its taps are read one by one
    taps: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=MAX_TAPS)]  # type: ignore[assignment]


V = TypeVar("V", bound=Message | _LooseBatch)
_encoder = msgspec.json.Encoder()
_loose = msgspec.json.Decoder(_LooseBatch)
_tap = msgspec.json.Decoder(Tap)
_decoders: dict[type, msgspec.json.Decoder[Message]] = {
    kind: msgspec.json.Decoder(kind) for kind in (TapBatch, Receipt, State, Config, Command, Reply, HubState)
}


def encode(message: Message | Tap) -> bytes:
    """The bytes of a message; the same value always gives the same bytes."""
    return _encoder.encode(message)


def decode(kind: type[M], data: bytes) -> M:
    """Read one message; raise TooLarge, WrongVersion or BadMessage with a sentence that names the place."""
    return _read_message(_decoders[kind], data)  # type: ignore[return-value]


def decode_tap(data: bytes | str | msgspec.Raw) -> Tap:
    """Read one tap as a terminal's store holds it; raise BadMessage naming the place."""
    return _read(_tap, data)


def id_in(data: bytes) -> str:
    """The id of an order that cannot be read otherwise; empty when there is none."""
    return _part(data, "id", str) or ""


def _part(data: bytes | msgspec.Raw, name: str, kind: type[T]) -> T | None:
    """One key of an object that is not read as a whole; None when it cannot be read."""
    try:
        return msgspec.convert(msgspec.json.decode(data)[name], kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LookupError, TypeError):
        return None


def _read(decoder: msgspec.json.Decoder[T], data: bytes | str | msgspec.Raw) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage(str(error)) from error


def _read_message(decoder: msgspec.json.Decoder[V], data: bytes) -> V:
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{len(data)} bytes; {TooLarge.__doc__}")
    try:
        message = _read(decoder, data)
    except BadMessage:
        _check_version(_part(data, "v", int))
        raise
    _check_version(message.v)
    return message


def _check_version(version: int | None) -> None:
    if version not in (None, VERSION):
        raise WrongVersion(f"version {version}; this side speaks {VERSION}")


class Salvage(Struct, frozen=True):
    """A batch of which some taps could be read: what is good, and (seq, reason, bytes) of what is not."""

    batch: TapBatch | None
    store: str
    bad: tuple[tuple[int, str, bytes], ...]


def salvage(data: bytes) -> Salvage:
    """Read a batch that `decode` refused, tap by tap; raise BadMessage unless each tap names its seq."""
    loose = _read_message(_loose, data)
    good: list[Tap] = []
    bad: list[tuple[int, str, bytes]] = []
    for raw in loose.taps:
        try:
            good.append(_read(_tap, raw))
        except BadMessage as error:
            bad.append((_seq_of(raw), str(error), bytes(raw)))
    batch = TapBatch(**structs.asdict(loose) | {"taps": tuple(good)}) if good else None
    return Salvage(batch, loose.store, tuple(bad))


def _seq_of(raw: msgspec.Raw) -> int:
    seq = _part(raw, "seq", Seq)
    if seq is None:
        raise BadMessage("a tap without a readable seq")
    return seq


def fingerprint(data: bytes) -> str:
    """What names a batch of bytes that nobody could read: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:16]


def ranges_of(seqs: list[int]) -> tuple[Range, ...]:
    """Fold seqs (any order, repeats allowed) into ranges: [3, 1, 2, 7] → ((1, 3), (7, 7))."""
    found: list[Range] = []
    for seq in sorted(set(seqs)):
        first = found.pop()[0] if found and found[-1][1] == seq - 1 else seq
        found.append((first, seq))
    return tuple(found)
