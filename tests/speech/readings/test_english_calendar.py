import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("on Fri. and Sat. we go", "on Friday and Saturday we go"),
        ("We meet on Thurs.", "We meet on Thursday."),
        ("Mon\u2013Fri, Tue.-Sun.", "Monday to Friday, Tuesday to Sunday."),
        ("Jan\u2013Mar sales", "January to March sales"),
        ("Fri., Aug. 8", "Friday, August 8th"),
        ("Sun 5 May, Fri 9am", "Sunday the 5th of May, Friday 9am"),
        ("In Dec. it was.", "In December it was."),
        ("We met in Dec.", "We met in December."),
        ("5 Dec 2004, from Jan 2009", "the 5th of December 2004, from January 2009"),
    ],
)
def test_days_and_months_are_whole_words(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize("written", ["We saw the Sun.", "Jan. said so.", "Sun and Sat", "mar 5"])
def test_names_and_words_stay(written: str) -> None:
    assert read_out(written, "en") == written
