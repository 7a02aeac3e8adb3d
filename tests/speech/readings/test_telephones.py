import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("it", "lo 02 5550199 o 347 1234567.", "lo 0 2, 5 5 5 0 1 9 9 o 3 4 7, 1 2 3 4 5 6 7."),
        ("pt", "Ligue (11) 5555-0199", "Ligue 1 1, 5 5 5 5, 0 1 9 9"),
        ("pt-br", "98765-4321", "9 8 7 6 5, 4 3 2 1"),
        ("es", "Llame al 612345678.", "Llame al 6 1 2 3 4 5 6 7 8."),
        ("es", "+34 612 345 678", "más 34, 612, 345, 678"),
        ("hi", "98765 43210", "9 8 7 6 5, 4 3 2 1 0"),
        ("de", "+49 (0)30 1234567", "plus 4 9, 0, 3 0, 1 2 3 4 5 6 7"),
        ("fr", "+33 1 23 45 67 89", "plus 33, 1, 23, 45, 67, 89"),
    ],
)
def test_telephones(language: str, written: str, spoken: str) -> None:
    assert read_out(written, language) == spoken


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "+1 250 000 habitants, 12 345 678, +10000000"),
        ("es", "91 123 45 67, 3.500.000, 612 345 678"),
        ("it", "347 123 456, 30.000.000, +1,5"),
        ("pt", "(2019) 3 ou 4, 3.500.000"),
        ("hi", "12345 67890"),
        ("de", "030-1234567, +5"),
    ],
)
def test_what_may_be_an_amount_stays(language: str, written: str) -> None:
    assert read_out(written, language) == written
