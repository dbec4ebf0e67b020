"""The pages of a real hub: status, headers, size, languages, codes typed by hand, what is stored."""

from __future__ import annotations

import re
import socket
from html import unescape

import pytest
import requests

from hub.store import details, labels, questionnaires
from hub.web.survey.pages import Pages
from link import label_code
from tests.peers.survey_door import HOTLINE, Door


def _get(address: str, language: str = "zh-CN") -> requests.Response:
    return requests.get(address, headers={"accept-language": language}, timeout=20, allow_redirects=False)


def _text(answered: requests.Response) -> str:
    return unescape(answered.content.decode("utf-8"))


def test_the_page_of_faces_names_site_place_touchpoint_and_question(door: Door) -> None:
    page = _text(_get(door.lift))
    for words in (
        "云栖花园 · 3 号楼",
        "3 号楼 1 单元客梯 A",
        "您对这里的电梯满意吗？",
        "本页不要求付款、登录或手机号。",
        label_code.show(door.lift[-8:]),
    ):
        assert words in page
    assert page.count('<button class="tap"') == 5
    assert f'href="tel:{HOTLINE}"' in page
    assert '<html lang="zh-CN">' in page


def test_a_place_without_danger_shows_no_hotline(door: Door) -> None:
    assert "tel:" not in _text(_get(f"{door.url}/t/{door.codes['3 号楼大堂']}"))


def test_every_page_and_its_headers_fit_in_one_round_trip_and_need_nothing_else(door: Door) -> None:
    for address in (door.lift, f"{door.lift}?lang=en", door.tap(1), door.tap(5), door.url, f"{door.url}/t/x"):
        answered = _get(address)
        headers = sum(len(name) + len(value) + 4 for name, value in answered.headers.items())
        assert len(answered.content) + headers < 14_000
        assert not re.search(r'<script|src=|url\(|@import|<link rel="(?!icon" href="data:,")', answered.text)
        assert answered.headers["cache-control"] == "no-store"
        assert answered.headers["content-security-policy"].startswith(
            "default-src 'none'; style-src 'sha256-"
        )


@pytest.mark.parametrize("path", ["", "/privacy", "/t/7K3Q", "LIFT", "CAPITALS"])
def test_head_is_answered_like_get_without_a_body(door: Door, path: str) -> None:
    capitals = door.lift.replace("/t/", "/T/")
    address = {"LIFT": door.lift, "CAPITALS": capitals}.get(path, door.url + path)
    head, get = requests.head(address, timeout=20), requests.get(address, timeout=20)
    assert head.status_code == get.status_code
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.content == b""


def test_an_address_in_capitals_and_a_code_in_small_letters_work(door: Door) -> None:
    code = door.lift[-8:]
    for path in (f"/T/{code}", f"/t/{code.lower()}", f"/t/{label_code.show(code)}"):
        address = door.url + path
        assert door.send(address, door.form(address) | {"rating": "3"}).status_code == 303
    assert len(door.taps()) == 3
    thanks = door.tap(5).replace("/t/", "/T/")
    assert _get(thanks).status_code == 200


@pytest.mark.parametrize(
    ("language", "query", "spoken"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.5", "", "zh-CN"),
        ("en-GB,en;q=0.9", "", "en"),
        ("fr", "", "zh-CN"),
        ("zh-CN", "?lang=en", "en"),
        ("en", "?lang=zh", "zh-CN"),
        ("en", "?lang=xx", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_browsers_else_chinese(
    door: Door, language: str, query: str, spoken: str
) -> None:
    assert f'<html lang="{spoken}">' in _text(_get(door.lift + query, language))


def test_a_chosen_language_stays_through_the_answer(door: Door) -> None:
    address = f"{door.lift}?lang=en"
    sent = door.send(address, door.form(address) | {"rating": "2"})
    assert sent.headers["location"].endswith("?lang=en")
    thanks = door.url + sent.headers["location"]
    assert "We are sorry. We will look into it." in _text(_get(thanks))
    added = door.send(thanks, {"comment": "slow"})
    assert added.headers["location"].endswith("?lang=en")


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("7K3Q", 400, "您输入了 4 位"),
        ("7K3QX9TFF", 400, "您输入了 9 位"),
        ("7K3QX9TU", 400, "没有「U」"),
        ("编码七三九", 400, "没有「编」"),
        ("", 400, "请输入编码"),
        ("  --", 400, "请输入编码"),
    ],
)
def test_a_malformed_code_is_told_what_is_wrong_with_it(
    door: Door, typed: str, status: int, words: str
) -> None:
    answered = requests.get(door.url, {"code": typed}, timeout=20)
    assert answered.status_code == status
    assert words in _text(answered)
    assert 'name="code"' in answered.text


def test_one_mistyped_character_is_told_as_a_typing_error(door: Door) -> None:
    code = door.lift[-8:]
    wrong = code[:3] + ("A" if code[3] != "A" else "B") + code[4:]
    answered = _get(f"{door.url}/t/{wrong}")
    assert answered.status_code == 400
    assert "校验位对不上" in _text(answered)
    assert f'value="{wrong}"' in answered.text


def test_a_typed_code_leads_to_its_touchpoint(door: Door) -> None:
    code = door.lift[-8:]
    for typed in (label_code.show(code).lower(), f" {code} ", door.lift, f"{door.lift}?p=1"):
        answered = requests.get(door.url, {"code": typed}, timeout=20, allow_redirects=False)
        assert (answered.status_code, answered.headers["location"]) == (303, f"/t/{code}")
    english = requests.get(door.url, {"code": code, "lang": "en"}, timeout=20, allow_redirects=False)
    assert english.headers["location"] == f"/t/{code}?lang=en"


def test_unknown_retired_and_unasked_labels_get_kind_pages_in_both_languages(door: Door) -> None:
    code, unknown = door.lift[-8:], label_code.mint(_Fixed())
    answered = _get(f"{door.url}/t/{unknown}")
    assert answered.status_code == 404
    assert "没有找到这个编码" in _text(answered)
    with door.parts.database.writing() as connection:
        labels.retire(connection, code, door.clock())
    retired = _get(door.lift)
    assert retired.status_code == 410
    assert "「3 号楼 1 单元客梯 A」的这个标签已经停用" in _text(retired)
    assert "has been retired" in _text(_get(door.lift, "en"))
    with door.parts.database.writing() as connection:
        connection.exec_driver_sql("UPDATE touchpoints SET questionnaire_id = NULL")
    unasked = _get(f"{door.url}/t/{door.codes['南门人行闸']}")
    assert unasked.status_code == 404
    assert "还没有设置题目" in _text(unasked)


class _Fixed:
    def randrange(self, stop: int, /) -> int:
        return stop - 1


def test_a_form_shown_before_its_label_was_retired_is_still_taken(door: Door) -> None:
    fields = door.form() | {"rating": "1"}
    with door.parts.database.writing() as connection:
        labels.retire(connection, door.lift[-8:], door.clock())
    assert door.send(door.lift, fields).status_code == 303
    assert len(door.taps()) == 1


def test_what_stands_in_an_address_is_never_markup(door: Door) -> None:
    answered = _get(f"{door.url}/?code=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answered.status_code == 400
    assert "<script" not in answered.text


def test_the_privacy_page_names_every_stored_column(door: Door) -> None:
    page = _text(_get(f"{door.url}/privacy"))
    stored = details.stored_fields()
    assert set(stored) == {"taps", "details", "forms"}
    for fields in stored.values():
        for field in fields:
            assert f'<th scope="row">{field}</th>' in page
    assert "IP 地址" in page


def test_there_are_words_for_every_stored_column_and_for_no_other() -> None:
    words = {key for key in Pages().words.keys() if key.startswith("stored.")}  # noqa: SIM118 not a dict
    stored = details.stored_fields()
    assert words == {f"stored.{table}.{field}" for table, fields in stored.items() for field in fields}


def test_an_answer_stores_nothing_about_the_phone(door: Door) -> None:
    agent = "SecretPhone/1.0"
    address = door.lift
    fields = door.form(headers={"user-agent": agent}) | {"rating": "2"}
    door.send(address, fields, headers={"user-agent": agent, "x-forwarded-for": "203.0.113.9"})
    with door.parts.database.reading() as connection:
        stored = "".join(
            str(list(connection.exec_driver_sql(f"SELECT * FROM {table}")))
            for table in details.stored_fields()
        )
    assert agent not in stored
    assert "203.0.113.9" not in stored
    assert "127.0.0.1" not in stored


def test_an_old_proxy_that_speaks_http_1_0_is_answered(door: Door) -> None:
    host, port = door.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(f"GET /t/{door.lift[-8:]} HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")


def test_the_starter_sets_questionnaires_are_all_asked_in_both_languages(door: Door) -> None:
    with door.parts.database.reading() as connection:
        everything = questionnaires.every(connection)
    assert len(everything) >= 14
    for code in door.codes.values():
        for query in ("", "?lang=en"):
            assert _get(f"{door.url}/t/{code}{query}").status_code == 200
