"""Faces pressed on a real hub: what becomes a tap, what is shown again, what is refused."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from time import sleep

import pytest
import requests

from hub.store import forms, questionnaires
from hub.store.tap_kinds import PROOFS
from hub.web.survey import form_ids
from link import door_code
from link.questionnaire import NPS_11
from tests.peers.survey_door import SECRET, Door, hidden


def _text(answered: requests.Response) -> str:
    return unescape(answered.content.decode("utf-8"))


def test_a_pressed_face_is_one_committed_tap_and_leads_to_its_thank_you(door: Door) -> None:
    sent = door.send(door.lift, door.form() | {"rating": "5"})
    assert sent.status_code == 303
    assert [tap[1:] for tap in door.taps()] == [(5, PROOFS.index("static"))]
    thanks = requests.get(door.url + sent.headers["location"], timeout=20)
    assert thanks.status_code == 200
    assert "谢谢！您的评价已保存。" in _text(thanks)
    assert "「非常满意」" in _text(thanks)


def test_five_sends_of_one_form_at_once_make_one_tap_and_one_thank_you(door: Door) -> None:
    fields = door.form() | {"rating": "2"}
    with ThreadPoolExecutor(5) as pool:
        sent = list(pool.map(lambda _: door.send(door.lift, fields), range(5)))
    assert {one.status_code for one in sent} == {303}
    assert len({one.headers["location"] for one in sent}) == 1
    assert len(door.taps()) == 1


def test_the_same_form_with_another_face_is_no_second_tap_and_is_told(door: Door) -> None:
    fields = door.form()
    first = door.send(door.lift, fields | {"rating": "4"})
    second = door.send(door.lift, fields | {"rating": "1"})
    assert second.headers["location"] == first.headers["location"] + "?again=1"
    assert [tap[1] for tap in door.taps()] == [4]
    shown = _text(requests.get(door.url + second.headers["location"], timeout=20))
    assert "这次评价已经存为「满意」，没有重复计算。" in shown


def test_two_forms_are_two_taps(door: Door) -> None:
    door.tap(1)
    door.tap(5)
    assert [tap[1] for tap in door.taps()] == [1, 5]


def test_nought_on_an_eleven_point_scale_is_an_answer(door: Door) -> None:
    with door.parts.database.writing() as connection:
        asked = questionnaires.latest(connection, "overall")
        assert asked is not None
        assert asked.questions[0].scale == NPS_11
        connection.exec_driver_sql(
            "UPDATE touchpoints SET questionnaire_id = 'overall' WHERE touchpoint_id = "
            f"(SELECT touchpoint_id FROM labels WHERE code = '{door.lift[-8:]}')"
        )
    sent = door.send(door.lift, door.form() | {"rating": "0"})
    assert sent.status_code == 303
    assert [tap[1] for tap in door.taps()] == [0]
    assert "「0」" in _text(requests.get(door.url + sent.headers["location"], timeout=20))


def test_an_expired_form_is_shown_again_with_the_choice_in_words_and_makes_no_tap(door: Door) -> None:
    fields = door.form() | {"rating": "2"}
    door.clock.ahead = form_ids.LIFE_MS + 60_000
    late = door.send(door.lift, fields)
    assert late.status_code == 409
    assert "您刚才选的是「不满意」，请再点一次。" in _text(late)
    assert 'class="tap kept" name="rating" value="2" autofocus' in _text(late)
    assert door.taps() == []
    assert door.send(door.lift, hidden(late.text) | {"rating": "2"}).status_code == 303
    assert len(door.taps()) == 1


def test_an_expired_form_that_was_used_leads_to_its_thank_you_all_the_same(door: Door) -> None:
    fields = door.form() | {"rating": "2"}
    first = door.send(door.lift, fields)
    door.clock.ahead = form_ids.LIFE_MS + 60_000
    assert door.send(door.lift, fields).headers["location"] == first.headers["location"]
    assert len(door.taps()) == 1


def test_a_forged_form_makes_no_tap_and_keeps_the_choice(door: Door) -> None:
    fields = door.form() | {"rating": "5"}
    for changed in (
        {"form": fields["form"][:-1] + ("A" if fields["form"][-1] != "A" else "B")},
        {"form": fields["form"].replace("-s-", "-r-")},
        {"touchpoint": "1"},
        {"questionnaire": "overall@1"},
    ):
        forged = door.send(door.lift, fields | changed)
        assert forged.status_code == 400
        assert "「非常满意」，请再点一次。" in _text(forged)
    other = door.url + "/t/" + door.codes["南门人行闸"]
    assert door.send(other, fields).status_code == 400
    assert door.taps() == []


def test_a_rating_that_the_scale_does_not_have_is_refused_kindly(door: Door) -> None:
    fields = door.form()
    for rating in ("6", "0", "-1", "abc", "", "5" * 40):
        refused = door.send(door.lift, fields | {"rating": rating})
        assert refused.status_code == 400
        assert "没有收到您的选择，请再点一次。" in _text(refused)
    assert door.taps() == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"form=%ff", b"{}", b"rating=5&" * 5000])
def test_rubbish_bodies_get_the_faces_again(door: Door, body: bytes) -> None:
    refused = requests.post(door.lift, body, timeout=20)
    assert refused.status_code == 400
    assert "请再点一次" in _text(refused)
    assert door.taps() == []


def test_a_form_shown_before_the_questionnaire_was_revised_answers_the_old_question(door: Door) -> None:
    fields = door.form()
    with door.parts.database.writing() as connection:
        asked = questionnaires.latest(connection, "lift")
        assert asked is not None
        asked.questions[0].words["zh-CN"] = "换了一个问法？"
        questionnaires.publish(connection, asked, door.clock())
    assert door.form()["questionnaire"] == "lift@2"
    door.send(door.lift, fields | {"rating": "3"})
    with door.parts.database.reading() as connection:
        answer = forms.answer(connection, door.taps()[0][0])
    assert answer is not None
    assert (answer.questionnaire, answer.rating) == ("lift@1", 3)


def test_a_code_from_the_screen_proves_presence_and_an_old_or_foreign_one_does_not(door: Door) -> None:
    code = door.lift[-8:]
    key = door_code.key_for(SECRET, code)
    now = door.clock()
    fresh, old = door_code.make(key, now), door_code.make(key, now - 600_000)
    for given in (fresh, old, "RUBBISH", ""):
        address = f"{door.lift}?p={given}"
        assert door.send(address, door.form(address) | {"rating": "4"}).status_code == 303
    assert [PROOFS[tap[2]] for tap in door.taps()] == ["rotating", "static", "static", "static"]


def test_the_proof_is_taken_when_the_page_is_opened_and_not_when_the_face_is_pressed(door: Door) -> None:
    key = door_code.key_for(SECRET, door.lift[-8:])
    fields = door.form(f"{door.lift}?p={door_code.make(key, door.clock())}") | {"rating": "4"}
    door.clock.ahead = 3_600_000
    door.send(door.lift, fields)
    door.send(f"{door.lift}?p={door_code.make(key, door.clock())}", door.form() | {"rating": "4"})
    assert [PROOFS[tap[2]] for tap in door.taps()] == ["rotating", "static"]


def test_while_the_intake_is_away_the_choice_is_kept_on_a_page_with_one_button(door: Door) -> None:
    fields = door.form() | {"rating": "2"}
    door.parts.intake.stop()
    away = door.send(door.lift, fields)
    assert away.status_code == 503
    assert away.headers["retry-after"]
    assert "您选的是「不满意」" in _text(away)
    assert hidden(away.text) | {"rating": "2"} == fields
    assert 'name="rating" value="2" autofocus>请再按一次' in _text(away)


def test_an_answer_that_was_late_is_one_tap_when_it_is_pressed_again(door: Door) -> None:
    fields = door.form() | {"rating": "1"}
    with door.parts.database.writing():  # another writer holds the store
        late = door.send(door.lift, fields)
    assert late.status_code == 503
    again = door.send(door.lift, hidden(late.text) | {"rating": "1"})
    assert again.status_code == 303
    assert [tap[1] for tap in door.taps()] == [1]


def test_a_store_that_cannot_be_read_gets_a_page_and_not_a_traceback(door: Door) -> None:
    with door.parts.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE labels RENAME TO elsewhere")
    away = requests.get(door.lift, timeout=20)
    with door.parts.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO labels")
    assert away.status_code == 503
    assert "请稍等一下" in _text(away)
    assert requests.get(door.lift, timeout=20).status_code == 200


def test_a_phone_that_has_just_answered_is_told_so_and_may_answer_again(door: Door) -> None:
    with requests.Session() as phone:
        phone.post(door.lift, door.form() | {"rating": "5"}, timeout=20)
        assert list(phone.cookies.values()) == ["1"]
        again = phone.get(door.lift, timeout=20)
        assert "您刚评过这里，已经保存。" in _text(again)
        phone.post(door.lift, hidden(again.text) | {"rating": "1"}, timeout=20)
    assert [tap[1] for tap in door.taps()] == [5, 1]


def test_a_phone_that_leaves_half_way_is_no_error(door: Door, capfd: pytest.CaptureFixture[str]) -> None:
    host, _, port = door.url.removeprefix("http://").partition(":")
    path = door.lift.removeprefix(door.url)
    with socket.create_connection((host, int(port))) as phone:
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 300\r\n"
        phone.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nform=half".encode())
        sleep(0.2)
    assert requests.get(door.lift, timeout=10).status_code == 200
    assert door.taps() == []
    assert "Traceback" not in capfd.readouterr().err
