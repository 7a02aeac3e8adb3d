import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "₹100, ₹1, रु. 100, ₹ 1,00,000, $5, ₹5 लाख, ₹3.50",
            "100 रुपये, 1 रुपया, 100 रुपये, 100000 रुपये, 5 डॉलर, 5 लाख रुपये, 3 रुपये 50 पैसे",
        ),
        (
            "50%, 5 किमी, 5 km, 10-20 लोग",
            "50 प्रतिशत, 5 किलोमीटर, 5 किलोमीटर, 10 से 20 लोग",
        ),
        (
            "डॉ. शर्मा",
            "डॉक्टर शर्मा",
        ),
    ],
)
def test_hindi(written: str, spoken: str) -> None:
    assert read_out(written, "hi") == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "50%",
            "50 في المئة",
        ),
        (
            "٥٠٪ من",
            "٥٠ في المئة من",
        ),
        (
            "$5, 10-20",
            "5 دولار, 10 إلى 20",
        ),
    ],
)
def test_arabic(written: str, spoken: str) -> None:
    assert read_out(written, "ar") == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "增长50%的, 3.5%, 10-20%, 10%-20%",
            "增长百分之50的, 百分之3.5, 百分之10到百分之20, 百分之10到百分之20",
        ),
        (
            "¥500的, ￥1,000, 500元, $5, €5万",
            "500元的, 1000元, 500元, 5美元, 5万欧元",
        ),
        (
            "5kg, 20℃, 14:30, 14:00, 09:00, 09:05",
            "5公斤, 20摄氏度, 14点30分, 14点, 9点, 9点05分",
        ),
        (
            "A4纸, iPhone 15, 5G网络, 比分3-1",
            "A4纸, iPhone 15, 5G网络, 比分3-1",
        ),
    ],
)
def test_chinese(written: str, spoken: str) -> None:
    assert read_out(written, "cmn") == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "50%는, ₩500, 500원, ¥500, $5, 5km, ₩1,000의",
            "50 퍼센트는, 500원, 500원, 500엔, 5달러, 5킬로미터, 1000원의",
        ),
        (
            "5G, 3-1",
            "5G, 3-1",
        ),
    ],
)
def test_korean(written: str, spoken: str) -> None:
    assert read_out(written, "ko") == spoken
