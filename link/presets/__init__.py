"""Scales ready to be asked, each a data file beside this one: `haochaping-5`, `csat-5`, `nps-11`, …

In: the files. Out: presets, checked. What they hold of values, words, faces and cuts goes into a
questionnaire whole, so that a later change of a file changes no questionnaire that is asked already.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from link.questionnaire import SCALES, Scale, Text


class Preset(Struct, frozen=True, forbid_unknown_fields=True):
    """A scale with the words by which a manager chooses it. `scale` names a built-in one, or is all of it."""

    id: str
    title: Text
    about: Text
    scale: Scale | str

    def as_scale(self) -> Scale:
        """The scale itself."""
        return SCALES[self.scale] if isinstance(self.scale, str) else self.scale


@cache
def presets() -> dict[str, Preset]:
    """Every preset by its id, in the order of the files' names."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    found = [msgspec.toml.decode(path.read_bytes(), type=Preset) for path in files]
    return {preset.id: preset for preset in found}
