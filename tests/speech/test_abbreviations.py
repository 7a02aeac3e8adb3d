import pytest

from synclips.speech.sentences import split_sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Siehe Abb. 3 hier.",
        "Nach § 5 Abs. 2 gilt es.",
        "Das steht in Kap. 4 auf S. 7 oben.",
        "Der Preis inkl. Steuer.",
        "En EE. UU. viven muchos.",
        "Véase la pág. 5 del libro.",
        "Mieszka na ul. Długiej.",
        "MM. Dupont et Martin parlent.",
        "Он живёт на ул. Ленина.",
        "La Dña. Ana llegó.",
        "Hay aprox. 30 personas.",
        "Il y a env. 30 personnes.",
        "Przyszło ok. 20 osób.",
        "Дом 5, кв. 7 свободна.",
        "Театр им. Пушкина открыт.",
        "It costs 5 pounds incl. VAT today.",
        "Play Op. 125 now.",
        "See figs. 4 to 6 now.",
        "Read ch. 4 and sec. 5 of it.",
        "Call ext. 12 now.",
        "We met Pres. Lincoln and the Drs. Smith.",
        "He lives in Apt. 5 there.",
        "Il habite bd. Voltaire, av. Foch.",
        "C'est l'apt. 5 du fond.",
        "Parla l'ing. Gialli con l'on. Meloni.",
        "È del sec. XVI circa.",
        "Vive en Sto. Tomás, Pza. España.",
        "Veio o Exmo. Senhor da Cia. Vale.",
        "Mora no apto. 5 da frente.",
        "वह डॉ. शर्मा और प्रो. वर्मा हैं.",
        "यह रु. 50 का है.",
    ],
)
def test_no_end(sentence: str) -> None:
    assert [piece for piece, _ in split_sentences(f"{sentence} Ok.")] == [sentence, "Ok."]


@pytest.mark.parametrize(
    "text",
    [
        "Vive en EE. UU.|El presidente habla.",
        "Es sind 5 mm.|Gut.",
        "I like art.|We do.",
        "5 MM.|Oui.",
        "That is ok.|20 people came.",
        "Он дал им.|Она ушла.",
        "The name is apt.|They like it.",
        "He had an op.|She waited.",
        "Come on.|Maria left.",
        "Lui come sta.|Maria è qui.",
        "Wait a sec.|I come.",
    ],
)
def test_an_end(text: str) -> None:
    pieces = text.split("|")
    assert [piece for piece, _ in split_sentences(" ".join(pieces))] == pieces
