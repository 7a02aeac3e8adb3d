import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It is from 1824.", "It is from eighteen twenty-four."),
        ("In 1905, by 2010", "In nineteen oh five, by twenty ten"),
        ("In 1492 Columbus sailed.", "In fourteen ninety-two Columbus sailed."),
        ("since 1776 it is", "since seventeen seventy-six it is"),
        ("in the year 1066 AD", "in the year ten sixty-six A.D"),
        ("November 1963", "November nineteen sixty-three"),
        ("in 1800 and 1850.", "in eighteen hundred and eighteen fifty."),
        ("Bach (1685–1750)", "Bach (sixteen eighty-five to seventeen fifty)"),
        ("between 1914 and 1918", "between nineteen fourteen and nineteen eighteen"),
        ("the War of 1812", "the War of eighteen twelve"),
        ("the 1998-99 season", "the nineteen ninety-eight to ninety-nine season"),
        ("Opus 125, in D, is from 1824.", "Opus 125, in D, is from eighteen twenty-four."),
        ("He ran 1500 in 1999.", "He ran 1500 in nineteen ninety-nine."),
        ("about 1500 BC", "about fifteen hundred B.C"),
        ("In 2024 we grew.", "In twenty twenty-four we grew."),
        ("May 22nd, 2024, Q3 2012", "May 22nd, twenty twenty-four, Q3 twenty twelve"),
        ("from 2010 to 2020.", "from twenty ten to twenty twenty."),
        ("(2007-2010)", "(2007 to twenty ten)"),
        ("the 2023-24 season", "the twenty twenty-three to twenty-four season"),
        ("2010\u201315", "twenty ten to fifteen"),
        ("In 1963's hit", "In nineteen sixty-three's hit"),
    ],
)
def test_years_are_said_in_two_halves(written: str, spoken: str) -> None:
    assert read_out(written, "en-us") == read_out(written, "en-gb") == spoken


@pytest.mark.parametrize(
    "written",
    [
        "1,100 people",
        "room 1203",
        "In 1824 cases",
        "from 1500 people",
        "from 1200 to 1300 feet",
        "It fell by 1250.",
        "The price rose from 1850 to 1900.",
        "a total of 1500",
        "He had 1200 in 2001 and 1450 in 2005.",
        "one in 1250",
        "In June 1500 people came.",
        "in 1,824 and 1824.5",
        "between 1250% and",
        "part 1998-99",
        "2020-21",
        "in 2005 and 2009.",
        "In 2024 cases we sold 2024 items.",
        "from 2010 to 2050 calories",
        "in 2020 vision",
        "2011-12 was",
        "2024-05",
        "2024",
    ],
)
def test_what_is_counted_is_no_year(written: str) -> None:
    assert read_out(written, "en") == written
