import numpy as np
import pytest

from synclips.errors import ConfigError
from synclips.speech import world as vocoder
from synclips.speech.pitch import pitch_range
from synclips.speech.world import FFT, RATE, analyse, check_installed, synthesise


def test_speech_comes_back(world: None, low) -> None:
    sound = low.say(1.5, RATE)
    speech = analyse(sound)
    again = synthesise(speech, len(sound))
    assert again.shape == sound.shape
    assert speech.envelope.shape == (len(speech), FFT // 2 + 1)
    heard = pitch_range(speech.pitch, speech.level)
    assert 100 < heard.median < 122  # 110 with its melody
    level = 20 * np.log10(again.std() / sound.std())
    assert abs(level) < 1.5


def test_silence_stays_silence(world: None) -> None:
    speech = analyse(np.zeros(RATE // 2, np.float32))
    assert not speech.voiced.any()
    assert np.abs(synthesise(speech, RATE // 2)).max() < 1e-4


def test_without_pyworld_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    vocoder._pyworld.cache_clear()
    monkeypatch.setattr(vocoder, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'synclips\[voice\]'"):
        check_installed()
