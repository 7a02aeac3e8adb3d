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
    assert len(notices) == 1
    assert "what cannot be spoken and was left out: 1 emoji." in notices[0]


def test_cues_come_in_order_of_time(tmp_path: Path, notices: list[str]) -> None:
    late = "00:00:09,000 --> 00:00:10,000\nB\n\n00:00:01,000 --> 00:00:02,000\nA\n"
    assert [cue.text for cue in read_subtitles(write(tmp_path, late), notices.append)] == ["A", "B"]


def texts(path: Path, notices: list[str]) -> list[tuple[float, float, str]]:
    cues = read_subtitles(path, notices.append)
    return [(float(cue.start), float(cue.end), cue.text) for cue in cues]


def test_what_two_people_say_at_once(tmp_path: Path, notices: list[str]) -> None:
    dashes = "1\n00:00:01,000 --> 00:00:04,000\n- Who is it?\n<i>- Me, your\nson.</i>\n"
    middle = pytest.approx(1 + 3 * 10 / 23)
    assert texts(write(tmp_path, dashes), notices) == [
        (1.0, middle, "Who is it?"),
        (middle, 4.0, "Me, your son."),
    ]
    spans = "WEBVTT\n\n00:01.000 --> 00:03.000\n<v.loud Ann>Hello.</v>\n<v Ben J.>Good day.\n"
    cues = read_subtitles(write(tmp_path, spans, "a.vtt"), notices.append)
    assert [(cue.speaker, cue.text) for cue in cues] == [("Ann", "Hello."), ("Ben J.", "Good day.")]
    assert cues[0].end == cues[1].start == 1 + Fraction(2 * 6, 15)
    number = "1\n00:00:01,000 --> 00:00:03,000\n- 911, hello?\n\u202b- Help!\n"
    assert [text for *_, text in texts(write(tmp_path, number), notices)] == [
        "911, hello?",
        "Help!",
    ]
    one = "1\n00:00:01,000 --> 00:00:04,000\n- It is cold:\n-5 degrees.\n"
    assert texts(write(tmp_path, one), notices) == [(1.0, 4.0, "- It is cold: -5 degrees.")]


def test_cues_that_no_empty_line_parts(tmp_path: Path, notices: list[str]) -> None:
    packed = GOOD.strip() + "\n2\n00:00:03,000 --> 00:00:04,000\nIt is 7.\n7\n"
    assert texts(write(tmp_path, packed), notices) == [(1, 2, "Hello."), (3, 4, "It is 7. 7")]
    header = "WEBVTT\n00:01.000 --> 00:02.000\nHello.\n\n00:03.000 --> 00:04.000\nYou.\n"
    assert texts(write(tmp_path, header, "a.vtt"), notices) == [(1, 2, "Hello."), (3, 4, "You.")]
    assert notices == []


def test_what_stands_between_cues(tmp_path: Path, notices: list[str]) -> None:
    joined = (
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000\n\n00:01.000 --> 00:02.000\nHello.\n\n"
        "WEBVTT\n\nNOTE taken out\n1\n00:02.000 --> 00:03.000\nNot said.\n \n"
        "second\n00:03.000 --> 00:04.000\nA + B\nor A --> C.\n"
    )
    found = [(1, 2, "Hello."), (3, 4, "A + B or A --> C.")]
    assert texts(write(tmp_path, joined, "a.vtt"), notices) == found
    assert notices == []


def test_an_empty_line_within_a_cue(tmp_path: Path, notices: list[str]) -> None:
    inside = GOOD + "It goes on.\n\n2\n00:00:03,000 --> 00:00:04,000\nYou.\n\n\x1a"
    found = [(1, 2, "Hello. It goes on."), (3, 4, "You.")]
    assert texts(write(tmp_path, inside), notices) == found
    assert notices == []


def test_captions_that_roll_up_are_said_once(tmp_path: Path, notices: list[str]) -> None:
    rolling = """WEBVTT
Kind: captions

00:00:00.320 --> 00:00:02.000 align:start position:0%
~
good<00:00:00.600><c> morning</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
good morning
~

00:00:02.010 --> 00:00:04.000 align:start position:0%
good morning
to<00:00:02.600><c> you</c>

00:00:05.000 --> 00:00:06.000
to you
"""
    spaced = rolling.replace("~", " ")  # a line of one space parts nothing in WebVTT
    assert texts(write(tmp_path, spaced, "a.vtt"), notices) == [
        (0.32, 2.0, "good morning"),
        (2.01, 4.0, "to you"),
        (5.0, 6.0, "to you"),
    ]
    assert notices == []


def test_names_before_lines_are_told(tmp_path: Path, notices: list[str]) -> None:
    rows = ["ANN: Hello there.", "BEN: You too.", "ANN: Is it?", "BEN: It is."]
    film = "\n\n".join(f"00:00:0{at},000 --> 00:00:0{at},900\n{row}" for at, row in enumerate(rows))
    cues = read_subtitles(write(tmp_path, film), notices.append)
    assert [cue.speaker for cue in cues] == ["ANN", "BEN", "ANN", "BEN"]
    assert cues[0].text == "Hello there."
    assert len(notices) == 1 and "names who speaks, which is not said: ANN, BEN." in notices[0]


def test_what_only_looks_like_a_tag(tmp_path: Path, notices: list[str]) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nif 5 < 6 and 7 > 2<br>it\\Nholds, <b>so</b>.\n"
    assert texts(write(tmp_path, text), notices) == [(1, 2, "if 5 < 6 and 7 > 2 it holds, so.")]
    odd = "1\n00:00:01,000 --> 00:00:02,000\n< i >In</ i> C:\\new.\n"
    assert texts(write(tmp_path, odd), notices) == [(1, 2, "In C:\\new.")]


GOOD = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (GOOD + "2\nWorld.\n", 5, "where times should stand"),
        (GOOD + "2\n", 5, "where times should stand"),
        (GOOD + "2\n00:00:03 --> 00:00:04\nWorld.\n", 6, "are no times"),
        (GOOD + "2\n00:00:03,000 -> 00:00:04,000\nWorld.\n", 5, "where times should stand"),
        (GOOD + "2\n00:00:03,000 --> 00:00:02,999\nW\n", 6, "ends before it begins; correct"),
        (GOOD + "00:00:03,000 -> 00:00:04,000\nWorld.\n", 5, "where times should stand"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n\nYou.\n", 6, "where times should stand"),
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


def test_a_cue_without_time_is_left_out(tmp_path: Path, notices: list[str]) -> None:
    empty = GOOD + "2\n00:00:03,000 --> 00:00:03,000\nWorld.\n"
    assert texts(write(tmp_path, empty), notices) == [(1, 2, "Hello.")]
    assert len(notices) == 1
    assert "1 subtitle that ends in the moment of beginning (line 6); left out." in notices[0]


def test_srt_that_rolls_up_is_said_once(tmp_path: Path, notices: list[str]) -> None:
    rows = [
        ("00,320", "02,500", "good morning"),
        ("02,500", "02,510", "good morning"),
        ("02,510", "04,700", "good morning\nto you"),
        ("04,700", "04,710", "to you"),
        ("04,710", "06,900", "to you\nand welcome"),
    ]
    blocks = [f"{n}\n00:00:{a} --> 00:00:{b}\n{words}\n" for n, (a, b, words) in enumerate(rows, 1)]
    assert texts(write(tmp_path, "\n".join(blocks)), notices) == [
        (0.32, 2.5, "good morning"),
        (2.51, 4.7, "to you"),
        (4.71, 6.9, "and welcome"),
    ]
    assert len(notices) == 1 and "rolls up" in notices[0]


def test_what_is_said_twice_in_an_ordinary_file_stays(tmp_path: Path, notices: list[str]) -> None:
    rows = ["No.", "No.", "No.\nI said no.", "I see."]
    blocks = [
        f"{at}\n00:00:0{at},000 --> 00:00:0{at + 1},000\n{row}\n" for at, row in enumerate(rows)
    ]
    found = texts(write(tmp_path, "\n".join(blocks)), notices)
    assert [text for *_, text in found] == ["No.", "No.", "No. I said no.", "I see."]
    assert notices == []


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        ("Größe für Müller – “so”.", "cp1252", "Windows-1252"),
        ("Ça a été créé à l'école.", "latin-1", "Windows-1252"),
        ("Привет, как дела?", "cp1251", "Windows-1251"),
    ],
)
def test_other_encodings(
    words: str, code: str, name: str, tmp_path: Path, notices: list[str]
) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(GOOD.replace("Hello.", words).encode(code))
    assert texts(path, notices) == [(1, 2, words)]
    assert len(notices) == 1
    assert f"was read as {name}; if letters are wrong, save it as UTF-8." in notices[0]


def test_songs_and_sounds_are_left_out(tmp_path: Path, notices: list[str]) -> None:
    more = GOOD.replace("Hello.", "(laughs) Hello.")
    more += "2\n00:00:03,000 --> 00:00:04,000\n♪ La la\nla la ♪\n"
    assert texts(write(tmp_path, more), notices) == [(1, 2, "Hello.")]
    assert "has 1 subtitle without words; left out." in notices[0]
    assert "left out: 1 description of a sound, 1 song line." in notices[1]


def test_substation(tmp_path: Path, notices: list[str]) -> None:
    text = """[Script Info]
Title: x
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:03.50,0:00:04.00,Default,Ben,0,0,0,,You, {\\i1}too{\\i0}.
Dialogue: 0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,- Hello.
"""
    cues = read_subtitles(write(tmp_path, text, "a.ass"), notices.append)
    assert cues == [
        Cue(Fraction(1), Fraction(2), "- Hello.", 6, "Ann"),
        Cue(Fraction(7, 2), Fraction(4), "You, too.", 5, "Ben"),
    ]
    assert notices == []


def test_a_subtitle_that_nobody_could_read_is_no_subtitle(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:03,000\n" + "♪\n" * 6000, encoding="utf-8")
    with pytest.raises(InputError, match="a subtitle in line 2 of more than 5000 characters"):
        read_subtitles(path, [].append)
