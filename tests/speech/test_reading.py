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
        ("A rocket costs US$3", "A rocket costs 3 US dollars"),
        (
            "$3.5M, or £2.5bn in all. $5k",
            "3.5 million dollars, or 2.5 billion pounds in all. 5 thousand dollars",
        ),
        ("€5,50 and $1,25,000 and $5x", "€5,50 and $1,25,000 and $5x"),
        (
            "a $20 bill, a $1.50 coffee, a $5 million house",
            "a 20 dollar bill, a 1 dollar and 50 cents coffee, a 5 million dollar house",
        ),
        ("$100-200, £5–£10 million", "100 to 200 dollars, 5 to 10 million pounds"),
        ("Version 1.1 - 26 February", "Version 1.1 - the 26th of February"),
        ("1-3 May", "the 1st to the 3rd of May"),
        ("In June 20 people came.", "In June 20 people came."),
        ("On June 20 people came, by May 3.", "On June 20th people came, by May 3rd."),
        ("July 4 is a day, May 5 was good.", "July 4th is a day, May 5th was good."),
        ("the September 11 attacks", "the September 11th attacks"),
        (
            "I live in the U.S. They live at 10 A.M. today.",
            "I live in the U.S. They live at 10 A.M today.",
        ),
        ("He works for the Gov. They pay him.", "He works for the Gov. They pay him."),
        ("It costs $20 - 10 less.", "It costs 20 dollars - 10 less."),
        (
            "$10K-20K, $5.50-$6.25, $5 - $7",
            "10 to 20 thousand dollars, 5 dollars and 50 cents to 6 dollars and 25 cents,"
            " 5 to 7 dollars",
        ),
        ("a $1.25bn deal, a $10-20 fee", "a 1.25 billion dollar deal, a 10 to 20 dollar fee"),
        ("a $100-million deal", "a 100 million dollar deal"),
        ("$5.00-$6.00, $9.99-$20", "5 to 6 dollars, 9 dollars and 99 cents to 20 dollars"),
        ("$9.5-$10.25", "9.5 to 10.25 dollars"),
        ("HK$100 and A$50", "HK$100 and A$50"),
        ("June 10-15, in early May 20 people", "June 10th to 15th, in early May 20 people"),
        (
            "He flew to L.A. Tom met him at 5 p.m. Eastern.",
            "He flew to L.A. Tom met him at 5 p.m Eastern.",
        ),
        ("$900K-$1.2M", "900 thousand to 1.2 million dollars"),
        ("from May 3 to May 5", "from May 3rd to May 5th"),
        ("45 May", "the 45 of May"),
        (
            "Lt. Gen. Smith of the U.S. Army met Sen. Jones on Jan. 5.",
            "Lieutenant General Smith of the U.S Army met Senator Jones on January 5th.",
        ),
        ("J.K. Rowling, e.g. in the U.K.", "J.K Rowling, for example, in the U.K."),
        (
            "In Dec. it was, i.e. late, in spring etc. as said.",
            "In December it was, that is, late, in spring et cetera as said.",
        ),
    ],
)
def test_english(written: str, spoken: str | None) -> None:
    wanted = {
        "the": "the 1 May; May 22nd, twenty twenty-four; the 11th of June nineteen ninety",
        "No.": "number 5 versus Professor Jones, approximately 12 kilometers",
    }
    assert read_out(written, "en-us") == (spoken or wanted[written.split()[0]])


def test_other_languages_are_the_engines_business() -> None:
    written = "Dr. Smith maksoi $3.50, 5 km, 3. toukokuuta."
    assert read_out(written, "fi") == written


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr"])
@pytest.mark.parametrize(
    "address", ["https://a.com/1-2/3?x=5km#ab", "www.a.de/10-20", "me5@x-1.org", "example.org/1-2"]
)
def test_addresses_stay_but_for_their_scheme(language: str, address: str) -> None:
    said = address.removeprefix("https://")
    if language == "en":
        said = said.replace("?", " question mark ")
    assert read_out(f"{address} ({address}).", language) == f"{said} ({said})."


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [
        ("en", "December 5th, twenty twenty-four"),
        ("en-us", "December 5th, twenty twenty-four"),
        ("en-gb", "the 12th of May twenty twenty-four"),
        ("en-au", "the 12th of May twenty twenty-four"),
        ("de", "zwölfter Mai 2024"),
        ("de-at", "zwölfter Mai 2024"),
        ("fr-fr", "12 mai 2024"),
        ("es-419", "12 de mayo de 2024"),
        ("it", "12 maggio 2024"),
        ("pt-br", "12 de maio de 2024"),
        ("nl", "12 mei 2024"),
        ("tr", "12 Mayıs 2024"),
        ("sv", "12/05/2024"),
    ],
)
def test_dates_of_languages_and_regions(tag: str, spoken: str) -> None:
    assert read_out("12/05/2024", tag) == spoken


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr"])
@pytest.mark.parametrize(
    "written",
    [
        "3-1",
        "Covid-19, F-16, A320-200",
        "ISBN 978-3-16-148410-0",
        "12-34-56",
        "10.0.0.1",
        "2.0.1",
        "16:9",
        "1:02:03",
        "C#",
        "x_5 km/Tag",
        "AB12-34",
    ],
)
def test_what_is_no_quantity_stays(language: str, written: str) -> None:
    assert read_out(written, language) == written
