from __future__ import annotations

import json

import pytest

from hub.dispatch import channels
from hub.dispatch.channels import CHANNELS
from hub.dispatch.post import MOST_BODY, Address, Answer, BadSink, CannotCompose, Letter
from tests.hub.dispatch.contents import AT, content, letter
from tests.peers.receiver import ROBOT_KEY, SECRET

HOOK = Address("https://hook.example/in", SECRET)
ROBOT = Address(f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={ROBOT_KEY}")
WEBHOOK, WECOM = CHANNELS["webhook"], CHANNELS["wecom"]


def said(code: object, words: str = "ok", status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps({"errcode": code, "errmsg": words}).encode())


def markdown(letters: list[Letter]) -> str:
    body = json.loads(WECOM.compose(ROBOT, letters, AT).body)
    assert body["msgtype"] == "markdown"
    text = body["markdown"]["content"]
    assert len(text.encode()) <= 4_096
    return str(text)


def test_a_webhook_carries_a_cloud_event_with_the_letters_id() -> None:
    outgoing = WEBHOOK.compose(HOOK, [letter()], AT)
    event = json.loads(outgoing.body)
    assert outgoing.headers["Content-Type"] == "application/cloudevents+json"
    assert event["id"] == outgoing.headers["webhook-id"] == letter().letter_id
    assert event["type"] == "io.taploop.alert.firing"
    assert event["source"] == "/sites/1"
    assert event["subject"] == "/touchpoints/9"
    assert event["time"] == "2025-11-23T06:15:00.000+00:00"
    assert event["data"]["sequence"] == 1
    assert (event["data"]["n"], event["data"]["bad"]) == (7, 5)
    assert event["data"]["text"]["zh-CN"].startswith("【差评预警】")
    assert event["data"]["page"] == "http://192.168.1.20:8080/manager/alerts"


def test_a_retry_has_the_same_id_and_body_and_a_new_timestamp() -> None:
    first, later = (WEBHOOK.compose(HOOK, [letter()], at) for at in (AT, AT + 300_000))
    assert first.body == later.body
    assert first.headers["webhook-id"] == later.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != later.headers["webhook-timestamp"]


def test_a_body_that_no_receiver_takes_is_never_sent() -> None:
    huge = Letter("msg_1", "alert.firing", content() | {"page": "x" * MOST_BODY})
    with pytest.raises(CannotCompose, match="bytes"):
        WEBHOOK.compose(HOOK, [huge], AT)
    with pytest.raises(CannotCompose, match="bytes"):
        WECOM.compose(ROBOT, [huge], AT)


def test_a_robot_shows_what_where_when_and_a_link() -> None:
    assert markdown([letter()]).splitlines() == [
        '<font color="warning">【差评预警】3号楼客梯A 15分钟内 5/7 不满意（71%）</font>',
        "> 阳光花园 › 电梯乘梯 › 轿厢清洁",
        "> 11-23 14:05 触发",
        "[查看并处理](http://192.168.1.20:8080/manager/alerts)",
    ]


def test_a_digest_has_a_line_for_each_letter_and_one_link() -> None:
    lines = markdown([letter(1), letter(2, "resolved", n=9, bad=1, name="南门")]).splitlines()
    assert lines == [
        "**【预警汇总】合并 2 条通知**",
        "1. 【差评预警】3号楼客梯A 15分钟内 5/7 不满意（71%）（阳光花园，11-23 14:05 触发）",
        "2. 【预警解除】南门 15分钟内 1/9 不满意（11%），已恢复（阳光花园，11-23 14:05 触发）",
        "[查看并处理](http://192.168.1.20:8080/manager/alerts)",
    ]


def test_a_digest_takes_as_many_letters_as_the_robot_can_show() -> None:
    waiting = [letter(number, name="很长的触点名称" * 10) for number in range(60)]
    many = WECOM.fits(waiting)
    assert 10 < many < 60
    markdown(waiting[:many])
    with pytest.raises(CannotCompose):
        WECOM.compose(ROBOT, waiting[: many + 1], AT)
    assert WEBHOOK.fits(waiting) == 1


@pytest.mark.parametrize(
    ("answer", "outcome", "wait_for"),
    [
        (said(0), "sent", 0),
        (said(45009, "api freq out of limit"), "postponed", 60_000),
        (said(45033), "postponed", 60_000),
        (said(-1, "system busy"), "postponed", 0),
        (said(93000, "invalid webhook url"), "refused", 0),
        (said(40058, "content exceed max length 4096"), "refused", 0),
        (said("0"), "postponed", 0),
        (said(True), "postponed", 0),
        (Answer(200, {}, b"<html>captive portal</html>"), "postponed", 0),
        (Answer(200, {}, b"[]"), "postponed", 0),
        (Answer(200, {}, b"\xff\xfe"), "postponed", 0),
        (said(0, status=502), "postponed", 0),
        (said(0, status=404), "refused", 0),
    ],
)
def test_a_robots_answer_is_judged_by_its_body(answer: Answer, outcome: str, wait_for: int) -> None:
    verdict = WECOM.judge(ROBOT, answer, AT)
    assert (verdict.outcome, verdict.wait_for) == (outcome, wait_for)


def test_what_a_robot_says_is_kept_short_and_without_its_key() -> None:
    words = f"invalid webhook url\n?key={ROBOT_KEY} " + "x" * 500
    verdict = WECOM.judge(ROBOT, said(93000, words), AT)
    assert ROBOT_KEY not in verdict.detail
    assert verdict.detail.startswith("errcode 93000: invalid webhook url ?key=…")
    assert len(verdict.detail) < 200


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("pager", HOOK, "webhook, wecom"),
        ("webhook", Address("https://hook.example/in", "password"), "whsec_"),
        ("webhook", Address("hook.example", SECRET), "https://"),
        ("webhook", Address("http://10.0.0.1/in", SECRET), "not a public address"),
        ("wecom", Address("https://qyapi.weixin.qq.com/cgi-bin/webhook/send"), "key="),
    ],
)
def test_a_sink_that_cannot_work_is_refused_when_it_is_entered(
    kind: str, address: Address, words: str
) -> None:
    with pytest.raises(BadSink, match=words) as refused:
        channels.check(kind, address, allow_private=False)
    assert "password" not in str(refused.value)


def test_good_sinks_are_taken() -> None:
    channels.check("webhook", HOOK, allow_private=False)
    channels.check("wecom", ROBOT, allow_private=False)
    channels.check("webhook", Address("http://10.0.0.1/in", SECRET), allow_private=True)


def test_secrets_do_not_show_when_a_sink_is_printed() -> None:
    outgoing = WEBHOOK.compose(HOOK, [letter()], AT)
    for shown in (repr(HOOK), repr(ROBOT), repr(outgoing)):
        assert SECRET not in shown
        assert ROBOT_KEY not in shown
        assert "v1," not in shown
