import time
from collections import Counter

import pytest

from synclips.speech.sounds import is_sound, without_sounds


def left_of(words: str) -> tuple[str, dict[str, int]]:
    left: Counter[str] = Counter()
    return " ".join(without_sounds(words, left).split()), dict(left)


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("(laughs) I know him.", "I know him."),
        ("Hello. (LAUGHTER)", "Hello."),
        ("I saw [laughs] him", "I saw him"),
        ("Who is [sighs]?", "Who is?"),
        ("That is (sighs) fine.", "That is fine."),
        ("（笑）はい", "はい"),
        ("はい（笑）。", "はい。"),
        ("*sighs*", ""),
        ("*laughs loudly* Yes.", "Yes."),
        ("well (DOOR SLAMS) who", "well who"),
        ("Hello. (phone ringing)", "Hello."),
        ("Ja. (Er lacht)", "Ja."),
        ("(speaking French) Oui.", "Oui."),
        ("No! (crying)", "No!"),
        ("Да. (смех)", "Да."),
        ("Sì. (ride)", "Sì."),
        ("[door\nslams] Who?", "Who?"),
    ],
)
def test_descriptions(words: str, rest: str) -> None:
    assert left_of(words) == (rest, {"description of a sound": 1})


@pytest.mark.parametrize(
    "words",
    [
        "He lived there (in 1998) once.",
        "Look (see below).",
        "Look (see things) now.",
        "We took it (the ring) home.",
        "He was (for music) there.",
        "It took hours (minutes) less.",
        "It is in the (NATO) now.",
        "HELLO (I AM HERE) SIR",  # in a file that is all in capitals
        "the dog(s) and f(x) and array[0]",
        "[T]hat is it",
        "お笑い（漫才）です",
        "2 * 3 * 4",
        "a*sighs*b",
        "I *really* do",
        "#1 fan and #2",
        "We are # 1",
    ],
)
def test_what_is_said(words: str) -> None:
    assert left_of(words) == (words, {})


@pytest.mark.parametrize(
    ("words", "rest", "songs"),
    [
        ("♪ lyrics ♪", "", 1),
        ("♪ one\ntwo ♪", "", 1),
        ("♪ one\n♪ two", "", 2),
        ("Hello.\n♪ la la ♪", "Hello.", 1),
        ("Hello ♪ la la ♪ you", "Hello you", 1),
        ("# Singing a song #", "", 1),
        ("# one\n# two #", "", 1),
    ],
)
def test_songs(words: str, rest: str, songs: int) -> None:
    assert left_of(words) == (rest, {"song line": songs})


def test_a_note_alone_is_no_song() -> None:
    assert left_of("♪ ♪") == ("", {})
    assert left_of("Hello ♪") == ("Hello ♪", {})


def test_words_of_sounds() -> None:
    for words in (
        "sighs",
        "Coughing",
        "sobs quietly",
        "rires",
        "risas",
        "笑",
        "拍手",
        "musik",
        "tose",
    ):
        assert is_sound(words), words
    for words in ("", "is", "being", "boys", "ring", "a ring", "two of us", "he laughs at you now"):
        assert not is_sound(words), words


def test_long_lines_take_no_longer_than_they_are() -> None:
    began = time.process_time()
    for mark in ("(", "[", "*", "♪ ", "# ", "(\n", " ", "# a\n", "♪ a\n", "♪ a\nb\n", "♪\n"):
        without_sounds(mark * 20_000, Counter())
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "words",
    [
        "(or so I thought)",
        "(I thought he was\nlying to me)",
        "（もう帰りたい）",
        "He *laughs* at me",
        "She *cries* every night.",
        "(UNICEF) is here",
    ],
)
def test_what_is_said_in_brackets_or_with_stress_stays(words: str) -> None:
    left: Counter[str] = Counter()
    assert without_sounds(words, left).split() == words.split()
    assert not left
