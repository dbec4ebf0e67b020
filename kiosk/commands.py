"""`taploop-kiosk`: run the touchscreen, or find out what is wrong with it."""

from __future__ import annotations

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

from kiosk import doctor as checks
from kiosk import environment, flow
from kiosk.environment import Display
from kiosk.inbox import Inbox
from kiosk.terminal import Place, Terminal
from link.machine import MachineClock

if TYPE_CHECKING:
    from kiosk.app import KioskApp


class Size(click.ParamType):  # type: ignore[type-arg] # not generic before click 8.2
    """`1280x800`: width and height in pixels."""

    name = "WxH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Two numbers, or a sentence that shows how to write them."""
        width, _, height = str(value).partition("x")
        if not (width.isdecimal() and height.isdecimal() and int(width) >= 320 and int(height) >= 320):
            self.fail(f"{value!r} is no size; write for instance 1280x800 (at least 320x320)", param, ctx)
        return int(width), int(height)


_FILE = click.Path(dir_okay=False, path_type=Path)
_DIRECTORY = click.Path(file_okay=False, path_type=Path)
_identity = click.option(
    "--identity",
    type=_FILE,
    required=True,
    envvar="TAPLOOP_IDENTITY",
    show_envvar=True,
    help="The file that enrolment wrote: who this terminal is and where its hub is.",
)
_data = click.option(
    "--data",
    type=_DIRECTORY,
    required=True,
    envvar="TAPLOOP_DATA",
    show_envvar=True,
    help="The directory that keeps the answers. Never delete it.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="taploop", prog_name="taploop-kiosk")
def main() -> None:
    """The touchscreen of Taploop: one question, five faces, one touch.

    An answer is on this machine's disk before the thank-you appears, and goes to the hub as soon as there is
    a network. Without one, the kiosk asks from memory.
    """


@main.command()
@_identity
@_data
@click.option("--window", type=Size(), help="Show a window of this size instead of the whole screen.")
@click.option(
    "--diagonal",
    type=click.FloatRange(3, 120),
    default=15.6,
    show_default=True,
    help="The visible screen, in inches: tells millimetres from pixels.",
)
@click.option("--sound/--no-sound", default=False, show_default=True, help="A short tick at each touch.")
@click.option("--cursor/--no-cursor", default=None, help="Show the pointer; by default only in a window.")
@click.option(
    "--zone", default="Asia/Shanghai", show_default=True, help="The time zone by which days are counted."
)
def run(
    *,
    identity: Path,
    data: Path,
    window: tuple[int, int] | None,
    diagonal: float,
    sound: bool,
    cursor: bool | None,
    zone: str,
) -> None:
    """Ask, for years.

    Stop it with Ctrl-C or SIGTERM: what was answered stays on disk and is sent at the next start.
    """
    display = Display(window, diagonal, cursor=window is not None if cursor is None else cursor, sound=sound)
    _log_to_stderr()
    _need_a_screen()
    inbox = Inbox()
    terminal = Terminal(Place(identity, data), _clock(zone), inbox, software())
    ask, link = terminal.start()
    try:
        environment.prepare(display, Path(tempfile.gettempdir()) / f"taploop-kiosk-{os.getuid()}")
        from kiosk.app import KioskApp, NoScreen

        app = KioskApp(flow.begin(ask, link, _now()), terminal, inbox, display, now=_now)
        _stop_by_signal(app)
        try:
            app.run()
        except NoScreen as error:
            raise click.ClickException(str(error)) from error
    finally:
        terminal.stop()


@main.command()
@_identity
@_data
def doctor(identity: Path, data: Path) -> None:
    """Look at screen, font, storage, clock, identity, hub and receipts, and say what to do.

    The exit code is 1 when anything needs attention. A kiosk that runs goes on running.
    """
    ill = 0
    for finding in checks.findings(Place(identity, data)):
        ill += not finding.well
        click.secho("  OK  " if finding.well else " LOOK ", fg="green" if finding.well else "red", nl=False)
        click.echo(f" {finding.subject}: {finding.sentence}")
        if finding.advice:
            click.echo(f"       → {finding.advice}")
    click.echo("All is well." if not ill else f"{ill} to look at.")
    sys.exit(1 if ill else 0)


def software() -> str:
    """What the heartbeat tells of this program."""
    try:
        return f"taploop-kiosk {version('taploop')}"
    except PackageNotFoundError:
        return "taploop-kiosk"


def _now() -> int:
    """Milliseconds of a clock that never jumps."""
    return time.monotonic_ns() // 1_000_000


def _clock(zone: str) -> MachineClock:
    try:
        return MachineClock(zone)
    except (KeyError, ValueError) as error:
        raise click.ClickException(f"{zone!r} is no time zone; write for instance Asia/Shanghai") from error


def _need_a_screen() -> None:
    """Kivy would end the process with a traceback; an installer needs a sentence."""
    for finding in (checks.display_libraries(), checks.display()):
        if not finding.well:
            raise click.ClickException(f"{finding.sentence}. {finding.advice}")


def _stop_by_signal(app: KioskApp) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.stop_soon())


def _log_to_stderr() -> None:
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
