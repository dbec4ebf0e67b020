"""Reasons and comments added on the thank-you page of a real hub."""

from __future__ import annotations

from html import unescape

import pytest
import requests

from hub.store import details
from hub.store.details import DetailsRow
from hub.web.survey import form_ids
from tests.peers.survey_door import HOTLINE, Door


def _kept(door: Door) -> dict[int, DetailsRow]:
    with door.parts.database.reading() as connection:
        return details.of(connection, [tap[0] for tap in door.taps()])


def _get(address: str) -> str:
    return unescape(requests.get(address, timeout=20).content.decode())


def test_reasons_are_offered_after_a_bad_answer_and_not_after_a_good_one(door: Door) -> None:
    bad, good = _get(door.tap(2)), _get(door.tap(4))
    assert "对不起，让您不满意了。我们会处理。" in bad
    assert bad.count('name="reason"') == 6
    assert bad.count('class="hot"') == 1
    assert "谢谢！您的评价已保存。" in good
    assert 'name="reason"' not in good
    assert 'name="comment"' in good


def test_reasons_and_comment_are_bound_to_the_very_tap(door: Door) -> None:
    door.tap(1)
    thanks = door.tap(2)
    sent = door.send(
        thanks, [("reason", "wait"), ("reason", "dirty"), ("comment", "等了 10 分钟\r\n还有异味")]
    )
    assert sent.status_code == 303
    (tap_id, found), *others = _kept(door).items()
    assert others == []
    assert tap_id == door.taps()[1][0]
    assert (found.reasons, found.comment) == (("wait", "dirty"), "等了 10 分钟\n还有异味")
    shown = _get(thanks)
    assert "补充的内容已收到，谢谢您。" in shown
    assert "等太久、脏或有异味\n等了 10 分钟\n还有异味" in shown


def test_sending_again_replaces_what_was_added_and_nothing_more(door: Door) -> None:
    thanks = door.tap(2)
    for fields in ([("reason", "wait")], [("reason", "wait")], [("reason", "lamp"), ("comment", "灯")]):
        assert door.send(thanks, fields).status_code == 303
    assert [(row.reasons, row.comment) for row in _kept(door).values()] == [(("lamp",), "灯")]
    assert len(door.taps()) == 1
    assert door.send(thanks, {"comment": ""}).status_code == 303
    assert [(row.reasons, row.comment) for row in _kept(door).values()] == [((), "")]


def test_a_safety_reason_shows_the_hotline_first(door: Door) -> None:
    thanks = door.tap(1)
    assert _get(thanks).index('name="reason"') < _get(thanks).index(f'href="tel:{HOTLINE}"')
    door.send(thanks, {"reason": "trapped", "comment": "5 楼"})
    shown = _get(thanks)
    assert shown.index(f'href="tel:{HOTLINE}"') < shown.index("补充的内容已收到")
    assert "火警 119" in shown


def test_a_comment_too_long_is_refused_and_shown_again_whole(door: Door) -> None:
    thanks = door.tap(2)
    comment = "长" * 1001
    refused = door.send(thanks, [("reason", "wait"), ("comment", comment)])
    assert refused.status_code == 400
    assert "留言有 1001 个字，最多 1000 个字" in refused.content.decode()
    assert comment in refused.content.decode()
    assert 'value="wait" checked' in refused.content.decode()
    assert _kept(door) == {}
    assert door.send(thanks, {"comment": "长" * 1000}).status_code == 303


@pytest.mark.parametrize(
    "body", [b"comment=" + b"x" * 2_000_000, b"comment=%ff", b"reason=nonsense", b"reason="]
)
def test_rubbish_is_refused_kindly_and_nothing_is_kept(door: Door, body: bytes) -> None:
    refused = requests.post(door.tap(2), body, timeout=20, allow_redirects=False)
    assert refused.status_code == 400
    assert "没有读懂" in refused.content.decode()
    assert _kept(door) == {}


def test_a_comment_is_shown_as_text_and_never_as_markup(door: Door) -> None:
    thanks = door.tap(2)
    door.send(thanks, {"comment": "</textarea><script>alert(1)</script>"})
    page = requests.get(thanks, timeout=20).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_after_a_day_nothing_can_be_added_and_nothing_is_shown(door: Door) -> None:
    thanks = door.tap(2)
    door.send(thanks, {"comment": "只给自己看"})
    door.clock.ahead = form_ids.LIFE_MS + 60_000
    assert "只给自己看" not in _get(thanks)
    assert "已超过 24 小时" in _get(thanks)
    late = door.send(thanks, {"comment": "太晚了"})
    assert late.status_code == 410
    assert [row.comment for row in _kept(door).values()] == ["只给自己看"]


def test_an_address_that_was_not_signed_here_finds_nothing(door: Door) -> None:
    thanks = door.tap(2)
    token = thanks.rpartition("/")[2]
    other = f"{door.url}/t/{door.codes['南门人行闸']}/thanks/{token}"
    for address in (thanks[:-1] + ("A" if thanks[-1] != "A" else "B"), other, f"{door.lift}/thanks/1-x"):
        assert requests.get(address, timeout=20).status_code == 404
        assert door.send(address, {"comment": "x"}).status_code == 404
    assert _kept(door) == {}


def test_the_live_pages_are_told_of_a_comment(door: Door) -> None:
    thanks, before = door.tap(2), door.parts.live.version
    door.send(thanks, {"comment": "灯坏了"})
    assert door.parts.live.version == before + 1
