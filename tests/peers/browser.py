"""A real browser: Debian's Chromium, driven by Playwright.

`browser` is started once a session; `phone_page` is WeChat on a small Android phone without JavaScript,
`desktop_page` an office computer. `phone(browser, …)` makes any other.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

_MISSING = (
    "Chromium, or the libatomic that Playwright's driver needs, is missing; "
    "install them with: apt-get install chromium libatomic1 fonts-noto-cjk"
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WECHAT_ANDROID = (
    "Mozilla/5.0 (Linux; Android 8.1; vivo X21A Build/OPM1.171019.011; wv) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Version/4.0 Chrome/66.0.3359.126 MQQBrowser/6.2 TBS/045130 Mobile Safari/537.36 "
    "MMWEBID/1234 MicroMessenger/7.0.10.1580(0x27000A34) Process/tools NetType/2G Language/zh_CN ABI/arm64"
)
WECHAT_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.2(0x18000231) NetType/4G Language/zh_CN"
)


@dataclass
class _Running:
    browser: Browser
    loop: asyncio.AbstractEventLoop | None


@dataclass
class Requests:
    """What a page asked the network for, in order."""

    urls: list[str] = field(default_factory=list)

    def of(self, page: Page) -> Requests:
        """Count from now on; `data:` addresses never reach the network."""
        page.on("request", lambda one: one.url.startswith("data:") or self.urls.append(one.url))
        return self


@pytest.fixture(scope="session")
def _chromium() -> Iterator[_Running]:
    program = shutil.which("chromium")
    if program is None or find_library("atomic") is None:
        pytest.fail(_MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        running = _Running(browser, asyncio._get_running_loop())
        asyncio._set_running_loop(None)
        yield running
        asyncio._set_running_loop(running.loop)
        browser.close()


@pytest.fixture
def browser(_chromium: _Running) -> Iterator[Browser]:
    """The session's browser. Its event loop is this thread's running one only while a test uses it.

    Playwright's synchronous calls leave their loop running; without this, asyncio.run would fail in every
    later test.
    """
    asyncio._set_running_loop(_chromium.loop)
    yield _chromium.browser
    for context in _chromium.browser.contexts:
        context.close()
    asyncio._set_running_loop(None)


def phone(browser: Browser, **options: object) -> BrowserContext:
    """A phone: 360 × 640, no JavaScript, WeChat's old engine by name, Chinese; any option of a context."""
    usual: dict[str, object] = {
        "viewport": {"width": 360, "height": 640},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
        "java_script_enabled": False,
        "user_agent": WECHAT_ANDROID,
        "locale": "zh-CN",
    }
    return browser.new_context(**{**usual, **options})


@contextmanager
def slow_network(page: Page, kbit_per_s: int, delay_ms: int) -> Iterator[None]:
    """Within: so slow a network, both ways."""
    session = page.context.new_cdp_session(page)
    through = kbit_per_s * 1000 / 8
    conditions = {
        "offline": False,
        "latency": delay_ms,
        "downloadThroughput": through,
        "uploadThroughput": through,
    }
    session.send("Network.emulateNetworkConditions", conditions)
    try:
        yield
    finally:
        session.detach()


@pytest.fixture
def phone_page(browser: Browser) -> Page:
    """A page of WeChat on a small Android phone, JavaScript off."""
    return phone(browser).new_page()


@pytest.fixture
def iphone_page(browser: Browser) -> Page:
    """A page of WeChat on an iPhone, JavaScript on."""
    size = {"width": 390, "height": 844}
    return phone(browser, viewport=size, user_agent=WECHAT_IPHONE, java_script_enabled=True).new_page()


@pytest.fixture
def desktop_page(browser: Browser) -> Page:
    """A page of an office computer, 1280 × 800."""
    return browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN").new_page()
