"""The pages over an estate with a past."""

import re
from html.parser import HTMLParser

import pytest

from hub.ingest.intake import WebAnswer
from hub.store import touchpoints
from tests.peers.manager_hub import SITE, visit

VOID = {"meta", "link", "input", "img", "br"}
PATHS = ["/manager", "/manager/taps", "/manager/terminals", "/manager/alerts", "/manager/letters"]


@pytest.fixture(scope="module")
def bob(manager_estate):
    with visit(manager_estate, "Bob") as someone:
        yield someone


class Nesting(HTMLParser):
    """Fails when elements do not close in the order in which they opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        return

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.getpos()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", [*PATHS, "/manager/terminals/kiosk-lift", "/manager/touchpoints/{lift}"])
def test_a_page_is_whole_and_every_placeholder_filled(manager_estate, bob, path, language):
    path = path.format(lift=manager_estate.at("3 号楼 1 单元客梯 A"))
    page = bob.see(f"{path}?lang={language}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert not re.search(r"\{[a-z_]+\}", page.text)
    checker = Nesting()
    checker.feed(page.text)
    assert checker.open == []


@pytest.mark.parametrize("path", PATHS)
def test_a_page_may_load_only_its_own(bob, path):
    page = bob.see(path)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    for address in re.findall(r'(?:src|href)="([^"]*)"', page.text):
        assert address.startswith(("/", "?", "#")), address


def test_the_tree_says_n_share_interval_index_and_change(manager_estate, bob):
    text = bob.see("/manager?lang=en&period=7d").text
    root = re.search(r"Overall recommendation.*?</summary>", text, re.S).group()
    assert re.search(r'<span class="num"[^>]*>1,0\d\d</span>', root)
    assert re.search(r"<b>\d\d%</b> <small>\d\d–\d\d%</small>", root)
    assert re.search(r"no real change|(up|down) \d+ points", root)
    assert "covered" in root
    quiet = re.search(r"Charging points</a>.*?</div>", text, re.S).group()
    assert "no answers" in quiet


def test_the_page_says_what_its_figures_rest_on(bob):
    text = bob.see("/manager?lang=zh-CN").text
    assert "算作满意的选项： 「满意」「非常满意」" in text
    assert "非常不满意 0，不满意 25，基本满意 50，满意 75，非常满意 100" in text
    assert "随手评价不是随机抽样" in text
    assert "两者从不混合平均" in text


def test_the_tree_is_whole_at_any_depth(manager_hub):
    manager_hub.plant()
    with manager_hub.database.writing() as connection:
        above = manager_hub.at("3 号楼大堂")
        for level in range(60):
            above = touchpoints.create(
                connection,
                site_id=manager_hub.site_id,
                kind="touchpoint",
                name={"en": f"level {level}"},
                parent_id=above,
            )
    manager_hub.person("Alice", "operator")
    with visit(manager_hub, "Alice") as alice:
        page = alice.see("/manager")
        assert "level 59" in page.text
        checker = Nesting()
        checker.feed(page.text)
        assert checker.open == []
        assert len(alice.see(f"/manager/touchpoints/{above}").text) > 1000


def test_fewer_than_five_answers_show_their_number_only(manager_estate, bob):
    manager_estate.terminal("kiosk-few", "消控室")
    manager_estate.tap("kiosk-few", 1, 1, 1, 1)
    text = bob.see(f"/manager/touchpoints/{manager_estate.at('消控室')}?lang=en").text
    assert "Fewer than 5, not shown" in text
    assert "0%" not in re.search(r'<section class="figures".*?</section>', text, re.S).group()
    assert "Dissatisfied" not in re.sub(r"<details.*", "", text, flags=re.S)


def test_nineteen_answers_say_that_they_are_not_enough(manager_estate, bob):
    manager_estate.terminal("kiosk-nineteen", "中心花园")
    manager_estate.tap("kiosk-nineteen", *[5] * 19)
    text = bob.see(f"/manager/touchpoints/{manager_estate.at('中心花园')}?lang=zh-CN").text
    assert "样本太少" in text
    assert "83–100%" in text


def test_only_on_site_leaves_out_static_labels(manager_estate, bob):
    manager_estate.terminal("label-gym", "健身区")
    manager_estate.tap("label-gym", *[5] * 30, proof="static")
    path = f"/manager/touchpoints/{manager_estate.at('健身区')}?lang=en"
    assert '<p class="big">30</p>' in bob.see(path + "&proof=all").text
    assert '<p class="big">0</p>' in bob.see(path + "&proof=onsite").text


def test_test_taps_and_bursts_are_not_counted(manager_estate, bob):
    manager_estate.terminal("kiosk-tried", "儿童乐园")
    manager_estate.tap("kiosk-tried", *[1] * 10, test=True)
    manager_estate.tap("kiosk-tried", *[1] * 10, burst=True)
    text = bob.see(f"/manager/touchpoints/{manager_estate.at('儿童乐园')}?lang=en").text
    assert '<p class="big">0</p>' in text
    assert "burst, not counted" in bob.see("/manager/taps?lang=en").text


def test_an_nps_is_shown_with_its_interval_and_parts(manager_estate, bob):
    place = manager_estate.at("充电桩")
    path = f"/manager/touchpoints/{place}?lang=en"
    assert "No answers to the 0–10 question yet" in bob.see(path).text
    for number, rating in enumerate([10] * 15 + [7] * 9 + [0] * 6):
        asked = ("overall@1", "recommend", "nps-11")
        manager_estate.intake.answer(
            WebAnswer(place, *asked, rating, "static", f"form-{number}", manager_estate.clock)
        )
    text = bob.see(path).text
    assert '<p class="big">+30</p>' in text
    assert "+0…" not in text
    assert "+1…+54" in text
    assert "50% promoters, 30% passives, 20% detractors" in text
    assert "Dissatisfied" not in re.sub(r"<details.*", "", text, flags=re.S)


def test_an_unknown_touchpoint_terminal_or_letter_gets_a_kind_page(bob):
    for path in ("touchpoints/9999", "touchpoints/abc", "touchpoints/99999999999999999999", "terminals/x"):
        page = bob.see(f"/manager/{path}?lang=zh-CN")
        assert page.status_code == 404
        assert "没有这" in page.text
    assert bob.see("/manager/letters/none?lang=zh-CN").status_code == 404


def test_the_language_is_remembered(bob):
    bob.see("/manager?lang=en")
    assert "Overview" in bob.see("/manager").text
    bob.see("/manager?lang=zh-CN")
    assert "概览" in bob.see("/manager").text


def test_without_a_site_the_page_says_so(manager_hub):
    manager_hub.person("Alice", "operator")
    with visit(manager_hub, "Alice") as alice:
        for path in PATHS:
            assert alice.see(path).status_code == 200
        assert "No site yet" in alice.see("/manager").text


def test_an_asset_is_kept_for_ever_under_its_hash_and_unknown_under_another(bob):
    address = re.search(r'href="(/manager/assets/[0-9a-f]+/scores.css)"', bob.see("/manager").text).group(1)
    answer = bob.see(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/css")
    assert bob.see(re.sub(r"[0-9a-f]{16}", "0" * 16, address)).status_code == 404
    assert bob.see("/manager/assets/0/../../words.toml").status_code == 404


def test_names_are_written_as_text_not_as_markup(manager_hub):
    manager_hub.plant()
    with manager_hub.database.writing() as connection:
        touchpoints.create(
            connection,
            site_id=manager_hub.site_id,
            kind="touchpoint",
            name={"en": "<script>alert(1)</script>"},
        )
    manager_hub.person("Alice", "operator")
    with visit(manager_hub, "Alice") as alice:
        text = alice.see("/manager?lang=en").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert SITE["en"] in text
