from typing import Any

import pytest

from synclips.speech.espeak_process import EspeakProcess, find_library
from synclips.speech.pronunciation import clauses, pronounced


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("One, two; three.", [("One", ","), ("two", ";"), ("three", ".")]),
        ("At 10:30 it is 3.5, right?!", [("At 10:30 it is 3.5", ","), ("right", "?")]),
        ('He said "Go!" and went', [('He said "Go', "!"), ("and went", "")]),
        ("Well... no…", [("Well", "."), ("no", ".")]),
        ("好。吗？", [("好", "."), ("吗", "?")]),
        (
            "Lt. Smith, e.g. J. K. Row. So",
            [("Lt. Smith", ","), ("e.g. J. K. Row", "."), ("So", "")],
        ),
        ("in 2012, D. E. Shaw", [("in 2012", ","), ("D. E. Shaw", "")]),
        ("At 5 p.m.", [("At 5 p.m", ".")]),
        (
            "She said no. He is 25. I left.",
            [("She said no", "."), ("He is 25", "."), ("I left", ".")],
        ),
        ("We take B. It works.", [("We take B", "."), ("It works", ".")]),
        ("i went home. then i slept.", [("i went home", "."), ("then i slept", ".")]),
        ("Den 3. maj, Ludwig XIV. war da", [("Den 3. maj", ","), ("Ludwig XIV. war da", "")]),
        ("Am 3. Mai. So", [("Am 3. Mai", "."), ("So", "")]),
        (
            "Add 2 tbsp. of oil, salt etc. as on p. 4 and Abb. 3 here.",
            [("Add 2 tbsp. of oil", ","), ("salt etc. as on p. 4 and Abb. 3 here", ".")],
        ),
        ("On Fri., etc., we go...", [("On Fri", ","), ("etc", ","), ("we go", ".")]),
        ("I saw the sun. it set.", [("I saw the sun", "."), ("it set", ".")]),
        (
            "The man — old – wept (a lot) (and more!).",
            [("The man", ","), ("old", ","), ("wept", ","), ("a lot", ","), ("and more", "!")],
        ),
        ("... !?", []),
        ("", []),
    ],
)
def test_cut_after_marks(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert list(clauses(sentence)) == expected


def say(voice: str, sentence: str, tie: str = "") -> str:
    library = find_library()
    assert library is not None
    with EspeakProcess(library, voice) as process:
        return pronounced(process, sentence, tie)


def test_sounds_with_the_marks_in_place(espeak: Any) -> None:
    assert say("en-us", "Good morning, and welcome!") == "ɡˈʊd mˈɔːɹnɪŋ, ænd wˈɛlkʌm!"
    assert say("en-us", "Judge?", "^") == "d^ʒˈʌd^ʒ?"


def test_flags_of_foreign_words_are_no_sounds(espeak: Any) -> None:
    assert say("de", "Das ist ein Download.") == "das ɪst aɪn dˈaʊnləʊd."


def test_asking_for_sounds_does_not_disturb_speech(espeak: Any) -> None:
    library = find_library()
    assert library is not None
    with EspeakProcess(library, "en-us") as process:
        before = [sound for _, sound in process.say("Good morning.", 175).phones]
        ipa = process.ipa("[[x]] $(ls) " + "a very long line " * 200)
        assert ipa.count("vˈɛɹi") == 200
        assert [sound for _, sound in process.say("Good morning.", 175).phones] == before
