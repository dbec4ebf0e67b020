"""Every wording stands once, in both languages."""

import pytest

from hub.web.words import BadWords, Words, choose


def write(folder, text):
    file = folder / "words.toml"
    file.write_text(text)
    return file


def test_a_wording_is_said_in_either_language_with_its_values(tmp_path):
    words = Words.load(write(tmp_path, '[a.b]\nzh = "{n} 份"\nen = "{n} answers"\n'))
    assert words("a.b", "zh-CN", n=3) == "3 份"
    assert words.speaking("en")("a.b", n=3) == "3 answers"
    assert words("a.b", "fr", n=1) == "1 份"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[a]\nzh = "一"\n', "a needs exactly"),
        ('[a]\nzh = "一"\nen = ""\n', "a needs exactly"),
        ('[a]\nzh = "一"\nen = "one"\nfr = "un"\n', "a needs exactly"),
        ("[a]\nb = 3\n", "not a wording"),
    ],
)
def test_a_wording_that_is_not_whole_stops_the_start(tmp_path, text, says):
    with pytest.raises(BadWords, match=says):
        Words.load(write(tmp_path, text))


def test_a_key_given_in_two_files_stops_the_start(tmp_path):
    file = write(tmp_path, '[a]\nzh = "一"\nen = "one"\n')
    with pytest.raises(BadWords, match="given twice"):
        Words.load(file, file)


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "spoken"),
    [
        (None, None, "", "zh-CN"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, None, "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        (None, "zh-CN", "en", "zh-CN"),
        ("en", "zh-CN", "zh", "en"),
        ("zh", "en", "", "zh-CN"),
        ("klingon", None, "", "zh-CN"),
    ],
)
def test_the_language_asked_for_wins_then_the_remembered_then_the_browsers(
    asked, remembered, accepted, spoken
):
    assert choose(asked, remembered, accepted) == spoken
