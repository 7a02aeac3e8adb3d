from fractions import Fraction

from synclips.speech.rolling import has_word_times, rolls_up, said_once
from synclips.speech.shown import Shown


def film(*rows: str, lasts: Fraction = Fraction(2), apart: Fraction = Fraction(0)) -> list[Shown]:
    """Each row after the one before it; "|" parts its lines."""
    step = lasts + apart
    return [
        Shown(at * step, at * step + lasts, row.split("|"), at) for at, row in enumerate(rows, 1)
    ]


def test_captions_of_two_and_of_three_lines_roll_up() -> None:
    for rows in (("a", "a|b", "b|c", "c|d"), ("a", "a|b", "a|b|c", "b|c|d")):
        assert rolls_up(film(*rows))
        assert [each.lines for each in said_once(film(*rows))] == [["a"], ["b"], ["c"], ["d"]]


def test_brief_ones_that_only_repeat_roll_up() -> None:
    flash = [
        Shown(Fraction(0), Fraction(2), ["a"], 1),
        Shown(Fraction(2), Fraction(201, 100), ["a"], 2),
        Shown(Fraction(201, 100), Fraction(4), ["a", "b"], 3),
    ]
    assert rolls_up(flash)
    assert not rolls_up(flash[:2])
    assert [each.line for each in said_once(flash)] == [1, 3]


def test_what_is_said_again_does_not_roll_up() -> None:
    assert not rolls_up([])
    assert not rolls_up(film("No.", "No.", "No.", "No."))
    assert not rolls_up(film("No.", "No.|I said no.", "Yes.", "Yes.|Yes."))
    assert not rolls_up(film("a", "a|b", "b|c", "c|d", apart=Fraction(1)))  # nothing stays
    assert not rolls_up(film("a", "a|b", "b|c", "c|d", *"efghijkl"))  # most do not


def test_word_times() -> None:
    assert has_word_times(film("a", "b<00:00:01.500> c"))
    assert not has_word_times(film("a <i>b</i> 00:00:01"))
