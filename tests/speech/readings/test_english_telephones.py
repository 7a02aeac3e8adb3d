import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("+44 (0)20 7946 0958", "plus 4 4, 2 0, 7 9 4 6, 0 9 5 8"),
        ("07700 900123, 020 7946 0958", "0 7 7 0 0, 9 0 0 1 2 3, 0 2 0, 7 9 4 6, 0 9 5 8"),
        ("Dial 911. A 999 call.", "Dial 9 1 1. A 9 9 9 call."),
        ("Beverly Hills, CA 90210", "Beverly Hills, CA 9 0 2 1 0"),
        ("The zip code: 90210-1234", "The zip code: 9 0 2 1 0, 1 2 3 4"),
        ("access code 4821", "access code 4 8 2 1"),
        ("order no. 00457", "order number 0 0 4 5 7"),
        ("Your case number is 123456.", "Your case number is 1 2 3 4 5 6."),
    ],
)
def test_numbers_nobody_counts_with_are_read_figure_by_figure(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize(
    "written", ["We called 112 times.", "911 people", "order 4500 units", "code 500"]
)
def test_what_is_counted_is_no_telephone(written: str) -> None:
    assert read_out(written, "en") == written
