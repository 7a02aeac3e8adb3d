import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "Los EE. UU. son grandes.",
            "Los Estados Unidos son grandes.",
        ),
        (
            "Vive en EE.UU. El presidente viaja a EE. UU.",
            "Vive en Estados Unidos. El presidente viaja a Estados Unidos.",
        ),
        (
            "El Sr. Gómez y la Sra. Ruiz, D. Juan y Dña. Ana, Dra. Gil",
            "El señor Gómez y la señora Ruiz, don Juan y doña Ana, doctora Gil",
        ),
        (
            "Sr. y Sra. Gómez",
            "Señor y señora Gómez",
        ),
        (
            "la vitamina D. El sol.",
            "la vitamina D. El sol.",
        ),
        (
            "pág. 5, núm. 3, n.º 2, p. ej. esto, etc.",
            "página 5, número 3, número 2, por ejemplo esto, etcétera.",
        ),
        (
            "$5, 5 €, 3,50 €, 1 €, 21 €, 1.000 €, 5 millones €, 5 mil €, 0,50 €",
            "5 dólares, 5 euros, 3 euros con 50 céntimos, un euro, veintiún euros, 1000 "
            "euros, 5 millones de euros, 5 mil euros, 50 céntimos",
        ),
        (
            "el 12/05/2024, 1/5/2024",
            "el 12 de mayo de 2024, primero de mayo de 2024",
        ),
        (
            "el 1.º piso, el 1º de mayo, 2.ª vez, 3er piso, siglo XXI",
            "el primer piso, el primero de mayo, segunda vez, tercer piso, siglo XXI",
        ),
        (
            "a las 14:30, a la 1:30, a las 14:00, a las 9:00, 14:30 h",
            "a las 14 y 30, a la una y 30, a las 14 horas, a las 9, 14 y 30",
        ),
        (
            "5 km, 21 km, 1 km, 80 km/h, 20 ºC",
            "5 kilómetros, veintiún kilómetros, un kilómetro, 80 kilómetros por hora, "
            "20 grados centígrados",
        ),
        (
            "10-20 personas",
            "10 a 20 personas",
        ),
        (
            "quedaron 3-1, 600-123-456, 3.500 personas",
            "quedaron 3-1, 600-123-456, 3.500 personas",
        ),
        (
            "J. D. Salinger, Ross D. Gómez, con D. Juan",
            "J. D. Salinger, Ross D. Gómez, con don Juan",
        ),
        (
            "El 5 de mayo de 1862, a las 9:00 h, el Sr. López pagó 12,50 € por 2 kg de fruta.",
            "El 5 de mayo de 1862, a las 9, el señor López pagó 12 euros con 50 "
            "céntimos por 2 kilos de fruta.",
        ),
        (
            "El Real Madrid ganó 3-1 al Barça en el siglo XXI.",
            "El Real Madrid ganó 3-1 al Barça en el siglo XXI.",
        ),
        (
            "Llame al 91 123 45 67 de 9:00 a 18:30 h.",
            "Llame al 91 123 45 67 de 9 a 18 y 30.",
        ),
        (
            "La temperatura subió a 35 °C y el precio bajó un 12,5 %.",
            "La temperatura subió a 35 grados centígrados y el precio bajó un 12,5 %.",
        ),
        (
            "trayecto de 2:30 horas, Mateo 5:10, perdió 22:25, a escala 1:25",
            "trayecto de 2:30 horas, Mateo 5:10, perdió 22:25, a escala 1:25",
        ),
        (
            "a las 14:30 horas, de 9:00 a 18:30, hasta las 9:00",
            "a las 14 y 30, de 9 a 18 y 30, hasta las 9",
        ),
        (
            "5º bajo cero, Hace 5º de frío, Hace 1º, el 5º piso",
            "5 grados bajo cero, Hace 5 grados de frío, Hace un grado, el quinto piso",
        ),
        ("Estamos a 8º.", "Estamos a 8 grados."),
        ("$500 pesos, $2 millones de pesos, $500", "500 pesos, 2 millones de pesos, 500 dólares"),
        (
            "Vive en la Av. Libertador, C/ Mayor 5, Pza. España, con el sr. Gil",
            "Vive en la avenida Libertador, calle Mayor 5, plaza España, con el señor Gil",
        ),
        ("a las 7:05 a. m. del día", "a las 7 y 5 a eme del día"),
        ("Sto. Tomás, 25-30 min, 2 h", "Santo Tomás, 25 a 30 minutos, 2 horas"),
    ],
)
def test_spanish(written: str, spoken: str) -> None:
    assert read_out(written, "es") == spoken
