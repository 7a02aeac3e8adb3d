import numpy as np
import pyloudnorm
import pytest

from synclips.features import loudness
from synclips.features.loudness import (
    band_level,
    fade_to_silence,
    normalise_loudness,
    speech_activity,
)
from synclips.features.timing import MOTION_RATE, SAMPLE_RATE, motion_frames

SYLLABLE, PAUSE = 0.2, 0.05  # seconds


def syllables(count: int = 8, rate: int = SAMPLE_RATE, amplitude: float = 0.3) -> np.ndarray:
    """Voiced syllables: harmonics of 120 Hz under a raised-cosine swell, short dips between."""
    t = np.arange(round(SYLLABLE * rate)) / rate
    voice = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 20))
    swell = np.sin(np.pi * t / SYLLABLE) ** 0.5
    one = np.concatenate([voice * swell, np.zeros(round(PAUSE * rate))])
    return (amplitude * np.tile(one, count)).astype(np.float32)


def sentence(lead: float = 1.0, tail: float = 1.0, rate: int = SAMPLE_RATE) -> np.ndarray:
    """Two seconds of syllables between two silences."""
    before, after = np.zeros(round(lead * rate)), np.zeros(round(tail * rate))
    return np.concatenate([before, syllables(rate=rate), after]).astype(np.float32)


def noise(rng: np.random.Generator, n_samples: int, dbfs: float) -> np.ndarray:
    return (rng.standard_normal(n_samples) * 10 ** (dbfs / 20)).astype(np.float32)


def pink(rng: np.random.Generator, n_samples: int, dbfs: float) -> np.ndarray:
    spectrum = np.fft.rfft(rng.standard_normal(n_samples))
    samples = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 1), n_samples)
    return (samples / samples.std() * 10 ** (dbfs / 20)).astype(np.float32)


def seconds(start: float, stop: float) -> slice:
    return slice(round(start * float(MOTION_RATE)), round(stop * float(MOTION_RATE)))


class TestNormaliseLoudness:
    @pytest.mark.parametrize("amplitude", [0.02, 0.3, 0.9])
    def test_reaches_the_target(self, amplitude: float) -> None:
        samples = syllables(amplitude=amplitude)
        result, gain_db = normalise_loudness(samples)
        measured = pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(result)
        assert measured == pytest.approx(-23, abs=0.05)
        np.testing.assert_allclose(result, samples * 10 ** (gain_db / 20), rtol=1e-5)
        assert result.dtype == np.float32

    def test_other_rate_and_target(self) -> None:
        result, _ = normalise_loudness(syllables(rate=44_100), 44_100, target_lufs=-16)
        measured = pyloudnorm.Meter(44_100).integrated_loudness(result)
        assert measured == pytest.approx(-16, abs=0.05)

    def test_input_is_not_changed(self) -> None:
        samples = syllables()
        before = samples.copy()
        normalise_loudness(samples)
        assert (samples == before).all()

    def test_silence_is_not_amplified(self, rng: np.random.Generator) -> None:
        for samples in (np.zeros(16_000, dtype=np.float32), noise(rng, 16_000, -75)):
            result, gain_db = normalise_loudness(samples)
            assert gain_db == 0
            assert result is samples

    def test_gain_is_limited(self, rng: np.random.Generator) -> None:
        result, gain_db = normalise_loudness(noise(rng, 16_000, -58))
        assert gain_db == 30
        assert 20 * np.log10(result.std()) == pytest.approx(-28, abs=0.5)

    @pytest.mark.parametrize(("n_samples", "changes"), [(0, False), (6399, False), (6400, True)])
    def test_shorter_than_a_block_is_left_alone(self, n_samples: int, changes: bool) -> None:
        _, gain_db = normalise_loudness(syllables()[:n_samples])
        assert (gain_db != 0) == changes

    def test_stereo_is_refused(self) -> None:
        with pytest.raises(ValueError, match="mono"):
            normalise_loudness(np.zeros((16_000, 2), dtype=np.float32))


class TestBandLevel:
    def test_a_tone_has_its_own_level(self) -> None:
        t = np.arange(16_000) / SAMPLE_RATE
        level = band_level(0.1 * np.sin(2 * np.pi * 1000 * t), SAMPLE_RATE)
        np.testing.assert_allclose(level[2:-2], -23.0, atol=0.05)  # 0.1 peak: -20 - 3 dB

    @pytest.mark.parametrize("hz", [30.0, 6000.0])
    def test_rumble_and_hiss_are_not_heard(self, hz: float) -> None:
        t = np.arange(16_000) / SAMPLE_RATE
        level = band_level(0.1 * np.sin(2 * np.pi * hz * t), SAMPLE_RATE)
        assert level[2:-2].max() < -50

    def test_blocks_leave_no_seam(
        self, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        samples = noise(rng, 22_051, -20)
        whole = band_level(samples, 22_050)
        monkeypatch.setattr(loudness, "BLOCK_FRAMES", 7)
        np.testing.assert_allclose(band_level(samples, 22_050), whole, atol=1e-9)


class TestSpeechActivity:
    def test_shape_type_and_range(self) -> None:
        for n_samples in (0, 1, 319, 320, 9_999):
            activity = speech_activity(syllables()[:n_samples])
            assert activity.shape == (motion_frames(n_samples),)
            assert activity.dtype == np.float32
            assert activity.min() >= 0
            assert activity.max() <= 1

    def test_speech_between_silences(self) -> None:
        activity = speech_activity(sentence())
        assert (activity[seconds(1.04, 2.92)] == 1).all()  # dips between syllables are bridged
        assert (activity[seconds(0, 0.88)] == 0).all()
        assert (activity[seconds(3.2, 4.0)] == 0).all()

    def test_opens_before_and_closes_after(self) -> None:
        activity = speech_activity(sentence())
        opening, closing = activity[seconds(0.88, 1.04)], activity[seconds(2.92, 3.2)]
        assert activity[seconds(0.96, 1.0)].min() > 0
        assert activity[seconds(3.0, 3.06)].min() > 0.2
        assert (np.diff(opening) >= 0).all()
        assert (np.diff(closing) <= 0).all()
        assert np.abs(np.diff(activity)).max() < 0.3  # no step a mouth could not follow

    def test_silence_is_no_speech(self) -> None:
        assert (speech_activity(np.zeros(16_000, dtype=np.float32)) == 0).all()

    @pytest.mark.parametrize("dbfs", [-70.0, -50.0, -30.0, -10.0])
    def test_steady_noise_is_no_speech(self, rng: np.random.Generator, dbfs: float) -> None:
        assert (speech_activity(noise(rng, 80_000, dbfs)) == 0).all()
        assert (speech_activity(pink(rng, 80_000, dbfs)) == 0).all()

    def test_hum_is_no_speech(self) -> None:
        t = np.arange(80_000) / SAMPLE_RATE
        hum = sum(0.05 * np.sin(2 * np.pi * 50 * k * t) for k in range(1, 8))
        assert (speech_activity(hum.astype(np.float32)) == 0).all()

    @pytest.mark.parametrize("make", [noise, pink])
    def test_speech_in_noise_at_ten_decibels(self, rng: np.random.Generator, make) -> None:
        clean = sentence()
        power_db = 10 * np.log10(np.mean(syllables() ** 2))
        activity = speech_activity(clean + make(rng, len(clean), power_db - 10))
        assert (activity[seconds(1.06, 2.9)] == 1).all()
        assert (activity[seconds(0, 0.85)] == 0).all()
        assert (activity[seconds(3.25, 4.0)] == 0).all()

    def test_talk_without_a_pause_is_speech_throughout(self, rng: np.random.Generator) -> None:
        samples = syllables(count=20)
        activity = speech_activity(samples + noise(rng, len(samples), -50))
        assert activity[seconds(0, 4.9)].min() == 1  # the last dip falls away

    def test_one_word_in_a_long_noisy_pause(self, rng: np.random.Generator) -> None:
        samples = noise(rng, 30 * SAMPLE_RATE, -50)
        word = syllables(count=2)
        samples[160_000 : 160_000 + len(word)] += word
        activity = speech_activity(samples)
        assert (activity[seconds(10.04, 10.42)] == 1).all()
        assert activity.sum() < 0.8 * float(MOTION_RATE)

    def test_digital_silence_does_not_hide_the_noise_of_the_room(
        self, rng: np.random.Generator
    ) -> None:
        # Half of the file is padding; the noise in the other half must not stand out as speech.
        samples = np.concatenate([np.zeros(80_000, np.float32), noise(rng, 80_000, -40)])
        assert (speech_activity(samples)[seconds(5.3, 10)] == 0).all()

    def test_breath_far_below_the_voice_is_no_speech(self, rng: np.random.Generator) -> None:
        samples = sentence(lead=2.0) + noise(rng, 5 * SAMPLE_RATE, -65)
        samples[8_000:16_000] += noise(rng, 8_000, -50)
        assert (speech_activity(samples)[seconds(0, 1.8)] == 0).all()

    def test_click_is_no_speech(self, rng: np.random.Generator) -> None:
        samples = noise(rng, 48_000, -60)
        samples[24_000] = 1.0
        assert (speech_activity(samples) == 0).all()

    def test_quiet_speech_counts_until_the_absolute_floor(self) -> None:
        quiet = sentence() * np.float32(10 ** (-30 / 20))
        assert speech_activity(quiet)[seconds(1.1, 2.9)].min() == 1
        faint = sentence() * np.float32(10 ** (-60 / 20))
        assert speech_activity(faint).max() == 0

    @pytest.mark.parametrize("rate", [8_000, 22_050, 44_100])
    def test_any_rate_gives_the_same_answer(self, rate: int) -> None:
        activity = speech_activity(sentence(rate=rate), rate)
        assert len(activity) == len(sentence(rate=rate)) * 50 // rate + 1
        np.testing.assert_allclose(activity[:200], speech_activity(sentence())[:200], atol=0.35)
        assert (activity[seconds(1.04, 2.92)] == 1).all()

    def test_stereo_is_refused(self) -> None:
        with pytest.raises(ValueError, match="mono"):
            speech_activity(np.zeros((16_000, 2), dtype=np.float32))


def test_a_long_sound_is_measured_minute_by_minute(rng: np.random.Generator) -> None:
    rate = 8000
    quiet, loud = rng.normal(0, 1e-3, 70 * rate), rng.normal(0, 0.1, 130 * rate)
    sound = np.concatenate([quiet, loud]).astype(np.float32)
    _, gain = normalise_loudness(sound, rate)
    whole = pyloudnorm.Meter(rate).integrated_loudness(sound)
    assert gain == pytest.approx(-23.0 - whole, abs=0.8)


def test_features_fade_to_silence_where_nobody_speaks() -> None:
    heard = np.full((9, 2), 5, np.float32)
    silence = np.array([-1, 1], np.float32)
    # Two rows of 10 ms an instant of 20 ms; after the last instant it goes on as it was.
    faded = fade_to_silence(heard, np.array([1, 1, 0, 0.5], np.float32), silence)
    share = [1, 1, 1, 0.5, 0, 0.25, 0.5, 0.5, 0.5]
    np.testing.assert_allclose(faded[:, 0], -1 + 6 * np.array(share), atol=1e-6)
    np.testing.assert_allclose(faded[:, 1], 1 + 4 * np.array(share), atol=1e-6)
