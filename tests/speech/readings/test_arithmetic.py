import pytest

from synclips.speech.espeak_process import EspeakProcess, find_library
from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("en", "It is -5 °C.", "It is minus 5 degrees Celsius."),
        ("en", "-$5, a change of -3%, GMT-5", "minus 5 dollars, a change of minus 3%, GMT minus 5"),
        ("en", "from -5 to 10 degrees", "from minus 5 to 10 degrees"),
        ("es", "bajó a -5 °C", "bajó a menos 5 grados centígrados"),
        ("es", "entre -20 y -10", "entre menos 20 y menos 10"),
        ("es", "Hace -5.", "Hace menos 5."),
        ("fr", "à -1 °C, soit -20 %", "à moins un degré Celsius, soit moins 20 %"),
        ("it", "Fa −5 °C", "Fa meno 5 gradi Celsius"),
        ("pt-br", "Faz −5 °C", "Faz menos 5 graus Celsius"),
        ("de", "Es sind -1 °C.", "Es sind minus ein Grad Celsius."),
        ("nl", "Het is -5 °C.", "Het is min 5 graden Celsius."),
        ("pl", "Jest -5 °C.", "Jest minus 5 stopni Celsjusza."),
        ("ru", "от -5 до −10 градусов", "от минус 5 до минус 10 градусов"),
        ("tr", "-5 °C, -%5", "eksi 5 santigrat derece, eksi yüzde 5"),
        ("hi", "तापमान -5 °C है।", "तापमान माइनस 5 डिग्री सेल्सियस है।"),
        ("ar", "-5 °C", "ناقص 5 درجة مئوية"),
        ("cmn", "温度是-5°C", "温度是负5摄氏度"),
        ("ko", "기온은 -5°C", "기온은 마이너스 5도"),
        ("ja", "きおんは -5ど", "きおんは マイナス5ど"),
    ],
)
def test_below_zero(language: str, written: str, spoken: str) -> None:
    assert read_out(written, language) == spoken


@pytest.mark.parametrize("sign", ["-", "\u2013", "\u2212"])
@pytest.mark.parametrize(
    ("language", "minus"),
    [
        ("en", "minus"),
        ("de", "minus"),
        ("es", "menos"),
        ("fr", "moins"),
        ("it", "meno"),
        ("pt", "menos"),
        ("nl", "min"),
        ("pl", "minus"),
        ("ru", "минус"),
        ("tr", "eksi"),
    ],
)
def test_a_number_alone(language: str, minus: str, sign: str) -> None:
    assert read_out(f"{sign}5", language) == f"{minus} 5"


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt"])
@pytest.mark.parametrize(
    "written",
    [
        "-3 huevos -2 tazas",  # bullets
        "\u201320 en total\u2013",  # an aside
        "10 - 20 x",  # a range, perhaps
        "20 -30 %",
        "F-16, Covid -19.",
        "I <3 x.",
        "Menu > 3 x",
        "- 5, -- 5",
        "A -> 5, 5 <- A",
    ],
)
def test_what_may_be_no_sign_stays(language: str, written: str) -> None:
    assert read_out(written, language) == written


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("en", "10 - 3 = 7, 6 × 7 = 42", "10 minus 3 = 7, 6 × 7 = 42"),
        ("es", "10 - 3 = 7 y 6 × 7 = 42", "10 menos 3 = 7 y 6 por 7 = 42"),
        ("fr", "10-3 = 7", "10 moins 3 égale 7"),
        ("it", "2 × 3 ÷ 6 = 1", "2 per 3 diviso 6 = 1"),
        ("cmn", "10 - 3 = 7", "10减3等于7"),
        ("en", "3 > 2", "3 is greater than 2"),
        ("en", "It takes < 30 min, (> 50 %)", "It takes less than 30 minutes, (more than 50 %)"),
        ("es", "dura < 30 min", "dura menos de 30 minutos"),
    ],
)
def test_between_figures(language: str, written: str, spoken: str) -> None:
    assert read_out(written, language) == spoken


@pytest.mark.parametrize("language", ["es", "fr-fr", "it", "pt-br", "hi", "pl", "ru", "tr", "ko"])
def test_below_zero_is_heard(espeak: object, language: str) -> None:
    library = find_library()
    assert library is not None
    with EspeakProcess(library, language) as process:
        above, below = (process.ipa(read_out(f"{sign}5 °C", language)) for sign in ("", "-"))
    assert len(below) > len(above) + 2
