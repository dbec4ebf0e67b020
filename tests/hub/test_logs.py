"""What the hub says: readable, and without a secret in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAIL = """
import logging, sys, structlog
from hub import logs
logs.configure(sys.argv[1], "info")
def fails(password):
    raise ValueError("the disk is away")
for log in (structlog.get_logger("hub"), logging.getLogger("uvicorn.error")):
    try:
        fails("hunter2")
    except ValueError:
        log.error("something failed", exc_info=True)
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_names_the_error_and_no_values(form: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FAIL, form], check=True, capture_output=True, text=True, timeout=30
    ).stderr
    assert said.count("the disk is away") >= 2
    assert "fails" in said
    assert "password" not in said
    assert "hunter2" not in said
