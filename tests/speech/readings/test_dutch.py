import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "dhr. Jansen, mevr. De Vries, dr. Bakker",
            "de heer Jansen, mevrouw De Vries, doctor Bakker",
        ),
        (
            "bijv. dit, o.a. nr. 5, d.w.z. ca. 10, ma t/m vr, enz.",
            "bijvoorbeeld dit, onder andere nummer 5, dat wil zeggen circa 10, ma tot "
            "en met vr, enzovoort.",
        ),
        (
            "€ 3,50, 5 €, €1, € 5 mln.",
            "3 euro 50, 5 euro, één euro, 5 miljoen euro.",
        ),
        (
            "14.30 uur, om 14:30, 14:00 uur, 12.30",
            "14 uur 30, om 14 uur 30, 14 uur, 12.30",
        ),
        (
            "12-05-2024, 10-20 mensen, 3-1",
            "12 mei 2024, 10 tot 20 mensen, 3-1",
        ),
        (
            "5 km, 80 km/u, 20 °C, 1 km",
            "5 kilometer, 80 kilometer per uur, 20 graden Celsius, één kilometer",
        ),
        (
            "Op 5 mei 1945 om 14.30 uur betaalde dhr. De Boer € 12,50 voor 2 kg appels.",
            "Op 5 mei 1945 om 14 uur 30 betaalde de heer De Boer 12 euro 50 voor 2 kilo appels.",
        ),
        (
            "Ajax won met 3-1; de 2e helft duurde 48 min.",
            "Ajax won met 3-1; de 2e helft duurde 48 minuten.",
        ),
        ("Schaal 1:25, verloor met 22:25", "Schaal 1:25, verloor met 22:25"),
        ("van 9:00 tot 17:00, tot 9:00, 14:00 u", "van 9 uur tot 17 uur, tot 9 uur, 14 uur"),
    ],
)
def test_dutch(written: str, spoken: str) -> None:
    assert read_out(written, "nl") == spoken
