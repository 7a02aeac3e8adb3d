import pytest

from synclips.speech.readings.roman import roman


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("I", 1),
        ("IV", 4),
        ("VIII", 8),
        ("IX", 9),
        ("XIV", 14),
        ("XIX", 19),
        ("XXI", 21),
        ("LVIII", 58),
    ],
)
def test_worth(numeral: str, number: int) -> None:
    assert roman(numeral) == number


@pytest.mark.parametrize("text", ["", "IIII", "VX", "IIX", "XXXX", "L", "iv"])
def test_no_numeral(text: str) -> None:
    assert roman(text) == 0
