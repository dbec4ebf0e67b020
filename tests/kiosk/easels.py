"""Easels for tests: one process a size of glass, kept for a whole module."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLASSES = {"1280x800": 10.1, "800x1280": 10.1, "1920x1080": 15.6}
"""Inches of the panels that have these sizes in the field."""


class EaselProcess:
    """Moves an easel: a method of `tests.kiosk.easel.Easel` each call."""

    def __init__(self, size: str, folder: Path) -> None:
        self.size, self.folder = size, folder
        self.width, self.height = (int(part) for part in size.split("x"))
        self.millimetre = (self.width**2 + self.height**2) ** 0.5 / (GLASSES[size] * 25.4)
        self._errors = (folder / "stderr").open("w+b")
        command = [sys.executable, "-m", "tests.kiosk.easel", str(self.width), str(self.height)]
        self._process = subprocess.Popen(
            [*command, str(GLASSES[size]), str(folder / "kivy")],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if k != "DISPLAY"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def __call__(self, do: str, **words: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            pytest.fail(f"the easel has fallen:\n{(self.folder / 'stderr').read_text()}")
        return json.loads(answer)

    def close(self) -> None:
        """End it in good order."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        code = self._process.wait(20)
        self._process.stdout.close()
        self._errors.close()
        assert code == 0, (self.folder / "stderr").read_text()
