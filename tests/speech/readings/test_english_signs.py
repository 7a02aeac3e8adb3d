import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("~20 people, ~$5", "about 20 people, about 5 dollars"),
        ("the #1 reason, issue #12", "the number 1 reason, issue number 12"),
        (".5 or .25 seconds", "0.5 or 0.25 seconds"),
        ("either/or, his/her, AI/ML", "either or, his or her, AI ML"),
        ("w/ code, w/o it", "with code, without it"),
        ("$50/yr, 5 cents/min", "50 dollars per year, 5 cents per minute"),
        ("e^2, x², x³, 2^10", "e squared, x squared, x cubed, 2 to the power of 10"),
        ("the 10,000th", "the 10 thousandth"),
        ("20V/5A, 8.5 L/100 km", "20 volts, 5 amps, 8.5 liters per 100 kilometers"),
        ("a 48MP camera of 48MP", "a 48 megapixel camera of 48 megapixels"),
        ("a .45 caliber pistol, a .22-cal. rifle", "a 45 caliber pistol, a 22 caliber rifle"),
        ("He had a .50 cal.", "He had a 50 caliber."),
        ("a .357 Magnum, a .308 calibre", "a 3 57 Magnum, a 3 oh 8 calibre"),
        ("the price of kWh, cents per kWh", "the price of kilowatt hours, cents per kilowatt hour"),
        ("A kWh is $0.15/kWh", "A kilowatt hour is 15 cents per kilowatt hour"),
        ("5 kWh, a 5 kWh battery", "5 kilowatt hours, a 5 kilowatt hour battery"),
        ("Version 2.10.3, Python 3.12", "Version 2 point 10 point 3, Python 3 point 12"),
    ],
)
def test_signs_are_words(written: str, spoken: str) -> None:
    assert read_out(written, "en") == spoken


@pytest.mark.parametrize(
    "written",
    [
        "~/bin",
        "#123456",
        "C#5",
        "2.0.1",
        "10.0.0.1",
        "5.10.24",
        "m/s²",
        ".5 caliber",
        "red/green",
        "kWh/year",
        "kWh-based",
    ],
)
def test_what_may_mean_another_thing_stays(written: str) -> None:
    assert read_out(written, "en") == written
