from fractions import Fraction

import numpy as np
import pytest

from synclips.features import timing
from synclips.features.timing import (
    exact_div,
    interpolate,
    mel_frame_at,
    motion_frames,
)


def test_rates_fit_together() -> None:
    assert timing.MEL_RATE == 100
    assert timing.MEL_PER_MOTION * timing.MOTION_RATE == timing.MEL_RATE
    assert timing.SAMPLES_PER_MOTION * timing.MOTION_RATE == timing.SAMPLE_RATE
    assert timing.MOTION_PER_GRID_FRAME == 2


def test_exact_div_refuses_a_remainder() -> None:
    assert exact_div(Fraction(100), 50) == 2
    with pytest.raises(ValueError, match="not a whole multiple"):
        exact_div(16_000, 30)
    with pytest.raises(ValueError, match="not a whole multiple"):
        exact_div(50, Fraction(30_000, 1001))


@pytest.mark.parametrize(
    ("n_samples", "motion"), [(0, 1), (160, 1), (319, 1), (320, 2), (48_000, 151)]
)
def test_frame_counts(n_samples: int, motion: int) -> None:
    assert motion_frames(n_samples) == motion


def test_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 samples"):
        motion_frames(-1)


def test_mel_frames_lie_at_their_times() -> None:
    times = [Fraction(0), Fraction(1, 25), Fraction(1001, 30_000), Fraction(7, 200)]
    assert [mel_frame_at(time) for time in times] == [0, 4, 3, 4]


def test_interpolation_passes_through_the_given_values(rng: np.random.Generator) -> None:
    motion = rng.standard_normal((40, 3)).astype(np.float32)
    values = interpolate(motion, np.arange(40) / 50)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, motion, atol=1e-6)


def test_interpolation_is_exact_for_quadratics_inside() -> None:
    # Central differences are the true slopes of a parabola, so the cubic is that parabola.
    instants = np.arange(20) / 50
    times = np.linspace(1 / 50, 18 / 50, 137)
    curve = np.stack([3 * instants - 1, 40 * instants**2], axis=1).astype(np.float32)
    expected = np.stack([3 * times - 1, 40 * times**2], axis=1)
    np.testing.assert_allclose(interpolate(curve, times), expected, atol=2e-5)


def test_interpolation_follows_a_fast_movement_better_than_lines_do() -> None:
    def mouth(t: np.ndarray) -> np.ndarray:
        return np.sin(2 * np.pi * 6 * t)  # 6 syllables per second

    instants, times = np.arange(51) / 50, np.arange(2, 58) / 59.94
    curve = interpolate(mouth(instants).astype(np.float32)[:, None], times)[:, 0]
    lines = np.interp(times, instants, mouth(instants))
    error = np.abs(curve - mouth(times)).max()
    assert error < 0.03
    assert error < np.abs(lines - mouth(times)).max() / 2


def test_interpolation_has_no_kinks() -> None:
    values = np.array([[0], [1], [0], [2], [2]], dtype=np.float32)
    step = 1e-4
    for knot in (1, 2, 3):
        around = interpolate(values, knot / 50 + np.array([-step, 0, step]))[:, 0]
        left, right = np.diff(around) / step
        assert abs(left - right) < 3.0  # slopes are of the order of 50; a polyline jumps by 100


def test_interpolation_is_clamped_outside() -> None:
    motion = np.array([[1.0], [5.0], [2.0]], dtype=np.float32)
    values = interpolate(motion, np.array([-10.0, -1e-9, 0.04, 0.0400001, 99.0]))
    np.testing.assert_allclose(values[:, 0], [1, 1, 2, 2, 2], atol=1e-3)


def test_interpolation_of_one_and_two_instants() -> None:
    one = interpolate(np.array([[7.0]], dtype=np.float32), np.array([0.0, 0.5]))
    assert one.tolist() == [[7.0], [7.0]]
    two = interpolate(np.array([[0.0], [1.0]], dtype=np.float32), np.array([0.0, 0.01, 0.02]))
    np.testing.assert_allclose(two[:, 0], [0, 0.5, 1], atol=1e-6)


def test_interpolation_order_of_times_does_not_matter(rng: np.random.Generator) -> None:
    motion = rng.standard_normal((30, 2)).astype(np.float32)
    times = rng.uniform(0, 0.58, 25)
    forward = interpolate(motion, times)
    assert interpolate(motion, times[::-1])[::-1].tolist() == forward.tolist()
    assert interpolate(motion, np.empty(0)).shape == (0, 2)


@pytest.mark.parametrize("shape", [(0, 3), (5,)])
def test_interpolation_refuses_what_is_not_motion(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="Motion must be"):
        interpolate(np.zeros(shape, dtype=np.float32), np.array([0.0]))


def test_interpolation_refuses_nan_times() -> None:
    with pytest.raises(ValueError, match="finite"):
        interpolate(np.zeros((3, 1), dtype=np.float32), np.array([0.0, np.nan]))
