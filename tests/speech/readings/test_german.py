import pytest

from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "Dr. Müller und Prof. Dr. Ott",
            "Doktor Müller und Professor Doktor Ott",
        ),
        (
            "Hr. und Fr. Schulz in St. Pauli",
            "Herr und Frau Schulz in Sankt Pauli",
        ),
        (
            "z. B. Nr. 5, z.B. ca. 10, d. h. u.a. evtl. ggf. inkl. bzw.",
            "zum Beispiel Nummer 5, zum Beispiel zirka 10, das heißt unter anderem "
            "eventuell gegebenenfalls inklusive beziehungsweise.",
        ),
        (
            "Äpfel usw.",
            "Äpfel und so weiter.",
        ),
        (
            "Äpfel usw. Das war alles.",
            "Äpfel und so weiter. Das war alles.",
        ),
        (
            "Hauptstr. 5, in der Friedrichstr. wohnen",
            "Hauptstraße 5, in der Friedrichstraße wohnen",
        ),
        (
            "Abb. 3 nach § 5 Abs. 2, S. 5",
            "Abbildung 3 nach Paragraf 5 Absatz 2, Seite 5",
        ),
        (
            "Am 3. Mai, der 3. Mai, 3. Mai, vom 3. bis 5. Mai",
            "Am dritten Mai, der dritte Mai, dritter Mai, vom dritten bis fünften Mai",
        ),
        (
            "der 2. Platz, das 21. Jahrhundert, im 21. Jahrhundert, in der 2. Etage",
            "der zweite Platz, das einundzwanzigste Jahrhundert, im einundzwanzigsten "
            "Jahrhundert, in der zweiten Etage",
        ),
        (
            "Er ist 3. Das weiß ich.",
            "Er ist 3. Das weiß ich.",
        ),
        (
            "Er kam als der 3. Sie war schneller.",
            "Er kam als der 3. Sie war schneller.",
        ),
        (
            "am 12.05.2024, der 12.05.1998, 12.05.2024",
            "am zwölften Mai 2024, der zwölfte Mai neunzehnhundert 98, zwölfter Mai 2024",
        ),
        (
            "Am 24.12. feiern wir.",
            "Am vierundzwanzigsten Dezember feiern wir.",
        ),
        (
            "2024-05-12",
            "zwölfter Mai 2024",
        ),
        (
            "14:30 Uhr, 14.30 Uhr, um 14:30, ab 14:00, 1:00 Uhr, 8:00-10:30 Uhr",
            "14 Uhr 30, 14 Uhr 30, um 14 Uhr 30, ab 14 Uhr, ein Uhr, 8 Uhr bis 10 Uhr 30",
        ),
        (
            "Das Spiel endete 3:1.",
            "Das Spiel endete 3:1.",
        ),
        (
            "5 km, 1 km, 1,5 km, 3 g, 12 m², 120 km/h, -5 °C, 3 kWh, 16 GB",
            "5 Kilometer, ein Kilometer, 1,5 Kilometer, 3 Gramm, 12 Quadratmeter, 120 "
            "Kilometer pro Stunde, minus 5 Grad Celsius, 3 Kilowattstunden, 16 Gigabait",
        ),
        (
            "5-km-Lauf, 5m, 5 G, 12 km-Lauf",
            "5-km-Lauf, 5m, 5 G, 12 km-Lauf",
        ),
        (
            "10-20 Leute, 10–20, 5-10 km, 1939-1945, 2010–15",
            "10 bis 20 Leute, 10 bis 20, 5 bis 10 Kilometer, neunzehnhundert 39 bis "
            "neunzehnhundert 45, 2010 bis 2015",
        ),
        (
            "030-1234567, 3-1, 10-20-30, 2-3-jährig",
            "030-1234567, 3-1, 10-20-30, 2-3-jährig",
        ),
        (
            "5 €, $5, 3,50 €, 3,05 €, 0,50 €, 1 €, 1.000 €, CHF 5, 10-20 €",
            "5 Euro, 5 Dollar, 3 Euro 50, 3 Euro und 5 Cent, 50 Cent, ein Euro, 1000 "
            "Euro, 5 Franken, 10 bis 20 Euro",
        ),
        (
            "5 Mio. €, 1 Mio. Euro, 1,2 Mrd. Menschen",
            "5 Millionen Euro, eine Million Euro, 1,2 Milliarden Menschen",
        ),
        (
            "Im Jahr 1998, seit 1848, (1905)",
            "Im Jahr neunzehnhundert 98, seit achtzehnhundert 48, (neunzehnhundert 5)",
        ),
        (
            "Zimmer 1234, 1998 Euro",
            "Zimmer 1234, 1998 Euro",
        ),
        (
            "#Liebe, #1",
            "Hashtag Liebe, #1",
        ),
        (
            "Kapitel IV, 2. Weltkrieg",
            "Kapitel 4, zweiter Weltkrieg",
        ),
        (
            "Version 2.1-12, 1,5-2 km, 1.000-2.000 Leute",
            "Version 2.1-12, 1,5 bis 2 Kilometer, 1.000 bis 2.000 Leute",
        ),
        (
            "Die Sitzung am Montag, 3. Juni, beginnt um 9.30 Uhr in Raum 2.104.",
            "Die Sitzung am Montag, dritten Juni, beginnt um 9 Uhr 30 in Raum 2.104.",
        ),
        (
            "Er wohnt im 3. Stock, Goethestr. 12, 10115 Berlin, Tel. 030/1234567.",
            "Er wohnt im dritten Stock, Goethestraße 12, 10115 Berlin, Telefon 030/1234567.",
        ),
        (
            "Die Firma wuchs von 12 auf 15 % und zahlt 4.500 € p. a. an jeden.",
            "Die Firma wuchs von 12 auf 15 % und zahlt 4500 Euro pro Jahr an jeden.",
        ),
        (
            "Bitte rufen Sie uns Mo.-Fr. von 9-17 Uhr an.",
            "Bitte rufen Sie uns Mo.-Fr. von 9 bis 17 Uhr an.",
        ),
        (
            "Goethe (1749-1832) schrieb im 18. und 19. Jahrhundert.",
            "Goethe (siebzehnhundert 49 bis achtzehnhundert 32) schrieb im achtzehnten "
            "und neunzehnten Jahrhundert.",
        ),
        (
            "Bayern gewann 3:1, Hertha verlor 0:2, 5. Spieltag der 1. Bundesliga.",
            "Bayern gewann 3:1, Hertha verlor 0:2, 5. Spieltag der ersten Bundesliga.",
        ),
        (
            "Das iPhone 15 kostet 949 €, das Galaxy S24 849,99 €.",
            "Das iPhone 15 kostet 949 Euro, das Galaxy S24 849 Euro 99.",
        ),
        (
            "Am Ende des 2. Quartals, im I. Quartal, zum 1. Mal, zum 1.1.2025.",
            "Am Ende des zweiten Quartals, im I. Quartal, zum ersten Mal, zum ersten Januar 2025.",
        ),
        (
            "Nach 2 Std. 15 Min. war der 1. FC Köln am Ziel.",
            "Nach 2 Stunden 15 Minuten war der erste FC Köln am Ziel.",
        ),
        (
            "Sie ist 1,75 m groß und wiegt 60 kg; ihr Auto fährt 180 km/h.",
            "Sie ist 1,75 Meter groß und wiegt 60 Kilogramm; ihr Auto fährt 180 "
            "Kilometer pro Stunde.",
        ),
        (
            "Papst Johannes Paul II. und Elisabeth II. trafen sich 1982.",
            "Papst Johannes Paul II. und Elisabeth II. trafen sich 1982.",
        ),
        (
            "Sie verlor 22:25 gegen Ulm, mit 24:22, Endstand lautete 21:19, 25:20 im Satz.",
            "Sie verlor 22:25 gegen Ulm, mit 24:22, Endstand lautete 21:19, 25:20 im Satz.",
        ),
        (
            "Maßstab 1:50, Verhältnis von 1:15 bis 1:50, Johannes 3:16, in 2:05 Stunden",
            "Maßstab 1:50, Verhältnis von 1:15 bis 1:50, Johannes 3:16, in 2:05 Stunden",
        ),
        (
            "Springe zu 1:20 im Video, nach 2:05 Stunden, ab 1:20 im Video",
            "Springe zu 1:20 im Video, nach 2:05 Stunden, ab 1:20 im Video",
        ),
        (
            "von 9:00 bis 17:30, zwischen 9:00 und 10:00, 9:00-17:00, 2:30 h",
            "von 9 Uhr bis 17 Uhr 30, zwischen 9 Uhr und 10 Uhr, 9 Uhr bis 17 Uhr, 2 Uhr 30",
        ),
        (
            "Jeder 5. Deutsche, Jeder 10. Euro, jeder 2. Haushalt, dieser 2. Versuch",
            "Jeder fünfte Deutsche, Jeder zehnte Euro, jeder zweite Haushalt, dieser "
            "zweite Versuch",
        ),
        (
            "mit jeder 2. Frage, in dieser 2. Runde",
            "mit jeder zweiten Frage, in dieser zweiten Runde",
        ),
        (
            "CHF 1'500, 1'500.50 CHF, CHF 1’500’000, 5'000 km",
            "1500 Franken, 1500 Franken 50, 1500000 Franken, 5000 Kilometer",
        ),
        (
            "Am Fr. Abend kam ich, am Abend mit Fr. Müller.",
            "Am Freitag Abend kam ich, am Abend mit Frau Müller.",
        ),
        (
            "22:25-20:25, Johannes 3:15-3:20, Er verlor nach 21:19 und 18:21",
            "22:25-20:25, Johannes 3:15-3:20, Er verlor nach 21:19 und 18:21",
        ),
        ("22:00-6:00, Ende jeder 2. Woche", "22 Uhr bis 6 Uhr, Ende jeder zweiten Woche"),
    ],
)
def test_german(written: str, spoken: str) -> None:
    assert read_out(written, "de") == spoken
