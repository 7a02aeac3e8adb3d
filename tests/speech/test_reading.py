import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "Dr. Smith paid $3.50 on 3 May.",
            "Dr Smith paid 3 dollars and 50 cents on the 3rd of May.",
        ),
        ("$1, £1.01 and €0.99", "1 dollar, 1 pound and 1 penny and 99 cents"),
        ("$1,234,567.00", "1234567 dollars"),
        ("$1.2 million and £5 billion", "1.2 million dollars and 5 billion pounds"),
        ("$0", "0 dollars"),
        ("the 1 May; May 22, 2024; 11 June 1990", None),
        ("No. 5 vs. Prof. Jones, approx. 12 km", None),
        ("No. I paid 3.50, on page 3.", "No. I paid 3.50, on page 3."),
        ("A rocket costs US$3", "A rocket costs US3 dollars"),
        ("45 May", "the 45 of May"),
    ],
)
def test_english(written: str, spoken: str | None) -> None:
    wanted = {
        "the": "the 1 May; May 22nd, 2024; the 11th of June 1990",
        "No.": "number 5 versus Professor Jones, approximately 12 km",
    }
    assert read_out(written, "en-us") == (spoken or wanted[written.split()[0]])


def test_other_languages_are_the_engines_business() -> None:
    assert read_out("Dr. Smith zahlte $3.50 am 3 May.", "de") == "Dr. Smith zahlte $3.50 am 3 May."
