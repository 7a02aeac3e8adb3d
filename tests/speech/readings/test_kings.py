import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        (
            "es",
            "Carlos V, Felipe VI y Juan Carlos I.",
            "Carlos quinto, Felipe sexto y Juan Carlos primero.",
        ),
        ("es", "Isabel II, Alfonso X, Luis XIV", "Isabel segunda, Alfonso décimo, Luis 14"),
        ("es", "Carlos V. Pérez, Juan I-9, Pepe V", "Carlos V. Pérez, Juan I-9, Pepe V"),
        ("pt", "D. João VI, Pedro I, Maria II", "dom João sexto, Pedro primeiro, Maria segunda"),
        (
            "it",
            "Vittorio Emanuele II, Giovanni XXIII",
            "Vittorio Emanuele secondo, Giovanni ventitreesimo",
        ),
        ("it", "Elisabetta II regnò", "Elisabetta seconda regnò"),
    ],
)
def test_kings(language: str, written: str, spoken: str) -> None:
    assert read_out(written, language) == spoken


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("it", "il 1 maggio, dal 1 al 5 maggio", "il primo maggio, dal primo al 5 maggio"),
        ("it", "l'1 maggio, 21 maggio, 1 a 1", "l'uno maggio, 21 maggio, 1 a 1"),
        ("it", "2° piano, 20° oggi", "secondo piano, 20° oggi"),
        ("pt", "1 de maio, 11 de maio, 1 de cada", "primeiro de maio, 11 de maio, 1 de cada"),
        ("fr", "le 1 mai, le 11 mai", "le premier mai, le 11 mai"),
    ],
)
def test_first_days(language: str, written: str, spoken: str) -> None:
    assert read_out(written, language) == spoken
