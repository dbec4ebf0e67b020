from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alerts import notice
from hub.dispatch import wording
from tests.hub.dispatch.contents import AT, content


def test_an_alert_is_told_in_one_line_with_what_where_and_how_many() -> None:
    assert wording.headline(content()) == "【差评预警】3号楼客梯A 15分钟内 5/7 不满意（71%）"
    assert wording.headline(content(), "en") == (
        "[Bad ratings] Lift A, building 3: 5 of 7 not satisfied (71%) within 15 minutes"
    )


def test_a_recovery_and_mere_silence_are_told_apart() -> None:
    better = wording.headline(content("resolved", n=10, bad=2))
    assert better == "【预警解除】3号楼客梯A 15分钟内 2/10 不满意（20%），已恢复"
    quiet = wording.headline(content("resolved", n=0, bad=0))
    assert quiet == "【预警解除】3号楼客梯A 15分钟内没有新评价，尚不能说明已恢复"
    assert "not known" in wording.headline(content("resolved", n=0, bad=0), "en")


def test_an_alert_whose_rule_was_switched_off_is_not_called_recovered() -> None:
    withdrawn = content("resolved", n=4, bad=4) | {"because": "withdrawn"}
    assert wording.headline(withdrawn) == "【预警解除】3号楼客梯A 的规则已停用或触点已撤销"
    assert "recovered" not in wording.headline(withdrawn, "en")


def test_a_test_letter_says_that_nothing_is_to_be_done() -> None:
    trial = notice.trial(1, {"zh-CN": "阳光花园", "en": "Sunshine Garden"}, AT)
    assert wording.headline(trial) == "【测试】阳光花园的通知渠道可以收到消息，无需处理"
    assert wording.place(trial) == "阳光花园"
    assert wording.opened(trial) == ""


def test_place_and_time_are_the_sites_own() -> None:
    assert wording.place(content()) == "阳光花园 › 电梯乘梯 › 轿厢清洁"
    assert wording.place(content(), "en") == "Sunshine Garden › Lifts › 轿厢清洁"
    assert wording.opened(content()) == "11-23 14:05 触发"


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (60, "1分钟", "1 minute"),
        (900, "15分钟", "15 minutes"),
        (3_600, "1小时", "1 hour"),
        (5_400, "90分钟", "90 minutes"),
        (86_400, "24小时", "24 hours"),
        (61, "2分钟", "2 minutes"),
    ],
)
def test_spans_read_naturally(seconds: int, zh: str, en: str) -> None:
    assert (wording.span(seconds), wording.span(seconds, "en")) == (zh, en)


def test_a_name_can_neither_mention_people_nor_forge_links_nor_break_the_line() -> None:
    shown = wording.name({"zh-CN": "电梯<@all>\n[点我](http://x)\u202e**"})
    assert not set(shown) & set("<>[]*`#\n\u202e")


@given(st.text())
def test_every_name_becomes_one_short_harmless_line(text: str) -> None:
    shown = wording.name({"zh-CN": text})
    assert len(shown) <= wording.LONGEST_NAME
    assert shown.isprintable()
    assert not set(shown) & set("<>[]*`#")
