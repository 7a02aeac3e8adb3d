from fractions import Fraction
from pathlib import Path

import pytest

from synclips.errors import InputError
from synclips.speech.shown import Shown
from synclips.speech.substation import is_substation, substation

ASS = r"""[Script Info]
Title: a, b
Dialogue: of no event

[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,Not said.
Dialogue: 0,0:00:01.00,0:00:02.50,Default, Ann  B. ,0,0,0,,{\an8\i1}Hello{\i0}, you\Nand\hyou.
Dialogue: 1,0:00:01.00,0:00:02.50,Shadow,Ann B.,0,0,0,,Hello, you\Nand\hyou.
Dialogue: 0,1:00:03.04,1:00:04.00,Default,,0,0,0,,{\p1}m 0 0 l 9 9{\p0}Done.{\p2}m 1 1
"""
SSA = """[Script Info]
[Events]
Format: Marked, Actor, Start, End, Text
Dialogue: Marked=0,Ben,0:00:01.5,0:00:02.00,One, two.
"""


def read(text: str) -> list[Shown]:
    return list(substation(Path("a.ass"), text.split("\n")))


def test_dialogue() -> None:
    assert read(ASS) == [
        Shown(Fraction(1), Fraction(5, 2), ["Hello, you", "and you."], 12, "Ann B."),
        Shown(3603 + Fraction(4, 100), Fraction(3604), ["Done."], 14),
    ]


def test_columns_are_those_of_the_format_line() -> None:
    assert read(SSA) == [Shown(Fraction(3, 2), Fraction(2), ["One, two."], 4, "Ben")]


def test_kinds_are_told_by_the_first_line() -> None:
    assert is_substation(["", "[Script Info]"])
    assert not is_substation(["1", "00:00:01,000 --> 00:00:02,000", "[Script Info]"])
    assert not is_substation(["WEBVTT"])
    assert not is_substation([])


@pytest.mark.parametrize(
    "row", ["0,soon,0:00:02.00,Default,,0,0,0,,Hi.", "0,0:00:01.00,0:00:02.00,Default", ""]
)
def test_a_line_without_times_or_words(row: str) -> None:
    with pytest.raises(InputError, match=r"a\.ass has a Dialogue in line 3 without two times"):
        read(f"[Script Info]\n[Events]\nDialogue: {row}")
