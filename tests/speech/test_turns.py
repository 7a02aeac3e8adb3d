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
        (["ANN:", "Hello."], [("ANN", "Hello.")]),
        ([">> ANN: Hello.", "ANN (off): You."], [("ANN", "Hello."), ("ANN", "You.")]),
        (["[door slams] Who", "is it? [sighs]"], [("", "Who is it?")]),
        (["He [Tom] left array[0] there."], [("", "He [Tom] left array[0] there.")]),
        (["(sighs)", "It (that is, she) left."], [("", "It (that is, she) left.")]),
        (["- (laughs)", "- Yes."], [("", "Yes.")]),
        (["My friend", "(Tom)", "is here."], [("", "My friend (Tom) is here.")]),
        (["(I never", "told him.)"], [("", "(I never told him.)")]),
        (["♪ (soft music) ♪"], []),
        (["[ANN]", "(music", "goes on)"], [("", "(music goes on)")]),
        (["[music]"], []),
    ],
)
def test_turns(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert said(*lines) == expected


def test_what_describes_a_sound_is_counted() -> None:
    left: Counter[str] = Counter()
    assert list(turns(["(d)", "[a] b [c]"], frozenset(), left)) == [("", "b")]
    assert left == {"description of a sound": 3}


def test_a_name_comes_more_than_once() -> None:
    film = [["ANN: Hello there."], ["- ANN: You.", "- BEN: No."], ["BEN &amp; CO: Steep."]]
    assert names_before_lines(film) == frozenset()  # one name may be a heading
    assert names_before_lines([*film, ["BEN: Well."], ["SAM: Once."]]) == {"ANN", "BEN"}
    loud = [["ANN: WE GO."], ["ANN: YES."], ["BEN: NO."], ["BEN: WE STAY."]]
    assert names_before_lines(loud) == frozenset()
    assert names_before_lines([["Ann: Hello."], ["Ann: You."]]) == frozenset()
