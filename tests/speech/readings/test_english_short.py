import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Ms. Smith met Ms Poe.", "Mizz Smith met Mizz Poe."),
        (
            "Robert Jones Jr. and James Roe, Sr., met",
            "Robert Jones Junior and James Roe, Senior, met",
        ),
        ("He is Robert Jones Jr.", "He is Robert Jones Junior."),
        ("Messrs. Hill and the Drs. Smith", "Messers Hill and the Doctors Smith"),
        ("Pres. Lincoln of Mt. Everest", "President Lincoln of Mount Everest"),
        ("221B Baker St., London", "221B Baker Street, London"),
        ("on Main St. in town, 5th Ave.", "on Main Street in town, 5th Avenue."),
        ("at 12 Elm Dr.", "at 12 Elm Drive."),
        ("order no. 5, No. 6", "order number 5, number 6"),
        ("Op. 125, figs. 4 and 5, Ch. IV", "Opus 125, figures 4 and 5, Chapter 4"),
        ("sec. 5, ext. 12, Apt. 5B", "section 5, extension 12, Apartment 5B"),
        ("It costs 5 incl. tax.", "It costs 5 including tax."),
    ],
)
def test_abbreviations_are_words(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize(
    "written",
    [
        "Sr. García came.",
        "She said no. 5 people left.",
        "We prayed at St Paul and St Helens.",
        "Fill the line with C. 5 and P. 6.",
        "Take vitamin c. 5 of us do.",
        "He had an op. 5 days ago.",
    ],
)
def test_what_may_be_another_word_stays(written: str) -> None:
    assert read_out(written, "en") == written
