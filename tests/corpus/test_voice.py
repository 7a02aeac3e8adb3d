"""Sung vowels go in, whose pitch and formants are known; what comes out is measured."""

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.corpus.voice import shift_formants, shift_pitch
from synclips.features.timing import SAMPLE_RATE

Array = NDArray[np.float32]
FORMANTS = np.array([550.0, 1500.0, 2600.0])


def vowel(f0: float, seconds: float = 1.5, swing: float = 0.0) -> Array:
    """Harmonics under three resonances; the pitch swings by a share of itself."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    pitch = f0 * (1 + swing * np.sin(2 * np.pi * 0.7 * time))
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    sound = np.zeros(len(time))
    for number in range(1, int(7000 / (f0 * (1 + swing))) + 1):
        hz = number * pitch
        level = np.prod([f * f / np.hypot(f * f - hz * hz, 90 * hz) for f in FORMANTS], axis=0)
        sound += level / number * np.cos(number * phase + 0.3 * number**2)
    return (0.1 * sound / sound.std()).astype(np.float32)


def whisper(rng: np.random.Generator, seconds: float = 4.0) -> Array:
    """Noise under the same resonances."""
    count = int(seconds * SAMPLE_RATE)
    hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    level = np.prod([f * f / np.hypot(f * f - hz * hz, 90 * hz) for f in FORMANTS], axis=0)
    spectrum = np.fft.rfft(rng.normal(size=count)) * level / np.maximum(hz, 50)
    sound = np.fft.irfft(spectrum, count)
    return (0.1 * sound / sound.std()).astype(np.float32)


def fundamental(sound: Array) -> float:
    """Hz, from the autocorrelation: its first peak that is nearly the highest."""
    inner = sound[2000:-2000].astype(np.float64)
    power = np.abs(np.fft.rfft(inner, 2 * len(inner))) ** 2
    same = np.fft.irfft(power)[: len(inner)] / (len(inner) - np.arange(len(inner)))
    low, high = SAMPLE_RATE // 450, SAMPLE_RATE // 60
    peaks = [
        lag
        for lag in range(low, high)
        if same[lag] >= max(same[lag - 1], same[lag + 1])
        and same[lag] > 0.95 * same[low:high].max()
    ]
    before, top, after = same[peaks[0] - 1 : peaks[0] + 2]
    return SAMPLE_RATE / (peaks[0] + (before - after) / 2 / (before - 2 * top + after))


def resonances(sound: Array, near: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hz of the highest places of the mean spectrum near the given ones."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 800)[::80] * np.hanning(800)
    power = (np.abs(np.fft.rfft(frames, 4096)) ** 2).mean(axis=0)
    hz = np.arange(len(power)) * SAMPLE_RATE / 4096
    smooth = np.convolve(np.log(power + 1e-9), np.hanning(41) / 20, "same")
    level = smooth + 2 * np.log(np.maximum(hz, 50))  # without the slope of the voice
    found = []
    for place in near:
        inside = np.flatnonzero((hz > 0.8 * place) & (hz < 1.25 * place))
        found.append(hz[inside[level[inside].argmax()]])
    return np.array(found)


@pytest.mark.parametrize("f0", [90.0, 140.0, 230.0])
@pytest.mark.parametrize("factor", [0.75, 0.9, 1.03, 1.3])
def test_pitch_moves_by_the_factor(f0: float, factor: float) -> None:
    sound = vowel(f0)
    moved = shift_pitch(sound, factor)
    assert moved.shape == sound.shape
    assert moved.dtype == np.float32
    assert fundamental(moved) == pytest.approx(f0 * factor, rel=0.01)
    level = np.sqrt(np.mean(moved[2000:-2000].reshape(-1, 500) ** 2, axis=1))
    assert level.min() > 0.6 * 0.1, "a hole"
    assert level.max() < 1.6 * 0.1, "a burst"


@pytest.mark.parametrize("factor", [0.85, 1.2])
def test_pitch_leaves_formants_where_they_are(factor: float) -> None:
    sound = vowel(130, seconds=3, swing=0.25)
    before = resonances(sound, FORMANTS)
    after = resonances(shift_pitch(sound, factor), before)
    np.testing.assert_allclose(after, before, rtol=0.07)
    # Mere resampling would have moved them all.
    assert (np.abs(after / before - factor) > 0.08).all()


@pytest.mark.parametrize("factor", [0.8, 0.9, 1.1, 1.2])
def test_formants_move_and_pitch_stays(factor: float, rng: np.random.Generator) -> None:
    # A whisper shows its formants exactly; a sung vowel only where it has a harmonic.
    for sound, exact in ((whisper(rng), 0.03), (vowel(110, seconds=3, swing=0.25), 0.06)):
        before = resonances(sound, FORMANTS)
        moved = shift_formants(sound, factor)
        assert moved.shape == sound.shape
        assert moved.dtype == np.float32
        wanted = before * factor
        np.testing.assert_allclose(resonances(moved, wanted), wanted, rtol=exact)
        assert np.std(moved) == pytest.approx(0.1, rel=0.3)
    assert fundamental(shift_formants(vowel(110), factor)) == pytest.approx(110, rel=1e-3)


def test_sound_that_is_not_moved_is_the_same() -> None:
    sound = vowel(120, seconds=0.5)
    for shift in (shift_formants, shift_pitch):
        np.testing.assert_array_equal(shift(sound, 1.0), sound)
    # The frames alone, without a change, give the sound back.
    np.testing.assert_allclose(shift_formants(sound, 1 + 1e-9), sound, atol=1e-5)


@pytest.mark.parametrize("length", [0, 1, 159, 400, 5000])
def test_any_sound_has_another_voice(length: int, rng: np.random.Generator) -> None:
    noise = rng.normal(size=length).astype(np.float32)
    for sound in (noise, np.zeros(length, np.float32), np.ones(length, np.float32)):
        for shift in (shift_formants, shift_pitch):
            for factor in (0.5, 1.1, 2.0):
                moved = shift(sound, factor)
                assert moved.shape == sound.shape
                assert np.isfinite(moved).all()
                assert (moved == 0).all() or sound.any()
