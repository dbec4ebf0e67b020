"""The doctor at the screen: libraries, screen, who draws, touch, sound, fonts.

In: the kernel's files and the environment. Out: findings.
"""

from __future__ import annotations

import ctypes
import grp
import os
from collections.abc import Mapping
from pathlib import Path

from kiosk import wording
from kiosk.coverage import missing
from kiosk.environment import BOLD, REGULAR, Session, session_of
from kiosk.finding import Finding, look, well, wrong
from kiosk.graphics_probe import Graphics
from kiosk.panels import DRM, INPUT, screens, touch_panels

LIBRARIES = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"}
DRIVERS = (Path("/usr/lib"), Path("/usr/lib64"))
DEV = Path("/dev")
CARDS = Path("/proc/asound/cards")
SOFTWARE = ("llvmpipe", "softpipe", "swrast")
SMALLEST = (640, 480)


def libraries(names: Mapping[str, str] = LIBRARIES, drivers: tuple[Path, ...] = DRIVERS) -> Finding:
    """What Kivy's wheel does not bring."""
    absent = [package for library, package in names.items() if not _loads(library)]
    if not any(any(root.glob("*/dri/*_dri.so")) for root in drivers):
        absent.append("libgl1-mesa-dri")
    if absent:
        packages = " ".join(absent)
        return wrong(
            "libraries", f"缺少 {packages}", f"{packages} missing", *_alike(f"apt-get install {packages}")
        )
    return well("libraries", "已安装", "installed")


def access(dev: Path = DEV) -> Finding | None:
    """Whether this user may draw and be touched without a window system; None when it may."""
    cards = sorted(dev.glob("dri/card*"))
    if not cards:
        return wrong(
            "screen",
            "没有窗口系统，也没有显卡设备",
            "no window system and no graphics card",
            "接好屏幕后重启；或在窗口系统里启动（--session x11）",
            "connect a screen and restart, or start it inside a window system (--session x11)",
        )
    channels = sorted(dev.glob("input/event*"))
    closed = [
        *_closed(cards, os.R_OK | os.W_OK),
        *_closed(sorted(dev.glob("dri/renderD*")), os.R_OK | os.W_OK),
    ]
    closed += _closed(channels, os.R_OK)
    if not closed:
        return None
    groups = ",".join(dict.fromkeys(_group_of(path) for path in closed))
    names = ", ".join(str(path) for path in closed[:3])
    return wrong(
        "screen",
        f"这个用户不能使用 {names}：不在 {groups} 组里",
        f"this user may not use {names}: it is not in the group {groups}",
        f"运行 usermod -aG {groups} <用户>，然后重启",
        f"usermod -aG {groups} <user>, then restart",
    )


def screen(session: Session | None, graphics: Graphics, drm: Path = DRM, dev: Path = DEV) -> Finding:
    """A screen that can be drawn on."""
    if os.environ.get("SDL_VIDEODRIVER") == "offscreen":
        return well("screen", "离屏绘制，没有人看得见", "offscreen: drawn, but shown to nobody")
    if session_of(session, os.environ) == "kms":
        return access(dev) or _bare(drm)
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or "-"
    if not graphics.width:
        return wrong(
            "screen",
            f"窗口系统 {shown} 没有响应：{graphics.error or '没有 DISPLAY'}",
            f"the window system {shown} does not answer: {graphics.error or 'no DISPLAY'}",
            "先启动 X 或 cage（cage 需要 xwayland）；没有桌面就用 --session kms",
            "start X or cage first (cage needs xwayland); without a desktop use --session kms",
        )
    return _large_enough(shown, (graphics.width, graphics.height))


def _bare(drm: Path) -> Finding:
    found = screens(drm)
    if not found:
        return wrong(
            "screen",
            "没有检测到已连接的屏幕",
            "no screen is plugged in",
            "检查 HDMI 线和屏幕电源；有些屏幕要先开机再给终端通电",
            "check the HDMI cable and the screen's power; some must be on before the terminal starts",
        )
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        return look(
            "screen",
            f"接了 {len(found)} 块屏幕：{names}，问卷只显示在其中一块",
            f"{len(found)} screens: {names}; the question is shown on one of them",
            "拔掉不用的那一块",
            "unplug the one that is not used",
        )
    return _large_enough(found[0].name, found[0].size)


def _large_enough(name: str, size: tuple[int, int] | None) -> Finding:
    if size is None:
        return well("screen", name, name)
    told = f"{name}，{size[0]} × {size[1]}", f"{name}, {size[0]} × {size[1]}"
    if max(size) < SMALLEST[0] or min(size) < SMALLEST[1]:
        return look(
            "screen",
            *told,
            "分辨率太低，字会看不清；换一块屏幕",
            "too few pixels to read; use another screen",
        )
    return well("screen", *told)


def renderer(graphics: Graphics) -> Finding:
    """Whether a graphics card draws, or the processor."""
    name = graphics.renderer
    if not name:
        return wrong(
            "renderer",
            "没有可用的 OpenGL",
            "there is no OpenGL",
            "安装 libgl1-mesa-dri，并把用户加入 render 组",
            "install libgl1-mesa-dri, and add the user to the group render",
        )
    if any(one in name for one in SOFTWARE):
        return look(
            "renderer",
            f"{name}：由处理器绘图，能用，但更热更慢",
            f"{name}: the processor draws; it works, warmer and slower",
            "检查显卡驱动，并把用户加入 render 组",
            "check the graphics driver, and add the user to the group render",
        )
    return well("renderer", name, name)


def touch(inputs: Path = INPUT) -> Finding:
    """A touch panel is plugged in."""
    names = touch_panels(inputs)
    if not names:
        return look(
            "touch",
            "没有找到触摸屏",
            "no touch panel was found",
            "插好触摸屏的 USB 线；用鼠标也能点，但那不是给住户用的",
            "plug in the panel's USB cable; a mouse works too, but not for visitors",
        )
    told = ", ".join(dict.fromkeys(names))
    return well("touch", told, told)


def sound(wanted: bool | None, cards: Path = CARDS) -> Finding:
    """An audio output; only a wish when sound is on."""
    try:
        names = [line.partition("]:")[2].strip() for line in cards.read_text().splitlines() if "]:" in line]
    except OSError:
        names = []
    if names:
        told = ", ".join(names)
        return well("sound", told, told)
    if not wanted:
        return well("sound", "没有声卡，也没有开启声音", "no audio output, and sound is off")
    return look(
        "sound",
        "开启了声音，但没有声卡",
        "sound is on, but there is no audio output",
        "接上音频输出，或在管理页关闭声音",
        "connect an audio output, or switch sound off on the manager page",
    )


def font() -> Finding:
    """The fonts are there and hold every sentence of the kiosk itself."""
    absent = [path.name for path in (REGULAR, BOLD) if not path.exists()]
    if absent:
        names = ", ".join(absent)
        return wrong("font", f"缺少 {names}", f"{names} missing", "重新安装 taploop", "install taploop again")
    boxes = missing(wording.own_words())
    if boxes:
        return wrong("font", f"画不出：{boxes}", f"cannot draw {boxes}", *_alike("scripts/build_font.py"))
    return well("font", "中文和英文都能显示", "Chinese and English can be drawn")


def _closed(paths: list[Path], mode: int) -> list[Path]:
    return [path for path in paths if not os.access(path, mode)]


def _group_of(path: Path) -> str:
    try:
        return grp.getgrgid(path.stat().st_gid).gr_name
    except (OSError, KeyError):
        return "input" if path.name.startswith("event") else "video"


def _alike(words: str) -> tuple[str, str]:
    return words, words


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
