import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "XXI wiek, w XXI wieku, połowa XIX wieku",
            "dwudziesty pierwszy wiek, w dwudziestym pierwszym wieku, połowa dziewiętnastego wieku",
        ),
        (
            "Jan III Sobieski, Jana III Sobieskiego, po II wojnie światowej",
            "Jan trzeci Sobieski, Jana trzeciego Sobieskiego, po drugiej wojnie światowej",
        ),
        (
            "5 zł, 1 zł, 2 zł, 22 zł, 12 zł, 3,50 zł, 0,50 zł, 2 mln zł, 100 tys. zł, 2 €, $5",
            "5 złotych, jeden złoty, 2 złote, 22 złote, 12 złotych, 3 złote 50 groszy, "
            "50 groszy, 2 miliony złotych, 100 tysięcy złotych, 2 euro, 5 dolarów",
        ),
        (
            "ul. Długa 5, na ul. Długiej, np. to, itd., tzn. tak, ok. 5",
            "ulica Długa 5, na ulicy Długiej, na przykład to, i tak dalej, to znaczy tak, około 5",
        ),
        (
            "Ok. Dobrze.",
            "Ok. Dobrze.",
        ),
        (
            "w 2024 r. był, 3 maja 1998 r.",
            "w 2000 dwudziestym czwartym roku był, trzeciego maja 1900 "
            "dziewięćdziesiątego ósmego roku.",
        ),
        (
            "12.05.2024, 14:30, 14:00",
            "dwunastego maja 2000 dwudziestego czwartego, 14 30, 14",
        ),
        (
            "5 km, 2 km, 1 km, 1,5 km, 22 kg",
            "5 kilometrów, 2 kilometry, jeden kilometr, 1,5 kilometra, 22 kilogramy",
        ),
        (
            "10-20 osób, 3-1",
            "10-20 osób, 3-1",
        ),
        (
            "W XIX wieku, 3 maja 1791 r., o godz. 14:30 zapłacił 12,50 zł za 2 kg jabłek.",
            "W dziewiętnastym wieku, trzeciego maja 1700 dziewięćdziesiątego pierwszego "
            "roku, o godzinie 14 30 zapłacił 12 złotych 50 groszy za 2 kilogramy "
            "jabłek.",
        ),
        (
            "Legia wygrała 3:1, a dr Kowalski mieszka przy ul. Długiej 5 m. 3.",
            "Legia wygrała 3:1, a doktor Kowalski mieszka przy ulicy Długiej 5 m. 3.",
        ),
    ],
)
def test_polish(written: str, spoken: str) -> None:
    assert read_out(written, "pl") == spoken
