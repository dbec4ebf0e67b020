"""Breaking wordings into lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.lines import break_lines, units

TEXTS = st.text(st.sampled_from("您对大堂的满意吗不卫生，。？！（）《》 abc,.1"), max_size=60)


def width_of(text: str) -> float:
    """A Chinese character is two wide, a Latin one is one wide."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def test_what_fits_stays_on_one_line():
    assert break_lines("您满意吗？", width_of, 10) == ["您满意吗？"]


def test_lines_are_about_equally_long():
    assert break_lines("您对大堂的环境卫生满意吗？", width_of, 24) == ["您对大堂的环境", "卫生满意吗？"]


def test_a_line_breaks_between_clauses_when_that_is_enough():
    assert break_lines("谢谢！您的评价已保存。", width_of, 20) == ["谢谢！", "您的评价已保存。"]


def test_a_word_that_every_kiosk_shows_is_not_halved():
    assert break_lines("非常不满意", width_of, 6) == ["非常", "不满意"]


def test_latin_words_stay_whole():
    assert break_lines("How clean is the lobby?", width_of, 12) == ["How clean is", "the lobby?"]


@given(TEXTS)
def test_units_put_together_are_the_text(text):
    assert "".join(units(text)) == text


@given(TEXTS, st.integers(12, 60))
def test_no_letter_is_lost_and_no_line_begins_with_a_comma(text, width):
    lines = break_lines(text, width_of, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[:1] in ("，", "。", "？", "！", "）", "》") for line in lines[1:])
