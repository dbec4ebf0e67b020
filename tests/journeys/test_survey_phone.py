"""An owner's phone at a lift's label: Chromium with WeChat's name, no JavaScript, a poor network."""

from __future__ import annotations

from time import monotonic

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.store import details
from hub.store.tap_kinds import PROOFS
from link import door_code
from tests.peers.browser import Requests, slow_network
from tests.peers.survey_door import SECRET, Door

pytestmark = pytest.mark.journey
SIZES = [(320, 568), (360, 640), (390, 844), (430, 932), (1280, 800)]


def _face(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True)


def test_one_tap_on_a_face_is_a_whole_answer(door: Door, phone_page: Page) -> None:
    asked = Requests().of(phone_page)
    phone_page.goto(door.lift)
    assert asked.urls == [door.lift]
    _face(phone_page, "不满意").tap()
    expect(phone_page.get_by_role("heading", name="对不起，让您不满意了。我们会处理。")).to_be_visible()
    assert len(asked.urls) == 3  # the page, the answer, its thank-you
    assert [(tap[1], PROOFS[tap[2]]) for tap in door.taps()] == [(2, "static")]


def test_reasons_and_a_comment_are_added_without_a_script(door: Door, phone_page: Page) -> None:
    phone_page.goto(door.lift)
    _face(phone_page, "非常不满意").tap()
    hotline = phone_page.get_by_role("link", name="400-000-0110")
    expect(hotline).to_be_hidden()
    phone_page.get_by_text("等太久").tap()
    phone_page.get_by_text("有人被困", exact=True).tap()
    expect(hotline).to_be_visible()
    phone_page.get_by_label("想多说几句？").fill("电梯停在 5 楼")
    phone_page.get_by_role("button", name="提交补充").tap()
    expect(phone_page.get_by_role("heading", name="补充的内容已收到，谢谢您。")).to_be_visible()
    expect(hotline.first).to_be_visible()
    (tap,) = door.taps()
    with door.parts.database.reading() as connection:
        added = details.of(connection, [tap[0]])[tap[0]]
    assert (added.reasons, added.comment) == (("wait", "trapped"), "电梯停在 5 楼")


def test_back_and_again_and_reload_never_count_one_form_twice(door: Door, iphone_page: Page) -> None:
    iphone_page.goto(door.lift)
    _face(iphone_page, "满意").tap()
    expect(iphone_page.get_by_role("heading", name="谢谢！您的评价已保存。")).to_be_visible()
    iphone_page.reload()
    assert len(door.taps()) == 1
    iphone_page.go_back()
    expect(iphone_page.get_by_text("您刚评过这里")).to_be_visible()  # a fresh page, not an old form
    iphone_page.go_forward()
    assert len(door.taps()) == 1
    iphone_page.go_back()
    _face(iphone_page, "不满意").tap()
    expect(iphone_page.get_by_role("heading", name="对不起")).to_be_visible()
    assert [tap[1] for tap in door.taps()] == [4, 2]


def test_an_impatient_finger_makes_one_tap(door: Door, phone_page: Page) -> None:
    phone_page.goto(door.lift)
    with slow_network(phone_page, kbit_per_s=50, delay_ms=400):
        face = _face(phone_page, "基本满意").bounding_box()
        assert face is not None
        for _ in range(5):
            phone_page.touchscreen.tap(face["x"] + 30, face["y"] + 40)
        expect(phone_page.get_by_role("heading", name="谢谢！您的评价已保存。")).to_be_visible(timeout=60_000)
    assert [tap[1] for tap in door.taps()] == [3]


def test_on_a_second_generation_network_the_page_is_there_in_a_few_seconds(
    door: Door, phone_page: Page
) -> None:
    with slow_network(phone_page, kbit_per_s=50, delay_ms=300):
        began = monotonic()
        phone_page.goto(door.lift)
        expect(_face(phone_page, "非常满意")).to_be_visible()
        assert monotonic() - began < 6
        _face(phone_page, "非常满意").tap()
        expect(phone_page.get_by_role("heading", name="谢谢！您的评价已保存。")).to_be_visible(timeout=20_000)


def test_when_the_hub_cannot_keep_it_one_press_more_is_enough(door: Door, phone_page: Page) -> None:
    phone_page.goto(door.lift)
    door.parts.intake.stop()
    _face(phone_page, "不满意").tap()
    expect(phone_page.get_by_text("您选的是「不满意」")).to_be_visible()
    expect(_face(phone_page, "请再按一次 · 不满意")).to_be_focused()


def test_a_code_typed_by_hand_leads_to_the_faces(door: Door, phone_page: Page) -> None:
    phone_page.goto(door.url)
    phone_page.get_by_label("编码").fill(door.lift[-8:].lower())
    phone_page.get_by_role("button", name="去评价").tap()
    expect(phone_page.get_by_role("heading", name="您对这里的电梯满意吗？")).to_be_visible()


def test_a_screens_code_proves_presence_through_a_change_of_language(door: Door, phone_page: Page) -> None:
    code = door_code.make(door_code.key_for(SECRET, door.lift[-8:]), door.clock())
    phone_page.goto(f"{door.lift}?p={code}")
    phone_page.get_by_role("link", name="English").tap()
    _face(phone_page, "Very satisfied").tap()
    expect(phone_page.get_by_role("heading", name="Thank you!")).to_be_visible()
    assert [PROOFS[tap[2]] for tap in door.taps()] == ["rotating"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_fits_every_screen_with_targets_of_60_pixels(
    door: Door, phone_page: Page, language: str
) -> None:
    thanks = f"{door.tap(1)}?lang={language}"
    for address in (f"{door.lift}?lang={language}", thanks, f"{door.url}/?lang={language}"):
        phone_page.goto(address)
        for width, height in SIZES:
            phone_page.set_viewport_size({"width": width, "height": height})
            assert _overflow(phone_page) == 0
            assert _small_targets(phone_page) == []
            assert phone_page.evaluate("getComputedStyle(document.body).fontSize") in ("18px", "19px")


def test_the_faces_are_above_the_fold_of_a_small_phone(door: Door, phone_page: Page) -> None:
    phone_page.goto(door.lift)
    last = _face(phone_page, "非常满意").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] < 500


@pytest.mark.parametrize("path", ["lift", "thanks", "added", "entry", "privacy"])
def test_every_text_stands_out_from_its_background(door: Door, desktop_page: Page, path: str) -> None:
    thanks = door.tap(1)
    if path == "added":
        door.send(thanks, {"reason": "trapped", "comment": "5 楼"})
    address = {"lift": door.lift, "entry": door.url, "privacy": f"{door.url}/privacy"}.get(path, thanks)
    desktop_page.goto(address)
    assert desktop_page.evaluate(_WEAK_TEXTS) == []


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _small_targets(page: Page) -> list[str]:
    return list(page.evaluate(_SMALL_TARGETS))


_SMALL_TARGETS = """() => [...document.querySelectorAll('button, .chips label, .code')]
  .filter(one => one.checkVisibility())
  .filter(one => { const box = one.getBoundingClientRect(); return box.width < 60 || box.height < 60; })
  .map(one => one.textContent)"""
_WEAK_TEXTS = """() => {
  const linear = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(value => linear(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const node = walker.currentNode.parentElement;
    if (!text || !node.checkVisibility()) continue;
    const [more, less] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    if ((more + 0.05) / (less + 0.05) < 4.5) weak.push(text);
  }
  return weak;
}"""
