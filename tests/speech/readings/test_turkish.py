import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "₺100, 100 TL, 3,50 TL, $5, 5 milyon TL",
            "100 lira, 100 lira, 3 lira 50 kuruş, 5 dolar, 5 milyon lira",
        ),
        (
            "%50, 50%, 50 %",
            "yüzde 50, yüzde 50, yüzde 50",
        ),
        (
            "Dr. Ali, Prof. Ayşe, elma vb. şeyler",
            "Doktor Ali, Profesör Ayşe, elma ve benzeri şeyler",
        ),
        (
            "elma, armut vs.",
            "elma, armut vesaire.",
        ),
        (
            "5 km, 20 °C, 10-20 kişi",
            "5 kilometre, 20 santigrat derece, 10 ila 20 kişi",
        ),
        (
            "14:30, 14:00, 12.05.2024",
            "14 30, 14, 12 Mayıs 2024",
        ),
        (
            "100 TL'ye, 3-1",
            "100 TL'ye, 3-1",
        ),
        (
            "Dr. Ayşe %20 indirimle 1.250,50 TL ödedi, saat 14:30'da 5 km koştu.",
            "Doktor Ayşe yüzde 20 indirimle 1250 lira 50 kuruş ödedi, saat 14:30'da 5 "
            "kilometre koştu.",
        ),
    ],
)
def test_turkish(written: str, spoken: str) -> None:
    assert read_out(written, "tr") == spoken
