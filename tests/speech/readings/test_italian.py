import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "il Sig. Rossi, la Sig.ra Rossi, il Dott. Bianchi, la Dott.ssa Neri",
            "il signor Rossi, la signora Rossi, il dottor Bianchi, la dottoressa Neri",
        ),
        (
            "mele, pere ecc.",
            "mele, pere eccetera.",
        ),
        (
            "pag. 5, p. es. questo, n. 3",
            "pagina 5, per esempio questo, numero 3",
        ),
        (
            "1° maggio, il 2° piano, la 2ª volta, 23ª",
            "primo maggio, il secondo piano, la seconda volta, ventitreesima",
        ),
        (
            "20°, un 2°, XXI secolo",
            "20°, un 2°, XXI secolo",
        ),
        (
            "l'80%, l'11 maggio, l'80,5%, dell'80%, l'1-0",
            "l'ottanta%, l'undici maggio, l'ottanta virgola 5%, dell'80%, l'1-0",
        ),
        (
            "3,50 €, 1 €, 5 milioni €",
            "3 euro e 50 centesimi, un euro, 5 milioni di euro",
        ),
        (
            "12/05/2024, 1/5/2024, alle 14.30, alle 14:30, ore 14:00",
            "12 maggio 2024, primo maggio 2024, alle 14 e 30, alle 14 e 30, ore 14",
        ),
        (
            "5 km, 1 km, 80 km/h, 20 °C, 10-20 persone",
            "5 chilometri, un chilometro, 80 chilometri orari, 20 gradi Celsius, 10 a 20 persone",
        ),
        (
            "3-1, 5 l'uno, 50 cent",
            "3-1, 5 l'uno, 50 cent",
        ),
        (
            "Il 2 giugno 1946, alle 10.30, il Sig. Rossi pagò 12,50 € per 2 kg di mele.",
            "Il 2 giugno 1946, alle 10 e 30, il signor Rossi pagò 12 euro e 50 "
            "centesimi per 2 chili di mele.",
        ),
        (
            "L'Inter ha vinto 3-1; l'8 marzo c'erano 20°.",
            "L'Inter ha vinto 3-1; l'otto marzo c'erano 20°.",
        ),
        (
            "Nel XIX secolo l'Italia aveva 25 milioni di abitanti, l'1% dei quali ricco.",
            "Nel XIX secolo l'Italia aveva 25 milioni di abitanti, l'uno% dei quali ricco.",
        ),
        (
            "dalle 9:00 alle 18:00, perso 22:25, scala 1:25, in 2:30 ore",
            "dalle 9 alle 18, perso 22:25, scala 1:25, in 2:30 ore",
        ),
        (
            "S. Maria, S. Andrea, S. Antonio, S. Pietro",
            "Santa Maria, S. Andrea, S. Antonio, San Pietro",
        ),
        ("CHF 1'500, l'80 %", "1500 franchi svizzeri, l'ottanta %"),
        (
            "John S. Marco, Piazza S. Marco, a S. Marco",
            "John S. Marco, Piazza San Marco, a San Marco",
        ),
        ("Il treno delle 14:30", "Il treno delle 14 e 30"),
        (
            "Il dott. Rossi, la sig.ra Bianchi, l'avv. Gialli, del sec. XVI",
            "Il dottor Rossi, la signora Bianchi, l'avvocato Gialli, del secolo sedicesimo",
        ),
        ("P.zza Roma, v.le Europa, C.so Italia", "Piazza Roma, viale Europa, corso Italia"),
        ("l'on. Meloni", "l'onorevole Meloni"),
        ("30 min, 1 min, 2 h", "30 minuti, un minuto, 2 ore"),
    ],
)
def test_italian(written: str, spoken: str) -> None:
    assert read_out(written, "it") == spoken
