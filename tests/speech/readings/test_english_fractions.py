import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("1½ cups, 2⅔ miles, ½ cup", "1 and a half cups, 2 and two thirds miles, one half cup"),
        ("3/8 inch, 5/8 of it", "three eighths inch, five eighths of it"),
        ('3/8", 1-1/2 in. thick', "three eighths inch, 1 and a half inches thick"),
        ("1/4-inch bolts, 7/16-inch", "one quarter inch bolts, seven sixteenths inch"),
        ("1/2 l milk, 3/4 tsp salt", "one half liter milk, three quarters teaspoon salt"),
        ("1 1/2 tbsp., 2½ hrs", "1 and a half tablespoons, 2 and a half hours"),
        ("Add 1/2 tsp.", "Add one half teaspoon."),
    ],
)
def test_fractions_and_their_units(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize(
    "written", ["on 3/8 we met", "3/8 was", "We are 3/4 in favor.", "version 1/2 beta", "1/2/3"]
)
def test_days_and_versions_are_no_fractions(written: str) -> None:
    assert read_out(written, "en") == written
