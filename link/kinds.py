"""What the messages' fields are made of; pure."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

VERSION = 1
"""Major version of the contract."""
Int53 = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Seq = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Range = tuple[Seq, Seq]
"""First and last, both included."""
