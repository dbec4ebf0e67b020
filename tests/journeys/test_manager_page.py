"""A manager's day in a real browser: signing in, reading scores, watching taps come in, leaving."""

import re

import pytest
from playwright.sync_api import expect

from tests.peers.manager_hub import PASSWORD, visit

pytestmark = pytest.mark.journey
CHARTS = "svg.bar, svg.share, .chart svg"


@pytest.fixture
def desk(browser, manager_estate):
    """An office computer's page; its console stays clean and nothing comes from elsewhere."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    wrong, asked = [], []
    page.on("console", lambda told: wrong.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert [text for text in wrong if "401" not in text and "429" not in text] == []
    assert [url for url in asked if not url.startswith(manager_estate.url)] == []


def sign_in(page, hub, name="Bob"):
    page.goto(hub.url + "/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/manager")


def test_a_manager_signs_in_with_a_link_and_reads_the_tree(desk, manager_estate):
    hub = manager_estate
    desk.goto(hub.link(hub.person("Bob", "manager")))
    expect(desk.get_by_text("将以「Bob」（项目经理）的身份登录。")).to_be_visible()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/manager")
    expect(desk.locator(".site-name")).to_have_text("云栖花园")
    scenario = desk.locator("summary", has_text="电梯乘梯")
    scenario.locator(".wide").click()
    content = desk.locator("summary", has_text="运行平稳")
    expect(content).to_be_visible()
    desk.reload()
    expect(desk.locator("summary", has_text="运行平稳")).to_be_visible()
    desk.get_by_role("button", name="收起").click()
    expect(content).to_be_hidden()
    desk.get_by_role("button", name="全部展开").click()
    desk.get_by_role("link", name="3 号楼 1 单元客梯 A").first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("3 号楼 1 单元客梯 A")
    assert desk.locator(CHARTS).count() > 3
    assert desk.locator(".heat td.h2").count() > 20


def test_a_tap_appears_by_itself_and_the_line_says_that_it_is_live(desk, manager_estate):
    sign_in(desk, manager_estate)
    expect(desk.locator("[data-live-state]")).to_have_text("实时")
    before = desk.locator(".tap").first.get_attribute("data-tap")
    manager_estate.tap("kiosk-lobby", 5)
    newest = desk.locator(f'.tap:not([data-tap="{before}"])').first
    expect(newest).to_contain_text("非常满意")
    expect(desk.locator(".live-card .tap")).to_have_count(7)
    desk.goto(manager_estate.url + "/manager/taps")
    expect(desk.locator("[data-live-state]")).to_have_text("实时")
    manager_estate.tap("kiosk-gate", 1)
    expect(desk.locator(".tap").first).to_contain_text("南门人行闸")
    expect(desk.locator(".tap").first).to_have_class(re.compile("is-bad"))
    changed = desk.locator(".tap").first.get_attribute("data-tap")
    manager_estate.tap("kiosk-gate", 4, amends=manager_estate._seqs["kiosk-gate"])
    expect(desk.locator(".tap").first).to_have_class(re.compile("is-good"))
    expect(desk.locator(f'[data-tap="{changed}"]')).to_have_count(0)


def test_the_scores_renew_themselves_and_keep_what_is_unfolded(desk, manager_estate):
    sign_in(desk, manager_estate)
    desk.locator("summary", has_text="电梯乘梯").locator(".wide").click()
    manager_estate.tap("kiosk-lift", 5)
    before = desk.locator(".figure .big").last.inner_text()
    desk.evaluate("htmx.ajax('GET', '/manager', {source: '#scores', select: '#scores', swap: 'outerHTML'})")
    expect(desk.locator(".figure .big").last).not_to_have_text(before)
    expect(desk.locator("summary", has_text="运行平稳")).to_be_visible()


def test_wrong_passwords_lock_out_with_the_time_said(desk, manager_estate):
    manager_estate.person("Erin", "manager")
    for attempt in range(6):
        desk.goto(manager_estate.url + "/sign-in")
        desk.fill("input[name=name]", "Erin")
        desk.fill("input[name=password]", PASSWORD if attempt == 5 else "wrong wrong wrong")
        desk.get_by_role("button", name="登录").click()
        said = "约 15 分钟后再试" if attempt == 5 else "用户名或密码不对"
        expect(desk.get_by_role("alert")).to_contain_text(said)


def test_the_language_changes_by_one_click_and_stays(desk, manager_estate):
    sign_in(desk, manager_estate)
    desk.get_by_role("link", name="English").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Overview")
    desk.get_by_role("link", name="Terminals").first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Terminals")
    expect(desk.locator("html")).to_have_attribute("lang", "en")
    desk.get_by_role("link", name="中文").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("终端")


def test_the_keyboard_reaches_everything_and_skips_to_the_content(desk, manager_estate):
    sign_in(desk, manager_estate)
    desk.keyboard.press("Tab")
    expect(desk.get_by_text("跳到正文")).to_be_focused()
    desk.keyboard.press("Enter")
    root = desk.locator("summary").first
    root.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("summary", has_text="电梯乘梯")).to_be_hidden()
    desk.keyboard.press("Enter")
    expect(desk.locator("summary", has_text="电梯乘梯")).to_be_visible()
    desk.get_by_role("button", name="退出").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/sign-in")


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1366, 1920])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_page_is_wider_than_the_window(browser, manager_estate, width, language):
    hub = manager_estate
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    with visit(hub, "Alice") as alice:
        cookies = [{"name": one.name, "value": one.value, "url": hub.url} for one in alice.cookies]
        context.add_cookies(cookies)
        lift = hub.at("3 号楼 1 单元客梯 A")
        for path in (
            "",
            "/taps",
            "/terminals",
            "/terminals/kiosk-lift",
            "/alerts",
            "/letters",
            f"/touchpoints/{lift}",
        ):
            page.goto(f"{hub.url}/manager{path}?lang={language}", wait_until="domcontentloaded")
            beyond = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert beyond <= 0, path
    context.close()


def test_everything_can_be_read_without_scripts(browser, manager_estate):
    hub = manager_estate
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(hub.link(hub.person("Alice", "operator")))
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/manager")
    page.locator("summary", has_text="电梯乘梯").locator(".wide").click()
    expect(page.locator("summary", has_text="运行平稳")).to_be_visible()
    expect(page.locator(".live-card .tap")).to_have_count(7)
    expect(page.get_by_role("button", name="全部展开")).to_be_hidden()
    context.close()


def test_the_overview_prints_on_paper(browser, manager_estate):
    hub = manager_estate
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(hub.link(hub.person("Alice", "operator")))
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/manager")
    page.emulate_media(media="print")
    expect(page.locator("nav.side")).to_be_hidden()
    expect(page.locator(".live-card")).to_be_hidden()
    expect(page.locator(".tree")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    context.close()
