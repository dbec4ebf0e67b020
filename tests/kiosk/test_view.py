"""What each state says, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.events import Keep, Link
from kiosk.stages import Asking, Keeping, Kiosk, OutOfService, Press, Thanked, Waiting
from kiosk.view import view
from kiosk.views import NoticeView, Pair, QuestionView, ThanksView
from tests.kiosk.asks import ask, plan

ONLINE = Link(online=True, terminal="k-1", address="10.0.0.7", hub="10.0.0.1:1883")
ASKING = Kiosk(Asking(0), plan(), ONLINE, ask())
KEEP = Keep(1, "lobby@7", "clean", "faces-5", 4, "row-5")


def question(state: Kiosk) -> QuestionView:
    found = view(state)
    assert isinstance(found, QuestionView)
    return found


def thanks(state: Kiosk) -> ThanksView:
    found = view(state)
    assert isinstance(found, ThanksView)
    return found


def notice(state: Kiosk) -> NoticeView:
    found = view(state)
    assert isinstance(found, NoticeView)
    return found


def test_the_question_is_shown_with_its_place_and_its_answers_worst_first():
    shown = question(ASKING)
    assert shown.where == Pair("云栖花园 · 3 号楼大堂", "Yunqi Garden, Building 3 lobby")
    assert shown.question == Pair("您对大堂的环境卫生满意吗？", "How clean is the lobby?")
    assert [cell.words.main for cell in shown.cells] == [
        "非常不满意",
        "不满意",
        "基本满意",
        "满意",
        "非常满意",
    ]
    assert not any(cell.pressed for cell in shown.cells)


@pytest.mark.parametrize(
    "state",
    [
        replace(ASKING, press=Press("a", "level:3", 0)),
        replace(ASKING, stage=Keeping(KEEP, "level:3", Asking(0), 0)),
    ],
)
def test_a_face_stays_pressed_until_its_answer_is_kept(state):
    pressed = [cell.pressed for cell in question(state).cells]
    assert pressed == [False, False, False, True, False]


def test_one_language_alone_leaves_no_second_line():
    shown = question(replace(ASKING, ask=replace(ask(), languages=("en",))))
    assert shown.question == Pair("How clean is the lobby?", "")
    assert shown.cells[0].words == Pair("Very dissatisfied", "")


def test_english_first_puts_chinese_beneath():
    shown = question(replace(ASKING, ask=replace(ask(), languages=("en", "zh-CN"))))
    assert shown.question == Pair("How clean is the lobby?", "您对大堂的环境卫生满意吗？")


def test_keys_show_their_number_once():
    from link.questionnaire import NPS_11

    shown = question(replace(ASKING, ask=ask(NPS_11)))
    assert [cell.words for cell in shown.cells] == [Pair(str(value)) for value in range(11)]


@pytest.mark.parametrize(
    ("link", "says"),
    [
        (Link(online=True), "点一下就完成评价，不记名"),
        (Link(online=True, pending=2), "待上报 2 条"),
        (Link(online=False), "未联网：评价会先存在本机，联网后自动上报"),
        (Link(online=False, pending=2), "未联网：评价会先存在本机，联网后自动上报 · 待上报 2 条"),
    ],
)
def test_the_status_says_how_the_line_stands(link, says):
    assert question(replace(ASKING, link=link)).status.main == says


@pytest.mark.parametrize(("rating", "sorry"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_bad_answer_is_met_with_an_apology(rating, sorry):
    shown = thanks(replace(ASKING, stage=Thanked(rating, 0)))
    assert shown.sorry is sorry
    assert shown.headline.main == (
        "对不起，让您不满意了。我们会处理。" if sorry else "谢谢！您的评价已保存。"
    )
    assert shown.note.main == ("您的评价已保存。" if sorry else "")


def test_thanks_without_a_line_say_where_the_answer_is():
    shown = thanks(replace(ASKING, stage=Thanked(5, 0), link=Link(online=False)))
    assert shown.note.main == "已保存在本机，联网后自动上报。"


@pytest.mark.parametrize(
    ("trouble", "headline", "word"),
    [("full", "暂停服务", "已满"), ("broken", "暂停服务", "重试"), ("slow", "正在保存您的评价", "不会丢")],
)
def test_out_of_service_says_why(trouble, headline, word):
    shown = notice(replace(ASKING, stage=OutOfService(trouble, KEEP, None)))
    assert shown.headline.main == headline
    assert word in shown.note.main


@pytest.mark.parametrize(
    ("link", "headline"),
    [
        (replace(ONLINE, paired=False), "这台终端还没有登记入网"),
        (replace(ONLINE, online=False), "正在等待第一份问卷"),
        (ONLINE, "还没有为这台终端安排题目"),
    ],
)
def test_a_kiosk_that_asks_nothing_explains_itself(link, headline):
    shown = notice(Kiosk(Waiting(), None, link))
    assert shown.headline.main == headline
    assert shown.note.main
    assert shown.note.sub


def test_a_waiting_kiosk_shows_what_an_installer_needs():
    shown = notice(Kiosk(Waiting(), None, replace(ONLINE, online=False, last_error="refused")))
    assert [value for _, value in shown.details] == ["k-1", "10.0.0.7", "10.0.0.1:1883", "refused"]
    lonely = notice(Kiosk(Waiting(), None, Link()))
    assert [value for _, value in lonely.details] == ["没有网络 no network"]
