import numpy as np
import pytest

from synclips.features.pitch import median_pitch

RATE = 16_000


def voice(pitch: float, seconds: float = 1.0, first: int = 1) -> np.ndarray:
    """(n,) harmonics from the `first` on, weaker the higher, gliding by a tenth about a pitch."""
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * pitch * (time + 0.05 / (2 * np.pi * 2) * np.sin(2 * np.pi * 2 * time))
    return sum(np.sin(k * phase) / k for k in range(first, 15)).astype(np.float32)  # type: ignore[union-attr]


@pytest.mark.parametrize("pitch", [80, 100, 145, 185, 210, 300])
def test_the_median_is_that_of_the_voice(pitch: float) -> None:
    assert median_pitch(voice(pitch), RATE) == pytest.approx(pitch, rel=0.03)


def test_a_telephone_takes_the_fundamental_away_and_the_pitch_stays() -> None:
    assert median_pitch(voice(110, first=3), RATE) == pytest.approx(110, rel=0.03)


def test_neither_noise_nor_silence_has_a_pitch(rng: np.random.Generator) -> None:
    assert median_pitch(rng.normal(0, 0.1, RATE).astype(np.float32), RATE) is None
    assert median_pitch(np.zeros(RATE, np.float32), RATE) is None
    assert median_pitch(voice(120, 0.02), RATE) is None


def test_what_is_quiet_does_not_count() -> None:
    murmur = 0.02 * voice(100, 3)
    assert median_pitch(murmur, RATE) == pytest.approx(100, rel=0.03)
    both = np.concatenate([voice(200), murmur])
    assert median_pitch(both, RATE) == pytest.approx(200, rel=0.03)


def test_any_rate_will_do() -> None:
    assert median_pitch(voice(150), RATE) == pytest.approx(
        2 * median_pitch(voice(150), RATE // 2),  # type: ignore[operator]
        rel=0.03,
    )
