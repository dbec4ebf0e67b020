"""What is wrong with this terminal, in words an installer can act on.

In: where its files are. Out: one finding a question, each with what to do. Nothing is changed; a kiosk that
runs goes on running (so nothing here logs in at the hub: that would end its session).
"""

from __future__ import annotations

import ctypes
import os
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk import wording
from kiosk.content import ask_from, texts
from kiosk.coverage import missing
from kiosk.environment import BOLD, REGULAR
from kiosk.memory import Memory
from kiosk.terminal import Place
from link.identity import Identity, IdentityError
from link.machine import MachineClock, machine_id
from link.outbox import Outbox, OutboxError
from link.questionnaire import BadQuestionnaire

LIBRARIES = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"}
_IDENTITY = "identity 终端身份"
_SCREEN = "screen 屏幕"
DRIVERS = (Path("/usr/lib"), Path("/usr/lib64"))
SLOW_DISK = 200.0
"""Milliseconds for one fsync from which people notice."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One question asked of this terminal; `advice` is empty when all is well."""

    subject: str
    sentence: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """Nothing to do."""
        return not self.advice


def findings(place: Place) -> Iterator[Finding]:
    """Look at everything, in the order in which an installer would."""
    yield display_libraries()
    yield display()
    yield font()
    yield disk(place.data)
    yield clock()
    identity = _identity(place.identity)
    if isinstance(identity, Finding):
        yield identity
        return
    yield Finding(
        "identity 终端身份", f"terminal {identity.terminal}, hub {identity.hub_host}:{identity.hub_port}"
    )
    yield broker(identity)
    yield question(place, identity)
    yield receipts(place, identity)


def display_libraries() -> Finding:
    """The two libraries and the drivers that Kivy's wheel does not bring."""
    absent = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if not any(any(root.glob("*/dri/*_dri.so")) for root in DRIVERS):
        absent.append("libgl1-mesa-dri")
    if absent:
        return Finding(
            "graphics 显示库", f"{', '.join(absent)} missing", f"apt-get install {' '.join(absent)}"
        )
    return Finding("graphics 显示库", "OpenGL libraries are there")


def display(variables: Mapping[str, str] = os.environ, devices: Path = Path("/dev")) -> Finding:
    """A screen that can be drawn on, and touches that can be read."""
    if variables.get("SDL_VIDEODRIVER") == "offscreen":
        return Finding(_SCREEN, "offscreen: drawn, but shown to nobody")
    if shown := variables.get("WAYLAND_DISPLAY") or variables.get("DISPLAY"):
        return Finding(_SCREEN, f"window system at {shown}")
    cards = sorted(devices.glob("dri/card*"))
    if not cards:
        advice = "connect a screen, or start the kiosk inside a window system (DISPLAY=:0)"
        return Finding(_SCREEN, "no window system and no graphics card", advice)
    readable = [path for path in devices.glob("input/event*") if os.access(path, os.R_OK)]
    if not os.access(cards[0], os.W_OK) or not readable:
        advice = "add the user to the groups: usermod -aG video,render,input <user>, then log in again"
        return Finding(_SCREEN, "this user may not use the screen or the touch panel", advice)
    return Finding(_SCREEN, f"{cards[0]} without a window system, {len(readable)} input channels")


def font() -> Finding:
    """The fonts are there and hold every sentence of the kiosk itself."""
    absent = [path.name for path in (REGULAR, BOLD) if not path.exists()]
    if absent:
        return Finding("font 字体", f"{', '.join(absent)} missing", "install the kiosk package again")
    boxes = missing(wording.own_words())
    if boxes:
        return Finding("font 字体", f"cannot draw {boxes}", "run scripts/build_font.py")
    return Finding("font 字体", "Chinese and English can be drawn")


def disk(data: Path) -> Finding:
    """Answers can be written, and how long that takes."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        took = fsync_time(data)
    except OSError as error:
        advice = f"make {data} writable for this user and free some space"
        return Finding("storage 存储", f"{data}: {error.strerror}", advice)
    if took > SLOW_DISK:
        return Finding("storage 存储", f"one write takes {took:.0f} ms", "replace the memory card")
    return Finding("storage 存储", f"{data} is writable, one write takes {took:.1f} ms")


def fsync_time(directory: Path, rounds: int = 9) -> float:
    """Median of the milliseconds that 4 KiB need to be safely on this disk; raises OSError."""
    path = directory / ".doctor"
    times: list[float] = []
    try:
        with path.open("wb", buffering=0) as file:
            for _ in range(rounds):
                began = time.perf_counter()
                file.write(bytes(4096))
                os.fsync(file.fileno())
                times.append((time.perf_counter() - began) * 1000)
    finally:
        path.unlink(missing_ok=True)
    return statistics.median(times)


def clock() -> Finding:
    """Whether the time of an answer can be believed as it is."""
    if MachineClock().read().trusted:
        return Finding("clock 时钟", "set")
    advice = "answers are kept and placed by their age; connect the network once, or fit a clock battery"
    return Finding("clock 时钟", "was never set since the last start", advice)


def broker(identity: Identity) -> Finding:
    """Something answers where the hub should be."""
    where = f"{identity.hub_host}:{identity.hub_port}"
    try:
        with socket.create_connection((identity.hub_host, identity.hub_port), timeout=5):
            return Finding("hub 服务器", f"{where} answers")
    except OSError as error:
        advice = (
            "check the network cable or Wi-Fi, then whether the hub runs and its firewall lets this port in"
        )
        return Finding("hub 服务器", f"{where}: {error.strerror or error}", advice)


def question(place: Place, identity: Identity) -> Finding:
    """There is something to ask, and the font has all its characters."""
    config = Memory(place.data, identity.terminal).recall()
    advice = "let it reach the hub once, and place it at a touchpoint on the manager page"
    if config is None:
        return Finding("question 题目", "no question has reached this terminal yet", advice)
    try:
        ask = ask_from(config)
    except BadQuestionnaire as error:
        return Finding(
            "question 题目", f"the question cannot be asked: {error}", "correct it on the manager page"
        )
    if ask is None:
        return Finding("question 题目", "the hub knows this terminal but has no question for it", advice)
    if boxes := missing(texts(ask)):
        return Finding(
            "question 题目", f"{ask.questionnaire}: the font lacks {boxes}", "use other characters"
        )
    return Finding("question 题目", f"{ask.questionnaire}, every character can be drawn")


def receipts(place: Place, identity: Identity) -> Finding:
    """Whether the hub has ever said that it has this terminal's answers."""
    subject = "receipts 回执"
    if not place.outbox.exists():
        return Finding(subject, "no answer has been given here yet")
    try:
        outbox = Outbox.open(place.outbox, machine=machine_id(), terminal=identity.terminal)
        try:
            state = outbox.figures(MachineClock().read())
        finally:
            outbox.close()
    except OutboxError as error:
        return Finding(subject, str(error), "free some space on the disk; if that does not help, replace it")
    settled = state.last_seq - state.pending_count - state.refused_count
    sentence = f"{settled} of {state.last_seq} answers are safely at the hub, {state.pending_count} wait here"
    if state.last_seq and not settled:
        return Finding(
            subject, sentence, "no receipt yet: check the hub, and this terminal's credentials there"
        )
    return Finding(subject, sentence)


def _identity(path: Path) -> Identity | Finding:
    try:
        return Identity.load(path)
    except IdentityError as error:
        return Finding(
            "identity 终端身份", str(error), "enrol this terminal; nothing else can be checked before"
        )


def _loads(library: str) -> bool:
    try:
        loader: Callable[[str], object] = ctypes.CDLL
        loader(library)
    except OSError:
        return False
    return True
