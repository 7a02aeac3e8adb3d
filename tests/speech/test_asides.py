import time

import pytest

from synclips.speech.asides import with_commas


@pytest.mark.parametrize(
    ("written", "paused"),
    [
        (
            "The old man — who had never seen the sea — wept.",
            "The old man, who had never seen the sea, wept.",
        ),
        ("the man – a sailor - wept", "the man, a sailor, wept"),
        ("Then — silence. y'know—it's over, word -- word", None),
        ("Das Haus – Baujahr 1990 – steht.", "Das Haus, Baujahr 1990, steht."),
        ("—Hola —dijo él—. Adiós", "—Hola, dijo él. Adiós"),
        ("Los invitados –veinte en total– llegaron.", "Los invitados, veinte en total, llegaron."),
        ("Москва — столица России.", "Москва, столица России."),
        ("Yes – I did", "Yes, I did"),
        (
            "The results (see the next slide) were good.",
            "The results, see the next slide, were good.",
        ),
        ("It was good (or not). (Both) are", "It was good, or not. Both, are"),
        ("rings (nine) (or ten), all", "rings, nine, or ten, all"),
        ("as shown et al. (2010) there", "as shown et al. 2010, there"),
    ],
)
def test_what_is_set_apart(written: str, paused: str | None) -> None:
    assert with_commas(written) == (paused or "Then, silence. y'know, it's over, word, word")


@pytest.mark.parametrize(
    "written",
    [
        "10 - 20 people, 10 – 20, 1941 — 1945, XIX — XX",
        "10 am – 5 pm, 10 km — 20 km",
        "Montag – Freitag, London – Paris",
        "well-known, Haupt- und Nebenstraßen, pages 3–5",
        "It is - 5 and – 5, a - b = c",
        "– Hello, she said.",
        "git commit --amend -m x",
        "f(x), word(s), (s)he, (a) this and (b) that",
        "(11) 5555-0199, +44 (0)20 7946",
        "I thought —",
        ":-) and (-:",
    ],
)
def test_what_joins_stays(written: str) -> None:
    assert with_commas(written).rstrip(" —") == written.rstrip(" —")


def test_takes_a_time_that_does_not_grow_beyond_measure() -> None:
    begin = time.perf_counter()
    with_commas("(" * 150 + "a b " * 300 + " – – " * 50)
    assert time.perf_counter() - begin < 1
