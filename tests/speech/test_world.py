import numpy as np
import pytest
from scipy.signal import lfilter

from synclips.errors import ConfigError
from synclips.speech import world as vocoder
from synclips.speech.pitch import pitch_range
from synclips.speech.world import (
    FFT,
    RATE,
    Vocoded,
    analyse,
    check_installed,
    synthesise,
    without_rumble,
)


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


def test_careful_is_not_an_octave_low_where_every_second_pulse_is_weaker(world: None) -> None:
    turns = np.floor(150 * np.arange(RATE) / RATE)
    pulses = np.diff(turns, prepend=0) * np.where(turns % 2, 0.9, 1.0)
    sound = lfilter([1], [1, -1.9, 0.92], pulses).astype(np.float32)
    quick, careful = analyse(sound), analyse(sound, careful=True)
    assert np.median(quick.pitch[quick.voiced]) == pytest.approx(75, rel=0.02)
    assert np.median(careful.pitch[careful.voiced]) == pytest.approx(150, rel=0.02)
    assert careful.envelope.shape == quick.envelope.shape


def test_near_a_pitch_only_what_is_near_is_found(world: None, low) -> None:
    sound = low.say(1.5, RATE)
    near = analyse(sound, near=110)
    assert 100 < pitch_range(near.pitch, near.level).median < 122
    far = analyse(sound, near=400).pitch
    assert (far[far > 0] > 190).all()


def test_silence_stays_silence(world: None) -> None:
    speech = analyse(np.zeros(RATE // 2, np.float32))
    assert not speech.voiced.any()
    assert np.abs(synthesise(speech, RATE // 2)).max() < 1e-4


def test_noise_has_nothing_below_voices_and_voices_keep_all(world: None) -> None:
    frames, bins = 400, FFT // 2 + 1
    pitch = np.where(np.arange(frames) < 200, 120.0, 0.0)
    aperiodicity = np.where(np.arange(frames) < 100, 0.0, 1.0)[:, None] * np.ones(bins)
    speech = Vocoded(pitch, np.full((frames, bins), -6.0), aperiodicity)
    clear = without_rumble(speech)
    hertz = np.arange(bins) * RATE / FFT
    np.testing.assert_array_equal(clear.envelope[:100], speech.envelope[:100])  # a voice
    np.testing.assert_array_equal(clear.envelope[:, hertz > 150], speech.envelope[:, hertz > 150])
    # Noise, also where a pitch was thought to be.
    assert (clear.envelope[100:, hertz < 70] < speech.envelope[100:, hertz < 70] - 9).all()
    sound = synthesise(clear, 2 * RATE)[RATE:]
    power = np.square(np.abs(np.fft.rfft(sound)))
    low, middle = power[20:70].mean(), power[300:1000].mean()
    assert low < middle / 100


def test_without_pyworld_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    vocoder._pyworld.cache_clear()
    monkeypatch.setattr(vocoder, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r'pip install -e "\.\[voice\]"'):
        check_installed()
