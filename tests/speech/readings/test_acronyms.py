from typing import Any

import pytest

from synclips.speech.espeak_process import EspeakProcess, find_library
from synclips.speech.pronunciation import pronounced
from synclips.speech.reading import read_out


@pytest.mark.parametrize(
    ("written", "language", "spoken"),
    [
        ("The NGO, the UAE", "en", "The N.G.O, the U.A.E"),
        ("an NGO-led FAQ", "en", "an N.G.O-led F.A.Q"),
        ("the PIN and the ZIP code", "en", "the pin and the zip code"),
        ("CPUs, DVDs and GIFs", "en", "C.P ewes, D.V dees and gifs"),
        ("AIs, the NGO's plan", "en", "eigh eyes, the N.G ohs plan"),
        ("an IV, an LED, LED lights", "en", "an I.V, an L.E.D, L.E.D lights"),
        ("La ONG, la UE", "es", "La O.N.G, la U.E"),
        ("L'UE et la BD", "fr", "L'U.E et la B.D"),
        ("O IBGE e o INSS", "pt", "O I.B.G.E e o I.N.S.S"),
        ("Die KI und der IQ", "de", "Die K.I und der I.Q"),
    ],
)
def test_letters_and_words(written: str, language: str, spoken: str) -> None:
    assert read_out(written, language) == spoken


@pytest.mark.parametrize(
    "written",
    ["You are NOT the BIG one", "Louis IV.", "NASA and NATO", "He LED us.", "The FBI and the USA"],
)
def test_what_engines_read_or_somebody_stresses_stays(written: str) -> None:
    assert read_out(written, "en") in (written, written.replace("Louis IV", "Louis the 4th"))


def test_engines_spell_them_and_say_that_they_are_several(espeak: Any) -> None:
    library = find_library()
    assert library is not None
    with EspeakProcess(library, "en-us") as process:
        sounds = pronounced(process, read_out("The UAE, the CPUs, the EVs.", "en-us"))
    assert sounds == "ðə jˌuːˌeɪˈiː, ðə sˌiːpˈiː jˈuːz, ðɪ ˈiː vˈiːz."
