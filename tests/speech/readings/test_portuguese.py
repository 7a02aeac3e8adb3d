import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "o Sr. Silva, a Sra. Costa, a Dra. Lima, D. Ana, D. Pedro II",
            "o senhor Silva, a senhora Costa, a doutora Lima, dona Ana, dom Pedro segundo",
        ),
        (
            "n.º 5, nº 5, pág. 3, maçãs etc.",
            "número 5, número 5, página 3, maçãs etcétera.",
        ),
        (
            "R$ 3,50, R$1, R$ 1.000,00, R$ 5 milhões, R$ 5 mil, R$ 0,50, 5 €, US$ 10, R$ 10-20",
            "3 reais e 50 centavos, um real, 1000 reais, 5 milhões de reais, 5 mil "
            "reais, 50 centavos, 5 euros, 10 dólares, 10 a 20 reais",
        ),
        (
            "1º lugar, 1ª vez, século XXI",
            "primeiro lugar, primeira vez, século XXI",
        ),
        (
            "14h30, 14h, 1h, 22h15, 8h-10h",
            "14 horas e 30, 14 horas, uma hora, vinte e duas horas e 15, 8 horas a 10 horas",
        ),
        (
            "12/05/2024, 1/5/2024",
            "12 de maio de 2024, primeiro de maio de 2024",
        ),
        (
            "5 km, 80 km/h, 20 °C, 50%, 10-20 pessoas, 2010-2015",
            "5 quilômetros, 80 quilômetros por hora, 20 graus Celsius, 50%, 10 a 20 "
            "pessoas, 2010 a 2015",
        ),
        (
            "ganhou 3-1",
            "ganhou 3-1",
        ),
        ("Ross D. Martin, a vitamina D. O sol", "Ross D. Martin, a vitamina D. O sol"),
        (
            "No dia 7/9/1822, às 10h30, o Sr. João pagou R$ 12,50 por 2 kg de fruta.",
            "No dia 7 de setembro de 1822, às 10 horas e 30, o senhor João pagou 12 "
            "reais e 50 centavos por 2 quilos de fruta.",
        ),
        (
            "O Flamengo venceu por 3-1 na 2ª rodada.",
            "O Flamengo venceu por 3-1 na segunda rodada.",
        ),
        (
            "Escala 1:25, perdeu 22:25, viagem de 2:30 horas",
            "Escala 1:25, perdeu 22:25, viagem de 2:30 horas",
        ),
        (
            "das 9:00 às 18:00, até as 9:00, 14:30 h",
            "das 9 horas às 18 horas, até as 9 horas, 14 horas e 30",
        ),
        (
            "na R. Augusta, Av. Paulista, apto. 5, pp. 12-15",
            "na rua Augusta, avenida Paulista, apartamento 5, páginas 12 a 15",
        ),
        ("O Exmo. Sr. Silva da Cia. Vale", "O excelentíssimo senhor Silva da companhia Vale"),
        ("R. Silva escreveu, 45 min", "R. Silva escreveu, 45 minutos"),
    ],
)
def test_portuguese(written: str, spoken: str) -> None:
    assert read_out(written, "pt-br") == spoken
