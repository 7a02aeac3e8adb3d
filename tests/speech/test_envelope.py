import numpy as np

from synclips.features.mel import MelSpec, log_mel
from synclips.speech.envelope import corrected
from synclips.speech.world import RATE, Vocoded, analyse, synthesise

# Not the bands that are corrected.
SPEC = MelSpec(rate=RATE, window=720, hop=240, n_fft=1024, n_mels=24, fmin=80.0, fmax=6000.0)


def mistake_db(sound: np.ndarray, speech: Vocoded) -> float:
    """Mean difference of the bands of a resynthesis, dB, where there is sound."""
    truth, again = (log_mel(x, SPEC) for x in (sound, synthesise(speech, len(sound))))
    loud = truth > np.percentile(truth, 40)
    return float(np.abs(truth - again)[loud].mean() * SPEC.scale * 10 / np.log(10))


def test_what_is_heard_is_nearer_to_what_was_recorded(world: None, low, high) -> None:
    for talker in (low, high):
        sound = talker.say(3.0, RATE)
        speech = analyse(sound)
        better = corrected(sound, speech)
        assert mistake_db(sound, better) < 0.7 * mistake_db(sound, speech)
        np.testing.assert_array_equal(better.pitch, speech.pitch)
        np.testing.assert_array_equal(better.aperiodicity, speech.aperiodicity)


def test_hum_below_the_voice_is_not_sung(world: None, high) -> None:
    sound = high.say(3.0, RATE)
    hum = 0.01 * np.sin(2 * np.pi * 50 * np.arange(len(sound)) / RATE).astype(np.float32)
    speech = corrected(sound + hum, analyse(sound + hum))
    below = slice(1, 4)  # 23 to 70 Hz
    before = analyse(sound + hum).envelope[speech.voiced][:, below].mean()
    assert speech.envelope[speech.voiced][:, below].mean() < before + 0.7


def test_the_chance_of_noise_is_not_taken_for_its_spectrum(world: None) -> None:
    sound = 0.1 * np.random.default_rng(1).normal(size=RATE).astype(np.float32)
    speech = analyse(sound)
    before, after = (
        float(np.abs(np.diff(some.envelope[20:-20], axis=0)).mean())
        for some in (speech, corrected(sound, speech))
    )
    assert after < 1.02 * before


def test_silence_stays_silence(world: None) -> None:
    sound = np.zeros(RATE // 2, np.float32)
    speech = corrected(sound, analyse(sound))
    assert np.isfinite(speech.envelope).all()
    assert np.abs(synthesise(speech, len(sound))).max() < 1e-4
