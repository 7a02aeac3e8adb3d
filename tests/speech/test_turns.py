from collections import Counter

import pytest

from synclips.speech.turns import names_before_lines, turns

NAMES = frozenset({"ANN", "DR. NO"})


def said(*lines: str, names: frozenset[str] = NAMES) -> list[tuple[str, str]]:
    return list(turns(lines, names, Counter()))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["ANN: Hello,", "you."], [("ANN", "Hello, you.")]),
        (["ANN: Hello.", "DR. NO: No."], [("ANN", "Hello."), ("DR. NO", "No.")]),
        (["- ANN: Hello.", "- No."], [("ANN", "Hello."), ("", "No.")]),
        (["Well.", "<i>ANN: Hello.</i>"], [("", "Well."), ("ANN", "Hello.")]),
        (["EVE: Hello."], [("", "EVE: Hello.")]),  # which is no name in this file
        (["Ann: at 10:30 it is."], [("", "Ann: at 10:30 it is.")]),
        (["[door slams] Who", "is it? [sighs]"], [("", "Who is it?")]),
        (["(sighs)", "It (that is, she) left."], [("", "It (that is, she) left.")]),
        (["[ANN]", "(music", "goes on)"], []),
        (["[music]"], []),
    ],
)
def test_turns(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert said(*lines) == expected


def test_what_describes_a_sound_is_counted() -> None:
    left: Counter[str] = Counter()
    assert list(turns(["[a] b [c]", "(d)"], frozenset(), left)) == [("", "b")]
    assert left == {"description of a sound": 3}


def test_a_name_comes_more_than_once() -> None:
    film = [["ANN: Hello."], ["- ANN: You.", "- BEN: No."], ["WARNING: Steep.", "WARNING: Wet."]]
    assert names_before_lines(film) == {"ANN"}
    assert names_before_lines([["Ann: Hello."], ["Ann: You."]]) == frozenset()
