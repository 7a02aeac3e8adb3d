"""The system's flite, where it is; what is said without it, everywhere."""

import numpy as np
import pytest

from synclips.errors import ConfigError
from synclips.speech.flite import Flite
from synclips.speech.synthesizer import Voice

SLT = Voice("flite", "slt", "en-us", "female", "", True)
SENTENCE = "Good morning, and welcome to the show."


def test_it_speaks_at_the_speed_asked(flite: Flite) -> None:
    lengths = {}
    for speed in (1.0, 2.0):
        (take,) = flite.speak([SENTENCE], SLT, speed)
        assert take.rate == 16_000
        assert 0.05 < np.sqrt(np.mean(take.samples**2)) < 0.3
        lengths[speed] = len(take.samples)
    assert lengths[1.0] / lengths[2.0] == pytest.approx(2, rel=0.15)


def test_voices(flite: Flite) -> None:
    names = [voice.name for voice in flite.voices()]
    assert names
    assert "awb_time" not in names
    assert {voice.language.partition("-")[0] for voice in flite.voices()} == {"en"}


def test_letters_flite_lacks(flite: Flite) -> None:
    plain, curly = (next(flite.speak([text], SLT, 1)) for text in ("It's fine", "It’s fíne"))
    assert np.array_equal(plain.samples, curly.samples)
    first, none, last = flite.speak(["Hello.", "Привет", "You."], SLT, 1)
    assert len(none.samples) == 0 < min(len(first.samples), len(last.samples))
    assert none.rate == first.rate


def test_text_is_only_ever_spoken(flite: Flite) -> None:
    for text in ("-v now", "$(echo hi) now", '"; ls # now'):
        (take,) = flite.speak([text], SLT, 1)
        assert len(take.samples) > take.rate / 4


def test_without_flite() -> None:
    engine = Flite(None)
    assert not engine.installed
    assert [voice.installed for voice in engine.voices()] == [False]
    with pytest.raises(ConfigError, match="flite is not installed; install it: apt install flite"):
        next(engine.speak(["Hi."], SLT, 1))


def test_a_program_that_is_not_flite() -> None:
    engine = Flite("/bin/false")
    with pytest.raises(ConfigError, match="flite does not work"):
        engine.voices()
    with pytest.raises(ConfigError, match="flite does not work"):
        next(engine.speak(["Hi."], SLT, 1))
