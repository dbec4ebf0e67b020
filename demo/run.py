"""`make run`: hub, broker and store in one process, a made-up estate, simulated terminals, a kiosk window.

In: wishes from the command line. Out: a running product, and the addresses at which to look at it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import click

from demo import characters, crowd, estate, history
from demo.terminal_qr import drawn
from hub.app import Hub
from hub.listening import PortTaken
from hub.settings import Settings, SettingsError
from hub.store import labels, people, sites, touchpoints
from hub.store.database import StoreError

LINK_LIVES_FOR = 60 * 60_000
SECONDS_BETWEEN_TAPS = 8.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    data: Path
    port: int
    mqtt_port: int
    seed: int
    window: bool


def run(wishes: Wishes) -> int:
    """Run until Ctrl-C; return the exit code."""
    began = time.monotonic()
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    settings = Settings(
        data_dir=wishes.data / "hub",
        http_port=wishes.port,
        mqtt_port=_free(wishes.mqtt_port),
        heartbeat_after=15,
        log_level="warning",
    )
    try:
        hub = Hub(settings)
        hub.start()
    except PortTaken:
        other = wishes.port + 10 if wishes.port < 65_000 else 8080
        click.echo(f"✘ Port {wishes.port} is taken by another program. Try: make run PORT={other}", err=True)
        return 1
    except (SettingsError, StoreError) as error:
        click.echo(f"✘ {error}", err=True)
        return 1
    children: list[subprocess.Popen[bytes]] = []
    try:
        operator, site = _make_estate(hub, wishes.seed)
        children = _start_terminals(hub, wishes)
        _tell(hub, wishes, operator, site, time.monotonic() - began, window=len(children) > 1)
        stopping.wait()
        click.echo("\nStopping … 正在停止 …")
    finally:
        _stop(children)
        hub.stop()
    click.echo("Stopped. Nothing is lost: the next `make run` goes on from here.")
    return 0


def _free(port: int) -> int:
    """The port, or 0 (any free one) when somebody listens there already."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("", port))
        except OSError:
            return 0
    return port


def _make_estate(hub: Hub, seed: int) -> tuple[int, int]:
    """Build the estate on the first start; return operator and site."""
    parts = hub.parts
    with parts.database.reading() as connection:
        found = sites.every(connection)
        operator = people.named(connection, estate.OPERATOR)
    if found and operator is not None:
        return operator.user_id, found[0].site_id
    click.echo("First start: building the estate 云栖花园 …")
    now = parts.now()
    since = now - (characters.HISTORY_DAYS + 2) * crowd.DAY_MS
    with parts.database.writing() as connection:
        built = estate.build(connection, now, since)
        terminal_of = history.prepare(connection, built, now, since)
    click.echo(f"Writing {characters.HISTORY_DAYS} days of history …")
    taps = history.hand_in(parts.intake, built, terminal_of, now, seed)
    with parts.database.writing() as connection:
        history.retire(connection, terminal_of, now)
    click.echo(f"{taps:,} taps are in the hub.")
    return built.operator_id, built.site_id


def _start_terminals(hub: Hub, wishes: Wishes) -> list[subprocess.Popen[bytes]]:
    folder = wishes.data / "terminals"
    with hub.parts.database.writing() as connection:
        identities = estate.give_identities(connection, folder, "127.0.0.1", hub.mqtt_port)
    hub.configs_changed()
    simulated = [str(identities[one.terminal]) for one in characters.SIMULATED]
    every = str(SECONDS_BETWEEN_TAPS)
    children = [_python("-m", "demo", "simulate", "--every", every, *simulated)]
    if wishes.window and _can_show_a_window():
        identity = identities[characters.KIOSK.terminal]
        data = str(identity.parent / "data")
        children.append(
            _python("-m", "kiosk", "run", "--identity", str(identity), "--data", data, "--window", "1280x800")
        )
    return children


def _can_show_a_window() -> bool:
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return has_display and find_spec("kivy") is not None


def _python(*words: str) -> subprocess.Popen[bytes]:
    # a session of its own: Ctrl-C reaches this process alone, which then stops its children in order
    return subprocess.Popen([sys.executable, *words], start_new_session=True)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _tell(hub: Hub, wishes: Wishes, operator: int, site: int, seconds: float, *, window: bool) -> None:
    parts = hub.parts
    with parts.database.writing() as connection:
        token = people.sign_in_link(connection, operator, parts.now(), LINK_LIVES_FOR)
        asked = next(
            node.touchpoint_id
            for node in touchpoints.tree(connection, site)
            if node.name["zh-CN"] == characters.KIOSK.touchpoint
        )
        code = labels.of_touchpoint(connection, asked)[0]
    phone = f"{hub.public_url}/t/{code}"
    here = f"http://127.0.0.1:{hub.http_port}"
    again = shutil.get_terminal_size().columns >= 60
    click.echo(
        f"""
Taploop runs, {seconds:.1f} s after the start.  Taploop 已启动。

  Manager page 管理页   {here}/sign-in/{token}
                        (this link signs in once, within the hour; another: make link)
  Survey page 扫码页    {phone}
                        (open it on a phone of the same network, or scan this)
{drawn(phone) if again else ""}
  Kiosk 触摸屏          {"a window is open" if window else "no display here; start one with DISPLAY set"}
  Terminals 终端        {len(characters.SIMULATED)} simulated ones, tapping; MQTT port {hub.mqtt_port}
  Data 数据             {wishes.data.resolve()}   (delete it to start afresh)
  Stop 停止             Ctrl-C
"""
    )
