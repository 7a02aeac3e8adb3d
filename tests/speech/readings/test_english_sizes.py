import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("10 x 20 x 30 cm, a 4x4 truck", "10 by 20 by 30 centimeters, a 4 by 4 truck"),
        ("12' x 15' and 3 m high", "12 feet by 15 feet and 3 meters high"),
        ('a 6" pipe, a 5\'10" man', "a 6 inch pipe, a 5 foot 10 man"),
        ("2 in. thick, 8 × 10 in, 6 ft 2 in", "2 inches thick, 8 by 10 inches, 6 feet 2 inches"),
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
    ],
)
def test_products_quotations_and_gates_stay(written: str) -> None:
    assert read_out(written, "en") == written
