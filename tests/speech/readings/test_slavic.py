import pytest

from synclips.speech.readings.slavic import polish, russian

ZLOTY = ("złoty", "złote", "złotych", "złotego")
CROWN = ("крона", "кроны", "крон")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1", "jeden złoty"),
        ("2", "2 złote"),
        ("5", "5 złotych"),
        ("12", "12 złotych"),
        ("21", "21 złotych"),
        ("22", "22 złote"),
        ("112", "112 złotych"),
        ("3,5", "3,5 złotego"),
    ],
)
def test_polish(number: str, said: str) -> None:
    assert polish(number, ZLOTY) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1", "одна крона"),
        ("2", "две кроны"),
        ("3", "3 кроны"),
        ("5", "5 крон"),
        ("11", "11 крон"),
        ("21", "21 крона"),
        ("3,5", "3,5 кроны"),
    ],
)
def test_russian(number: str, said: str) -> None:
    assert russian(number, CROWN) == said
