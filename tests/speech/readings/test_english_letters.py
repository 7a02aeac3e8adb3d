import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("He got an A in math.", "He got an eigh in math."),
        ("Plan A works, vitamin A, Team A won.", "Plan eigh works, vitamin eigh, Team eigh won."),
        ("an A+ and a C- in art", "an eigh+ and a C minus in art"),
        ("type O- blood", "type O minus blood"),
        ("from A to Z, A, B and C", "from eigh to Z, eigh, B and C"),
        ("in A minor, straight A's", "in eigh minor, straight eighs"),
    ],
)
def test_the_letter_a_is_no_article(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize(
    "written",
    [
        "How to Plan A Wedding",
        "PLAN A WEDDING",
        "A minor problem",
        "an A-list star",
        "B- or C-movies",
    ],
)
def test_articles_and_compounds_stay(written: str) -> None:
    assert read_out(written, "en") == written
