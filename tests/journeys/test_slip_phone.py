"""An owner's phone at the slip of an answer given on a kiosk: Chromium with WeChat's name, no JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hub.web.slip.test_slip_page import SLIP, Kiosk, kept
from tests.peers.browser import Requests, phone
from tests.peers.survey_door import HOTLINE, Door

pytestmark = pytest.mark.journey
SIZES = [(320, 568), (360, 640), (430, 932), (1280, 800)]


def test_a_phone_waits_for_the_answer_sees_it_and_adds_to_it(door: Door, phone_page: Page) -> None:
    kiosk, asked = Kiosk(door), Requests().of(phone_page)
    phone_page.goto(f"{door.url}/s/{SLIP}")
    assert len(asked.urls) == 1
    expect(phone_page.get_by_role("heading", name="正在上传，请稍候")).to_be_visible()
    kiosk.tap(1)
    seen = phone_page.get_by_role("heading", name="已收到您的评价")
    expect(seen).to_be_visible(timeout=15_000)  # the page looks again by itself
    phone_page.get_by_text("等太久").tap()
    hotline = phone_page.get_by_role("link", name=HOTLINE)
    expect(hotline).to_be_hidden()
    phone_page.get_by_text("有人被困", exact=True).tap()
    expect(hotline).to_be_visible()
    phone_page.get_by_label("想多说几句？").fill("电梯停在 5 楼")
    phone_page.get_by_role("button", name="提交补充").tap()
    expect(phone_page.get_by_role("heading", name="补充的内容已收到，谢谢您。")).to_be_visible()
    expect(hotline.first).to_be_visible()
    assert kept(door) == (("wait", "trapped"), "电梯停在 5 楼")


def test_a_slip_typed_by_hand_is_found(door: Door, phone_page: Page) -> None:
    Kiosk(door).tap(2)
    phone_page.goto(door.url)
    phone_page.get_by_label("编码").fill("7k3q x9tf 2m4a")
    phone_page.get_by_role("button", name="去评价").tap()
    expect(phone_page.get_by_role("heading", name="已收到您的评价")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_runs_over_the_edge_of_any_screen(
    door: Door, browser: Browser, size: tuple[int, int], language: str
) -> None:
    page = phone(browser, viewport={"width": size[0], "height": size[1]}).new_page()
    address = f"{door.url}/s/{SLIP}?lang={language}"
    for rating in (None, 1):
        if rating is not None:
            Kiosk(door).tap(rating, reasons=("trapped",))
        page.goto(address)
        for box in page.locator("main *:visible").all():
            found = box.bounding_box()
            assert found is None or found["x"] + found["width"] <= size[0] + 1
