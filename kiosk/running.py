"""From a command to a kiosk that runs: the screen, the one process, the log, the window until it is stopped.

In: what the command line said. Out: an exit code, or a sentence for the installer (click.ClickException).
"""

from __future__ import annotations

import dataclasses
import logging
import os
import signal
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from kiosk import doctor_screen, environment, flow, panels
from kiosk.backlight import Backlight
from kiosk.environment import Display, session_of
from kiosk.inbox import Inbox
from kiosk.only_one import AlreadyRunning, OnlyOne
from kiosk.staff_acts import EXIT_BY_STAFF
from kiosk.terminal import Place, Terminal
from kiosk.watchdog import Watchdog
from link.machine import MachineClock

if TYPE_CHECKING:
    from kiosk.app import KioskApp


def ask_people(place: Place, display: Display, clock: MachineClock) -> int:
    """Until somebody stops it; the exit code."""
    inbox, watchdog = Inbox(), Watchdog.of_this_process(now)
    terminal = Terminal(place, clock, inbox, software())
    terminal.store_answered = watchdog.store_answered
    plan, link = terminal.start()
    try:
        environment.prepare(display, _runtime())
        from kiosk.app import KioskApp, NoScreen

        state = flow.begin(plan, link, now())
        app = KioskApp(state, terminal, inbox, display, now=now, watchdog=watchdog, backlight=Backlight())
        _stop_by_signal(app)
        try:
            app.run()
        except NoScreen as error:
            raise click.ClickException(str(error)) from error
    finally:
        watchdog.stopping()
        terminal.stop()
    return EXIT_BY_STAFF if app.left_by_staff else 0


def software() -> str:
    """What the heartbeat tells of this program."""
    try:
        return f"taploop-kiosk {version('taploop')}"
    except PackageNotFoundError:
        return "taploop-kiosk"


def now() -> int:
    """Milliseconds of a clock that never jumps."""
    return time.monotonic_ns() // 1_000_000


def clock_in(zone: str) -> MachineClock:
    """The machine's clock with the days of a time zone."""
    try:
        return MachineClock(zone)
    except (KeyError, ValueError) as error:
        raise click.ClickException(f"{zone!r} is no time zone; write for instance Asia/Shanghai") from error


def on_a_screen(display: Display) -> Display:
    """Kivy would end with a traceback; an installer needs a sentence. Adds the screen's pixels."""
    bare = session_of(display.session, os.environ) == "kms" and "SDL_VIDEODRIVER" not in os.environ
    for finding in (doctor_screen.libraries(), doctor_screen.access() if bare else None):
        if finding is not None and not finding.well:
            raise click.ClickException("\n".join(finding.line(language) for language in ("zh-CN", "en")))
    return display if display.size else dataclasses.replace(display, resolution=_whole_screen(bare=bare))


def _whole_screen(*, bare: bool) -> tuple[int, int] | None:
    if not bare:
        return panels.x_screen(os.environ.get("DISPLAY", ""))
    found = panels.screens()
    return found[0].size if found else None


def only_one(data: Path) -> OnlyOne:
    """The right to be the one kiosk on this data, or a sentence."""
    try:
        return OnlyOne(data)
    except AlreadyRunning as error:
        raise click.ClickException(f"{error} Stop it first: systemctl stop taploop-kiosk") from error


def _runtime() -> Path:
    """A directory that may be lost at any time; systemd gives one in memory."""
    given = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return Path(given) / "kivy" if given else Path(tempfile.gettempdir()) / f"taploop-kiosk-{os.getuid()}"


def _stop_by_signal(app: KioskApp) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.stop_soon())


def log_to_stderr() -> None:
    """One line of JSON for each change of custody, for journald to rotate."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
