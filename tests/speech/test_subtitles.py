from fractions import Fraction
from pathlib import Path

import pytest

from synclips.errors import InputError
from synclips.speech.subtitles import Cue, read_subtitles

SRT = """\ufeff1
00:00:01,000 --> 00:00:02,500
Hello
<i>there</i>, {\\an8}you.

2
1:00:00,04 --> 01:00:01,000  X1:10

not words: 3
00:00:03,000 --> 00:00:04,000
Before the hour.
"""
VTT = """WEBVTT - a title
Kind: captions

NOTE a comment
of two lines

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start
<v Roger>Fish &amp; <c.loud>chips</c></v> 🐟

00:00:03.001 --> 00:00:04.000
- Who?<00:00:03.500> - Me.
"""


@pytest.fixture
def notices() -> list[str]:
    return []


def write(folder: Path, text: str, name: str = "a.srt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_subrip(tmp_path: Path, notices: list[str]) -> None:
    cues = read_subtitles(write(tmp_path, SRT.replace("\n", "\r\n")), notices.append)
    assert cues == [
        Cue(Fraction(1), Fraction(5, 2), "Hello there, you.", 2),
        Cue(Fraction(3), Fraction(4), "Before the hour.", 10),
    ]
    assert len(notices) == 1
    assert "has 1 subtitle without words; left out." in notices[0]


def test_webvtt(tmp_path: Path, notices: list[str]) -> None:
    cues = read_subtitles(write(tmp_path, VTT, "a.vtt"), notices.append)
    assert cues == [
        Cue(Fraction(1), Fraction(5, 2), "Fish & chips", 11, "Roger"),
        Cue(Fraction(3001, 1000), Fraction(4), "- Who? - Me.", 14),
    ]
    assert notices == []


def test_cues_come_in_order_of_time(tmp_path: Path, notices: list[str]) -> None:
    late = "00:00:09,000 --> 00:00:10,000\nB\n\n00:00:01,000 --> 00:00:02,000\nA\n"
    assert [cue.text for cue in read_subtitles(write(tmp_path, late), notices.append)] == ["A", "B"]


GOOD = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (GOOD + "2\nWorld.\n", 5, "where times should stand"),
        (GOOD + "2\n", 5, "where times should stand"),
        (GOOD + "2\n00:00:03 --> 00:00:04\nWorld.\n", 6, "are no times"),
        (GOOD + "2\n00:00:03,000 -> 00:00:04,000\nWorld.\n", 5, "where times should stand"),
        (GOOD + "2\n00:00:03,000 --> 00:00:03,000\nW\n", 6, "ends before it begins"),
    ],
)
def test_mistakes_are_named_by_line(
    text: str, line: int, reason: str, tmp_path: Path, notices: list[str]
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_subtitles(path, notices.append)
    assert str(path) in str(caught.value)
    assert f"in line {line}" in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("text", ["", "WEBVTT\n", "1\n00:00:01,000 --> 00:00:02,000\n♪\n"])
def test_nothing_to_speak(text: str, tmp_path: Path, notices: list[str]) -> None:
    with pytest.raises(InputError, match="has no subtitle with something to speak"):
        read_subtitles(write(tmp_path, text), notices.append)
