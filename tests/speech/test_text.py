from pathlib import Path

import pytest

from synclips.errors import InputError
from synclips.speech.text import (
    CLAUSE_PAUSE,
    END_PAUSE,
    PARAGRAPH_PAUSE,
    SENTENCE_PAUSE,
    parse_script,
    read_script,
)


@pytest.fixture
def notices() -> list[str]:
    return []


def test_sentences_and_paragraphs_pause(notices: list[str]) -> None:
    text = "A line\r\nthat goes on. Next!\r\n \r\nA heading\n\nThe end"
    script = parse_script(text, notices.append)
    assert [(each.text, each.pause, each.rest) for each in script.sentences] == [
        ("A line that goes on.", SENTENCE_PAUSE, 0),
        ("Next!", PARAGRAPH_PAUSE, 0),
        ("A heading", PARAGRAPH_PAUSE, 0),
        ("The end", 0, END_PAUSE),
    ]
    assert notices == []
    assert script.language is None


def test_what_is_said_in_the_middle_of_a_talk_ends_with_its_last_word(notices: list[str]) -> None:
    script = parse_script(
        '<speak>On Monday.<break time="0.1s"/>Or Thursday</speak>', notices.append
    )
    assert [(each.pause, each.rest) for each in script.running_on.sentences] == [
        (SENTENCE_PAUSE, 0.1),
        (0, 0),
    ]
    asked = parse_script('<speak>On Thursday<break time="1s"/></speak>', notices.append)
    assert asked.running_on == asked and asked.sentences[0].rest == 1


def test_breaks_are_kept_beside_pauses(notices: list[str]) -> None:
    text = '<speak xml:lang="de"><break time="1s"/>Eins <break time="500ms"/> zwei. <s>Drei</s>vier'
    script = parse_script(text + "</speak>", notices.append)
    assert script.language == "de"
    assert script.lead == 1
    assert [(each.text, each.pause, each.rest) for each in script.sentences] == [
        ("Eins", CLAUSE_PAUSE, 0.5),
        ("zwei.", SENTENCE_PAUSE, 0),
        ("Drei", SENTENCE_PAUSE, 0),
        ("vier", 0, END_PAUSE),
    ]


def test_what_cannot_be_spoken_is_left_out_with_one_notice(notices: list[str]) -> None:
    text = "Hi 👋🏽 the\u00adre\x07 ❤️!\u200b It is 20 °C ⌘ № 5… \U000f0000 5 ©"
    script = parse_script(text, notices.append)
    spoken = [each.text for each in script.sentences]
    assert spoken == ["Hi there !", "It is 20 °C № 5…", "5 ©"]
    left = "2 control characters, 2 emoji, 1 symbol"
    assert notices == [f"The text has what cannot be spoken and was left out: {left}."]


def test_joiners_of_persian_stay(notices: list[str]) -> None:
    (sentence,) = parse_script("می\u200cخواهم", notices.append).sentences
    assert sentence.text == "می\u200cخواهم"
    assert notices == []


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("𝐁𝐨𝐥𝐝 𝑡ℎ𝑒 𝟛 𝔄", "Bold the 3 A"),
        ("Ｈｅｌｌｏ，１２ ﾊﾟﾝ", "Hello，12 パン"),
        ("ﬁnd the oﬃce of Henry Ⅷ", "find the office of Henry VIII"),
        ("Auf\u200clage, wo\u200drd, сло\u200cво", "Auflage, word, слово"),
        ("5 m², H₂O, ½, № 5 ℃", "5 m², H₂O, ½, № 5 ℃"),
    ],
)
def test_letters_in_other_shapes_are_read_as_the_plain_ones(
    text: str, spoken: str, notices: list[str]
) -> None:
    (sentence,) = parse_script(text, notices.append).sentences
    assert sentence.text == spoken
    assert notices == []


@pytest.mark.parametrize("text", ["", " \n\t", "...", "👋 !", "<speak></speak>", "—"])
def test_nothing_to_speak_is_refused(text: str, notices: list[str]) -> None:
    with pytest.raises(InputError, match="The text has nothing to speak"):
        parse_script(text, notices.append)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_files(code: str, tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("Größe. 你好".encode(code))
    assert [each.text for each in read_script(path, notices.append).sentences] == ["Größe.", "你好"]
    assert notices == []


def test_what_is_no_text_file(tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "text.txt"
    for data, reason in [
        (b"RIFF" + bytes(400), "is not text but data; save it as plain text in UTF-8"),
        (b"", "has nothing to speak"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHi.", "has times of subtitles in line 2; name it"),
        (b"WEBVTT\n\n01:00.000 --> 01:02.000\nHi.", "in line 3; name it .srt, .vtt or .ass"),
        (b"[Script Info]\nTitle: x\n", "in line 1; name it"),
    ]:
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_script(path, notices.append)
        assert str(path) in str(caught.value)
        assert reason in str(caught.value)
    for path, reason in [(tmp_path / "none", "no such file"), (tmp_path, "is a directory")]:
        with pytest.raises(InputError) as caught:
            read_script(path, notices.append)
        assert reason in str(caught.value)


def test_a_text_may_have_arrows_and_times(tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "text.txt"
    path.write_text("<!-- 10:30 --> At 10:30, see [Script Info]. From 00:00:01,000 on.")
    (first, _) = read_script(path, notices.append).sentences
    assert first.text == "At 10:30, see [Script Info]."


def test_a_file_of_another_encoding_is_read_with_a_notice(
    tmp_path: Path, notices: list[str]
) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"line\nGr\xf6\xdfe")
    (sentence,) = read_script(path, notices.append).sentences
    assert sentence.text == "line Größe"
    assert len(notices) == 1 and "read as Windows-1252" in notices[0]


def spoken(text: str, notices: list[str]) -> list[tuple[str, float]]:
    return [(each.text, each.pause) for each in parse_script(text, notices.append).sentences]


def test_headings_and_items_are_sentences(notices: list[str]) -> None:
    text = "# To do\nToday:\n- buy **milk**\n- go\n  home\n\n1) one\n2) two"
    assert spoken(text, notices) == [
        ("To do", SENTENCE_PAUSE),
        ("Today:", SENTENCE_PAUSE),
        ("buy milk", SENTENCE_PAUSE),
        ("go home", PARAGRAPH_PAUSE),
        ("1, one", SENTENCE_PAUSE),
        ("2, two", 0),
    ]
    assert notices == []


def test_styles_do_not_part_a_sentence(notices: list[str]) -> None:
    assert spoken("He <b>said</b> so, <emphasis>twice</emphasis>.", notices) == [
        ("He said so, twice.", 0)
    ]


def test_arrows_are_left_out_and_signs_of_sums_are_not(notices: list[str]) -> None:
    assert spoken("→ next ⇒ 3 − 1 ≤ 2 + 5 % ± 1 × 2 ÷ 3 = 4 < 5 > 6 • ~7", notices) == [
        ("next 3 − 1 ≤ 2 + 5 % ± 1 × 2 ÷ 3 = 4 < 5 > 6 ~7", 0)
    ]
    assert notices == ["The text has what cannot be spoken and was left out: 2 symbols."]


def test_stage_directions_are_not_said(notices: list[str]) -> None:
    text = "I said [laughs], no. [pause] Then [sic] it [he] went [Long pause] on [door slams]."
    assert spoken(text, notices) == [
        ("I said, no.", PARAGRAPH_PAUSE),
        ("Then [sic] it [he] went", PARAGRAPH_PAUSE),
        ("on.", 0),
    ]
    assert notices == [
        "The text has what cannot be spoken and was left out: 2 descriptions of a sound."
    ]
    assert len(spoken("See [a pause](b), x[pause] and the [paused] film.", notices)) == 1
