import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("es", "1/2 taza de azúcar, 1/4 litro", "media taza de azúcar, un cuarto de litro"),
        ("es", "1 1/2 tazas, 2 1/2 vasos", "una taza y media, 2 vasos y medio"),
        ("es", "½ kg, 2½ kg, ½ taza y ½", "medio kilo, 2 kilos y medio, media taza y medio"),
        ("es", "3/4 de taza, ¾ taza", "tres cuartos de taza, tres cuartos de taza"),
        (
            "fr",
            "1/2 verre, 1/4 heure, 3/4 d’heure",
            "un demi verre, un quart d’heure, trois quarts d’heure",
        ),
        ("fr", "1 1/2 tasse, ½ l", "une tasse et demie, un demi litre"),
        (
            "it",
            "1/2 tazza, 1 1/2 tazze, 3/4 di litro",
            "mezza tazza, una tazza e mezza, tre quarti di litro",
        ),
        ("pt", "1/2 xícara, 2 1/2 xícaras", "meia xícara, duas xícaras e meia"),
        ("hi", "1/2 कप, 1 1/2 कप, 2½ कप, 3 1/2 कप", "आधा कप, डेढ़ कप, ढाई कप, साढ़े 3 कप"),
        ("hi", "3/4 चम्मच", "तीन चौथाई चम्मच"),
    ],
)
def test_fractions(language: str, written: str, spoken: str) -> None:
    assert read_out(written, language) == spoken


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("es", "el 1/2 llegó, 1/2 de los votos, 1/4 de final, parte 1/2 nueva, 1/2, 3/5 tazas"),
        ("fr", "le 1/2 matin, 1/2 est, 1/2/3 verre, 31/2 verre"),
        ("it", "pagina 1/2 sotto, 1/2 per"),
        ("pt", "no 1/2 veio, 1/2 dos votos"),
        ("hi", "1/2 को"),
    ],
)
def test_what_may_be_a_day_or_a_part_stays(language: str, written: str) -> None:
    assert read_out(written, language) == written
