"""Takes the pictures of the README anew: kiosk, manager page and survey page of a running demo estate.

In: this checkout, Chromium and the kiosk's libraries. Out: docs/pictures/{kiosk,manager,survey}.png.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
TAP_FOR_S = 75
"""Long enough for the lift that stands still to raise its alert."""


def main() -> None:
    """Write all three."""
    kiosk = [sys.executable, "scripts/screenshot_kiosk.py", str(PICTURES / "kiosk.png")]
    subprocess.run(kiosk, cwd=ROOT, check=True)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "demo", "run", "--no-window", "--data", folder, "--port", str(port)]
        demo = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            said = _said_until_ready(demo)
            print(f"the estate runs; its terminals tap for {TAP_FOR_S} s …", flush=True)
            time.sleep(TAP_FOR_S)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                _manager(browser, said)
                _survey(browser, said, port)
                browser.close()
        finally:
            demo.terminate()
            demo.communicate(timeout=30)
    print(f"written to {PICTURES.relative_to(ROOT)}/: kiosk.png, manager.png, survey.png")


def _said_until_ready(demo: subprocess.Popen[str]) -> str:
    said = ""
    assert demo.stdout is not None
    for line in demo.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    return said


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"the demo did not start; it said:\n{text}")
    return found.group(0)


def _manager(browser: Browser, said: str) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 860}, locale="zh-CN")
    page.goto(_found(r"http://\S+/sign-in/\S+", said))
    page.click("form button")
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / "manager.png")


def _survey(browser: Browser, said: str, port: int) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 620}, locale="zh-CN", device_scale_factor=2)
    page.goto(f"http://127.0.0.1:{port}" + _found(r"/t/\w{8}", said))
    page.screenshot(path=PICTURES / "survey.png")


if __name__ == "__main__":
    main()
