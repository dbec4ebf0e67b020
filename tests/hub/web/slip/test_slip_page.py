"""The page of a slip on a real hub: an answer given on a kiosk, followed and added to by phone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import requests

from hub.ingest.arrivals import Arrival
from hub.store import cards, details, labels, placements, taps, terminals
from hub.web.slip.pages import MOST_LOOKS
from hub.web.survey import form_ids
from link import messages, slip_code, topics
from link.messages import Tap, TapBatch
from tests.peers.survey_door import HOTLINE, Door

SLIP = "7K3QX9TF2M4A"
LIFT = "3 号楼 1 单元客梯 A"


class Kiosk:
    """A terminal at a lift whose batches are handed to the running intake."""

    def __init__(self, door: Door) -> None:
        self.door, self.seq, form = door, 0, door.form()
        self.asked = {
            "questionnaire": form["questionnaire"],
            "question": form["question"],
            "scale": "faces-5",
        }
        with door.parts.database.writing() as connection:
            self.touchpoint = labels.find(connection, door.codes[LIFT]).touchpoint_id
            number = terminals.create(connection, terminal_id="k1", kind="kiosk", now=1)
            placements.place_terminal(connection, number, self.touchpoint, 1)

    def tap(self, rating: int = 2, *, slip: str = SLIP, amends: int = 0, **more: object) -> Tap:
        """Tap, and wait until it is committed."""
        self.seq += 1
        now = self.door.clock()
        made = {"seq": self.seq, "tapped_at": now, "uptime": now, "boot": "b1", "trusted": True}
        said = {"day": 20261123, "rating": rating, "slip": slip, "amends": amends}
        tap = Tap(**(made | self.asked | said | more))
        batch = TapBatch(messages.VERSION, "st1", "b1", now, now, True, (tap,))
        done: list[bool] = []
        arrival = Arrival("k1", topics.taps("k1"), messages.encode(batch), now, lambda: done.append(True))
        self.door.parts.intake.offer(arrival)
        until(lambda: done)
        return tap


def until(what: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


@pytest.fixture
def kiosk(door: Door) -> Kiosk:
    return Kiosk(door)


@pytest.fixture
def address(door: Door) -> str:
    return f"{door.url}/s/{SLIP}"


def get(address: str, language: str = "zh-CN") -> requests.Response:
    return requests.get(address, headers={"accept-language": language}, timeout=20, allow_redirects=False)


def text(answered: requests.Response) -> str:
    return unescape(answered.content.decode("utf-8"))


def kept(door: Door, slip: str = SLIP) -> tuple[tuple[str, ...], str]:
    with door.parts.database.reading() as connection:
        tap = taps.by_slip(connection, slip)
    return tap.reasons, tap.comment


def test_a_slip_tells_where_when_which_face_and_that_it_has_arrived(door, kiosk, address) -> None:
    tap = kiosk.tap(2)
    answered = get(address)
    assert answered.status_code == 200
    there = datetime.fromtimestamp(tap.tapped_at / 1000, ZoneInfo("Asia/Shanghai"))
    for words in (
        "云栖花园 · 3 号楼",
        LIFT,
        "您对这里的电梯满意吗？",
        "已收到您的评价",
        "「不满意」",
        f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}",
        "物业系统已收到",
        "跟进码 <b>7K3Q-X9TF-2M4A</b>",
    ):
        assert words in text(answered)
    english = text(get(address, "en-GB"))
    for words in ("We have received your answer", "“Dissatisfied”", there.strftime("%-d %b %Y, %H:%M")):
        assert words in english


@pytest.mark.parametrize("typed", ["7k3q-x9tf-2m4a", "7K3Q X9TF 2M4A", "７Ｋ３Ｑ-X9TF-2M4A", "7K3QX9TF2M4A"])
def test_a_slip_is_found_however_it_is_typed(door, kiosk, typed) -> None:
    kiosk.tap(2)
    for root in ("s", "S"):
        assert "已收到您的评价" in text(get(f"{door.url}/{root}/{typed}"))


def test_letters_typed_for_digits_are_read_as_those(door, kiosk) -> None:
    kiosk.tap(1, slip="00117K3QX9TF")
    assert "已收到您的评价" in text(get(f"{door.url}/s/oOil-7k3q-x9tf"))


def test_the_entry_page_takes_slips_too(door, kiosk) -> None:
    kiosk.tap(2)
    for typed in ("7k3q-x9tf-2m4a", f"{door.url}/s/{SLIP}", f"{door.url}/S/{SLIP}?lang=en"):
        answered = requests.get(door.url, {"code": typed}, timeout=20, allow_redirects=False)
        assert (answered.status_code, answered.headers["location"]) == (303, f"/s/{SLIP}")
    followed = requests.get(door.url, {"code": "7k3q-x9tf-2m4a", "lang": "en"}, timeout=20)
    assert "We have received your answer" in text(followed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("7K3QX9TF2M4", "您输入了 11 位"), ("7K3QX9TF2M4U", "没有「U」"), ("--", "请输入编码")],
)
def test_a_malformed_slip_gets_a_kind_page(door, typed, words) -> None:
    answered = get(f"{door.url}/s/{typed}")
    assert answered.status_code == 400
    assert words in text(answered)
    assert 'name="code"' in answered.text


def test_a_slip_that_is_still_on_its_way_is_awaited_and_then_shown(door, kiosk, address) -> None:
    waiting = get(f"{address}?lang=en")
    assert waiting.status_code == 202
    assert waiting.headers["cache-control"] == "no-store"
    refresh = re.search(r'http-equiv="refresh" content="10;url=([^"]+)"', waiting.text)
    assert refresh
    following = unescape(refresh[1])
    assert following == f"/s/{SLIP}?lang=en&look=1"
    assert "您的评价已保存在终端上，正在上传，请稍后再看。" in text(get(address))
    assert get(door.url + following).status_code == 202
    assert door.send(address, {"comment": "x"}).status_code == 202
    kiosk.tap(1)
    assert get(door.url + following).status_code == 200


def test_a_page_does_not_look_again_for_ever(door, address) -> None:
    last = get(f"{address}?look={MOST_LOOKS}")
    assert last.status_code == 202
    assert "http-equiv" not in last.text
    assert "现场网络恢复后才能看到" in text(last)
    for odd in ("x", "-1", "9" * 400, "٣"):
        assert "look=1" in get(f"{address}?look={odd}").text


def test_what_was_chosen_on_the_kiosk_is_ticked_and_more_can_be_added(door, kiosk, address) -> None:
    kiosk.tap(1, reasons=("wait",))
    before = get(address).text
    assert re.search(r'value="wait" checked', before)
    assert "<details>" not in before  # the form is open: nothing was added by phone yet
    added = door.send(address, [("reason", "wait"), ("reason", "dirty"), ("comment", "等了 10 分钟")])
    assert (added.status_code, added.headers["location"]) == (303, f"/s/{SLIP}?added=1")
    assert kept(door) == (("wait", "dirty"), "等了 10 分钟")
    shown = text(get(address))
    assert "补充的内容已收到，谢谢您。" in shown
    assert "等太久、脏或有异味\n等了 10 分钟" in shown
    (row,) = details_of(door)
    assert row.comment == "等了 10 分钟"


def test_reasons_added_without_a_comment_are_thanked_for(door, kiosk, address) -> None:
    kiosk.tap(1)
    added = door.send(f"{address}?lang=en", {"reason": "wait"})
    assert added.headers["location"] == f"/s/{SLIP}?added=1&lang=en"
    assert "We have received what you added" in text(get(door.url + added.headers["location"]))


def details_of(door: Door) -> list[details.DetailsRow]:
    with door.parts.database.reading() as connection:
        return list(details.of(connection, [tap[0] for tap in door.taps()]).values())


def test_after_another_choice_on_the_kiosk_the_slip_shows_that_one_and_is_added_to_it(
    door, kiosk, address
) -> None:
    first = kiosk.tap(1)
    kiosk.tap(2, amends=first.seq, reasons=("lamp",))
    assert "「不满意」" in text(get(address))
    assert door.send(address, [("reason", "lamp"), ("comment", "灯坏了")]).status_code == 303
    with door.parts.database.reading() as connection:
        rows = details.of(connection, [tap[0] for tap in door.taps()])
    assert {tap_id: row.comment for tap_id, row in rows.items()}[door.taps()[1][0]] == "灯坏了"


def test_after_a_good_answer_no_reasons_are_asked_for(door, kiosk, address) -> None:
    kiosk.tap(5)
    assert 'name="reason"' not in get(address).text
    assert 'name="comment"' in get(address).text


def test_a_safety_reason_shows_the_hotline_first(door, kiosk, address) -> None:
    kiosk.tap(1, reasons=("trapped",), urgent=True)
    shown = text(get(address))
    assert shown.index(f'href="tel:{HOTLINE}"') < shown.index('name="reason"')
    assert shown.count(f'href="tel:{HOTLINE}"') == 1


def test_rubbish_and_too_long_a_comment_are_refused_and_shown_again(door, kiosk, address) -> None:
    kiosk.tap(2)
    assert "没有读懂" in text(door.send(address, {"reason": "nonsense"}))
    long = door.send(address, {"comment": "长" * 1001})
    assert long.status_code == 400
    assert "留言有 1001 个字" in text(long)
    assert kept(door) == ((), "")


def test_after_a_day_nothing_can_be_added_and_what_was_added_is_not_shown(door, kiosk, address) -> None:
    kiosk.tap(2)
    door.send(address, {"comment": "只给自己看"})
    door.clock.ahead = form_ids.LIFE_MS + 60_000
    shown = text(get(address))
    assert "已收到您的评价" in shown
    assert "只给自己看" not in shown
    assert "已超过 24 小时" in shown
    assert f'href="/t/{door.codes[LIFT]}"' in shown
    assert door.send(address, {"comment": "太晚了"}).status_code == 410
    assert kept(door) == ((), "只给自己看")


def test_a_test_tap_says_that_it_is_one(door, kiosk, address) -> None:
    kiosk.tap(2, test=True)
    assert "这是一次测试，不计入统计。" in text(get(address))


def test_an_answer_that_nobody_published_or_placed_is_shown_as_far_as_it_is_known(
    door, kiosk, address
) -> None:
    kiosk.tap(2, questionnaire="elsewhere@9")
    assert "「不满意」" in text(get(address))
    with door.parts.database.writing() as connection:
        placements.take_away(connection, terminals.by_id(connection, "k1").terminal_no, 1)
    other = slip_code.normalise("0000-0000-0001")
    kiosk.tap(2, slip=other)
    shown = get(f"{door.url}/s/{other}")
    assert shown.status_code == 200
    assert LIFT not in text(shown)


def test_the_newest_card_of_the_touchpoint_is_told_on_slip_and_thanks(door, kiosk, address) -> None:
    with door.parts.database.writing() as connection:
        for day, said in ((20261101, "旧的"), (20261122, "灯太暗")):
            cards.create(
                connection,
                touchpoint_id=kiosk.touchpoint,
                said={"zh-CN": said, "en": "Too dark"},
                done={"zh-CN": "换了 12 盏灯"},
                day=day,
                now=1,
            )
    kiosk.tap(2)
    for page in (get(address), get(door.tap(5))):
        for words in ("您说我做", "2026-11-22", "灯太暗", "换了 12 盏灯"):
            assert words in text(page)
        assert "旧的" not in text(page)
    assert "Too dark" in text(get(f"{address}?lang=en"))


def test_every_page_of_a_slip_fits_in_one_round_trip_and_needs_nothing_else(door, kiosk, address) -> None:
    with door.parts.database.writing() as connection:
        words = {"zh-CN": "长" * cards.MOST_CHARS, "en": "w" * cards.MOST_CHARS}
        cards.create(connection, touchpoint_id=kiosk.touchpoint, said=words, done=words, day=20261122, now=1)
    pending = [get(address), get(f"{address}?lang=en")]
    kiosk.tap(1, reasons=("trapped", "wait", "dirty", "lamp"))
    door.send(address, [("reason", "trapped"), ("comment", "长" * 200)])
    for answered in (*pending, get(address), get(f"{address}?lang=en"), get(f"{door.url}/s/x")):
        headers = sum(len(name) + len(value) + 4 for name, value in answered.headers.items())
        assert len(answered.content) + headers < 14_000
        assert not re.search(r'<script|src=|url\(|@import|<link rel="(?!icon" href="data:,")', answered.text)
        assert answered.headers["cache-control"] == "no-store"
        assert answered.headers["content-security-policy"].startswith("default-src 'none'")


def test_what_stands_in_an_address_or_a_comment_is_never_markup(door, kiosk, address) -> None:
    assert "<script" not in get(f"{door.url}/s/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    kiosk.tap(2)
    door.send(address, {"comment": "</textarea><script>alert(1)</script>"})
    assert "<script" not in get(address).text


def test_a_store_that_is_away_gets_a_kind_page(door, address) -> None:
    with door.parts.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE details RENAME TO gone")
    answered = get(address)
    assert answered.status_code == 503
    assert "请稍等一下" in text(answered)
