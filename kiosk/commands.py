"""`taploop-kiosk`: run the touchscreen, or find out what is wrong with it."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from kiosk import apology, running
from kiosk import doctor as checks
from kiosk.environment import Display, Session
from kiosk.terminal import Place

if TYPE_CHECKING:
    pass


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
_session = click.option(
    "--session",
    type=click.Choice(["kms", "x11", "cage"]),
    envvar="TAPLOOP_SESSION",
    show_envvar=True,
    help="What stands between kiosk and screen: kms nothing (on tty1), x11 an X server, cage a Wayland kiosk"
    " compositor.  [default: x11 if there is one, else kms]",
)
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

    \b
    First look:  taploop-kiosk doctor
    Then start:  taploop-kiosk run
    """


@main.command()
@_identity
@_data
@_session
@click.option("--window", type=Size(), help="Show a window of this size instead of the whole screen.")
@click.option(
    "--diagonal",
    type=click.FloatRange(3, 120),
    default=15.6,
    show_default=True,
    envvar="TAPLOOP_DIAGONAL",
    show_envvar=True,
    help="The visible screen, in inches, by the ruler: tells millimetres from pixels.",
)
@click.option(
    "--rotate",
    type=click.Choice(["0", "90", "180", "270"]),
    default="0",
    show_default=True,
    envvar="TAPLOOP_ROTATE",
    show_envvar=True,
    help="Degrees by which the screen hangs turned to the left.",
)
@click.option("--sound/--no-sound", default=False, show_default=True, help="A short tick at each touch.")
@click.option("--cursor/--no-cursor", default=None, help="Show the pointer; by default only in a window.")
@click.option(
    "--zone",
    default="Asia/Shanghai",
    show_default=True,
    envvar="TAPLOOP_ZONE",
    show_envvar=True,
    help="The time zone by which days are counted.",
)
def run(
    *,
    identity: Path,
    data: Path,
    session: Session | None,
    window: tuple[int, int] | None,
    diagonal: float,
    rotate: str,
    sound: bool,
    cursor: bool | None,
    zone: str,
) -> None:
    """Ask, for years.

    Needs no network to start. Stop it with Ctrl-C or SIGTERM: what was answered stays on disk and is sent at
    the next start. Exit code 75: somebody with the staff PIN ended it.
    """
    display = Display(
        window,
        diagonal,
        cursor=window is not None if cursor is None else cursor,
        sound=sound,
        session=session,
        rotation=int(rotate),
    )
    running.log_to_stderr()
    display = running.on_a_screen(display)
    place, clock = Place(identity, data), running.clock_in(zone)
    lock = running.only_one(data)
    try:
        code = running.ask_people(place, display, clock)
    finally:
        lock.release()
    sys.exit(code)


@main.command()
@_identity
@_data
@_session
@click.option(
    "--tap/--no-tap", default=True, show_default=True, help="Sign in at the hub and make a test tap."
)
@click.option("--sound", is_flag=True, help="Sound is wanted here: miss an audio output.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, in both languages.")
@click.option(
    "--language",
    type=click.Choice(["zh-CN", "en"]),
    default=lambda: "en" if os.environ.get("TERM") == "linux" else "zh-CN",
    help="[default: zh-CN; en on a bare console, which has no Chinese letters]",
)
def doctor(
    *,
    identity: Path,
    data: Path,
    session: Session | None,
    tap: bool,
    sound: bool,
    as_json: bool,
    language: str,
) -> None:
    """Find out what is wrong with this terminal, and say what to do.

    Looks at power, disk, clock, screen, touch, sound, font, network, hub and waiting answers; then makes a
    test tap, which goes the whole way to the hub and counts in no score. A kiosk that runs goes on running.

    \b
    ✔ well   ! works, but look at it   ✘ wrong: the line below says what to do
    Exit code: 0 nothing is wrong, 1 something is.
    """
    # What the line logs is told by the findings, in words.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    order = checks.Order(Place(identity, data), session, sound, tap)
    found = []
    for finding in checks.findings(order, running.software()):
        found.append(finding)
        if not as_json:
            click.secho(finding.line(language), fg=_COLOURS[finding.level])
    ill = sum(finding.level == "wrong" for finding in found)
    if as_json:
        told = {
            "software": running.software(),
            "wrong": ill,
            "findings": [finding.data() for finding in found],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo(_verdict(ill, language))
    sys.exit(1 if ill else 0)


@main.command()
def apologise() -> None:
    """Show "out of order" without any graphics library, until stopped.

    What systemd starts when the kiosk has failed too often; see docs/kiosk.md.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        apology.show(stop)
    except OSError as error:
        raise click.ClickException(f"nothing to paint on: {error}") from error


_COLOURS = {"well": "green", "look": "yellow", "wrong": "red"}


def _verdict(ill: int, language: str) -> str:
    if language == "en":
        return f"{ill} to put right." if ill else "Nothing is wrong."
    return f"有 {ill} 处需要处理。" if ill else "没有问题。"
