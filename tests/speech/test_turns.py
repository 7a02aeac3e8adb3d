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
        (["He [coughs] left array[0] there."], [("", "He left array[0] there.")]),
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
    many = [["So it goes."]] * 5
    assert names_before_lines([*film, *many]) == frozenset()  # one name may be a heading
    both = [*film, *many, ["BEN: Well."], ["SAM: Once."]]
    assert names_before_lines(both) == {"ANN", "BEN", "BEN & CO", "SAM"}
    loud = [["ANN: WE GO."], ["ANN: YES."], ["BEN: NO."], ["BEN: WE STAY."]]
    assert names_before_lines(loud) == frozenset()
    assert names_before_lines([["Ann: Hello."], ["Ann: You."]]) == frozenset()


def test_one_name_before_three_subtitles_in_ten() -> None:
    short = [["JOHN: Hello there."], ["MARY: You too."], ["JOHN: Is it so?"]]
    assert names_before_lines(short) == {"JOHN", "MARY"}
    told = [["NARRATOR: Once there was."], ["NARRATOR: It went."], ["A king."], ["He slept."]]
    assert names_before_lines(told) == {"NARRATOR"}
    assert names_before_lines([*told, *[["And so on."]] * 3]) == frozenset()
    assert names_before_lines([["JOHN: Hello there."], ["MARY: You too."]]) == frozenset()


def test_headings_are_no_names() -> None:
    text = [["NOTE: It is late."], ["NOTE: It is cold."], ["STEP 1: Go."], ["STEP 2: Go on."]]
    assert names_before_lines(text) == frozenset()
    film = [["ANN: Hello there."], ["ANN: You too."], ["WARNING: It is hot."]]
    assert names_before_lines(film) == {"ANN"}
    loud = [["ANN: WE GO NOW."], ["ANN: YES."], ["SO IT GOES."]]
    assert names_before_lines(loud) == frozenset()


def test_marks_of_emphasis_are_not_said() -> None:
    assert said("I *really* do, **so** there.") == [("", "I really do, so there.")]
    assert said("2 * 3 * 4 a*b*c") == [("", "2 * 3 * 4 a*b*c")]
