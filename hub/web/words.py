"""The words of the pages: every wording stands once, in Chinese and in English, in a `words.toml`.

In: TOML files with tables `[some.key]` holding `zh` and `en`. Out: `words("some.key", language, n=3)`.
A key without both languages, or given twice, stops the start with one sentence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

LANGUAGES = ("zh-CN", "en")
_NAMES = {"zh": "zh-CN", "en": "en"}


class BadWords(ValueError):
    """A words.toml cannot be used; the message names file and key."""


class Say(Protocol):
    """The words of one language: `say("some.key", n=3)`."""

    def __call__(self, key: str, /, **values: object) -> str:
        """The wording; KeyError for a key that is not there."""
        ...


class Words:
    """All wordings of one or more files."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, *files: Path) -> Words:
        """Read the files; raise BadWords when a wording is missing or given twice."""
        texts: dict[str, dict[str, str]] = {}
        for file in files:
            for key, text in _flat(tomllib.loads(file.read_text("utf-8")), "", file):
                if key in texts:
                    raise BadWords(f"{file.name}: {key} is given twice")
                texts[key] = text
        return cls(texts)

    def __call__(self, key: str, language: str, /, **values: object) -> str:
        """The wording of `key` with `{values}` filled in; KeyError for a key that is not there."""
        text = self._texts[key].get(language) or self._texts[key]["zh-CN"]
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> list[str]:
        """Every key there is."""
        return sorted(self._texts)

    def speaking(self, language: str) -> Say:
        """The words of one language."""
        return partial(_speak, self, language)


def _speak(words: Words, language: str, key: str, /, **values: object) -> str:
    return words(key, language, **values)


def _flat(table: Mapping[str, Any], prefix: str, file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    if any(isinstance(value, str) for value in table.values()):
        if set(table) != set(_NAMES) or not all(isinstance(v, str) and v for v in table.values()):
            raise BadWords(f"{file.name}: {prefix} needs exactly `zh` and `en`, both with text")
        yield prefix, {_NAMES[name]: text for name, text in table.items()}
        return
    for name, value in table.items():
        if not isinstance(value, Mapping):
            raise BadWords(f"{file.name}: {prefix}.{name} is not a wording")
        yield from _flat(value, f"{prefix}.{name}" if prefix else name, file)


def choose(asked: str | None, remembered: str | None, accepted: str = "") -> str:
    """The language to speak: asked for now, else remembered, else what the browser accepts, else Chinese."""
    for wish in (asked, remembered):
        if wish in LANGUAGES:
            return wish
        if wish == "zh":
            return "zh-CN"
    first = accepted.split(",", 1)[0].strip().lower()
    return "en" if first.startswith("en") else "zh-CN"
