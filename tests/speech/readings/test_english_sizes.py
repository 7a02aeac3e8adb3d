import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("10 x 20 x 30 cm, a 4x4 truck", "10 by 20 by 30 centimeters, a 4 by 4 truck"),
        ("12' x 15' and 3 m high", "12 feet by 15 feet and 3 meters high"),
        ('a 6" pipe, a 5\'10" man', "a 6 inch pipe, a 5 foot 10 man"),
        ("2 in. thick, 8 × 10 in, 6 ft 2 in", "2 inches thick, 8 by 10 inches, 6 feet 2 inches"),
        ("5 in x 3 in, 1 in x 2 in x 4in", "5 inches by 3 inches, 1 inch by 2 inches by 4 inches"),
        ("5 in by 3 in, 6 in of snow", "5 inches by 3 inches, 6 inches of snow"),
        (
            "A 5 in pipe, 1 in thick, is 9 in long.",
            "A 5 inch pipe, 1 inch thick, is 9 inches long.",
        ),
        ("5-10 m deep, the 100 m relay", "5 to 10 meters deep, the 100 meter relay"),
        ("100W, a 60W bulb, 12V batteries", "100 watts, a 60 watt bulb, 12 volt batteries"),
    ],
)
def test_sizes_have_units(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize(
    "written",
    [
        "6 × 7 = 42",
        "5 x 3 = 15",
        "0x10",
        "2x faster",
        'He said "I am 6" and left.',
        "Gate 20V, 100 W",
        "1.5 m people",
        "He got a 5 in maths, and I a 10 in pipe cleaning.",
        "I have 5 in the box, 5 in wide open spaces and 2 in high school.",
        "one in 5 in deep poverty, 3 in long-term care",
        "ranked 5 in by 3 in-laws",
    ],
)
def test_products_quotations_and_gates_stay(written: str) -> None:
    assert read_out(written, "en") == written
